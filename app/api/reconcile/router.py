"""The addresses of the reconciliation service."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy import Connection

from app.api.companies.queries import one_company
from app.api.reconcile.extension import extend, propose
from app.api.reconcile.extension_schemas import Extension, PropertyProposal
from app.api.reconcile.forms import one_of, read_batch, read_extension, read_form
from app.api.reconcile.manifest import Manifest, manifest
from app.api.reconcile.matching import reconcile
from app.api.reconcile.parameters import (
    NoParameters,
    PreviewParameters,
    ProposeParameters,
    ReconcileParameters,
    form_documentation,
)
from app.api.reconcile.preview import POLICY, PageStamp, preview_page
from app.api.reconcile.schemas import ResultBatch
from app.api.reconcile.suggestions import (
    EntitySuggestions,
    PropertySuggestions,
    SuggestParameters,
    TypeSuggestions,
    suggest_entities,
    suggest_properties,
    suggest_types,
)
from app.database.database import Database
from app.errors.reading import BodyTooLarge, NotFound
from app.errors.writing import RequestTimeout
from app.http.conditional import Stamp
from app.http.dependencies import DatabaseDependency
from app.http.negotiation import ONE_FORMAT, Format, negotiate
from app.http.openapi import one_responses
from app.http.responses import answer

router = APIRouter(prefix="/reconcile", tags=["reconciliation"])

Asked = TypeVar("Asked", SuggestParameters, ProposeParameters)

_MANIFEST = Stamp("manifest", 0)
"""The manifest is the same in every database and revision."""
_HTML = {"content": {"text/html": {"schema": {"type": "string", "maxLength": 100_000}}}}


@router.get(
    "",
    operation_id="get_reconciliation",
    summary="Read the manifest, match names or fetch values",
    response_model=Manifest | ResultBatch | Extension,
    responses=one_responses(),
)
async def get_reconciliation(
    request: Request, database: DatabaseDependency, parameters: Annotated[ReconcileParameters, Query()]
) -> Response:
    """The service manifest of the W3C Reconciliation Service API 0.2; with `queries` or `extend`, the answer to them.

    An address holds some dozens of names. POST takes a thousand.
    """
    negotiate(request, None, ONE_FORMAT)
    given = parameters.given()
    if not given:
        return answer(request, _dump(manifest(str(request.base_url).rstrip("/"))), _MANIFEST, Format.JSON)
    result, stamp = await _ask(database, *one_of(given, len(given)))
    return answer(request, _dump(result), stamp, Format.JSON)


@router.post(
    "",
    operation_id="reconcile",
    summary="Match names or fetch values",
    response_model=ResultBatch | Extension,
    responses={status: entry for status, entry in one_responses(BodyTooLarge, RequestTimeout).items() if status != 304},
    openapi_extra=form_documentation(),
)
async def post_reconciliation(
    request: Request,
    database: DatabaseDependency,
    parameters: Annotated[NoParameters, Query()],  # noqa: ARG001
) -> Response:
    """Candidates for a batch of up to 1,000 names, or property values of up to 1,000 companies.

    Each candidate has a score from 0 to 100 and what it was made of; `match` is true only where it is high, no value
    that was given speaks against it and no other company comes near.
    """
    negotiate(request, None, ONE_FORMAT)
    result, _ = await _ask(database, *await read_form(request))
    return Response(_dump(result), media_type="application/json", headers={"Cache-Control": "no-store"})


@router.get(
    "/preview",
    operation_id="preview_company",
    summary="Preview a company",
    response_class=Response,
    responses={**one_responses(NotFound), 200: {"description": "A small page for a frame.", **_HTML}},
)
async def get_preview(
    request: Request, database: DatabaseDependency, parameters: Annotated[PreviewParameters, Query()]
) -> Response:
    """A small HTML page about a company, which any site may show in a frame. It has no script and no form."""
    document, stamp = await database.read(one_company, parameters.id)
    response = answer(request, preview_page(document), PageStamp(stamp.dataset, stamp.revision, stamp.newest), Format.JSON)
    response.headers["Content-Security-Policy"] = POLICY
    if response.status_code == 200:
        response.headers["Content-Type"] = "text/html; charset=utf-8"
    return response


@router.get(
    "/suggest/entity",
    operation_id="suggest_entities",
    summary="Suggest companies to match",
    response_model=EntitySuggestions,
    responses=one_responses(),
)
async def get_entity_suggestions(
    request: Request, database: DatabaseDependency, parameters: Annotated[SuggestParameters, Query()]
) -> Response:
    """Companies of which a name or the slug begins so, for a client's search box."""
    return await _answer(request, database, suggest_entities, parameters)


@router.get(
    "/suggest/type",
    operation_id="suggest_types",
    summary="Suggest types",
    response_model=TypeSuggestions,
    responses=one_responses(),
)
async def get_type_suggestions(
    request: Request, database: DatabaseDependency, parameters: Annotated[SuggestParameters, Query()]
) -> Response:
    """The types of entities. There is one: companies."""
    return await _answer(request, database, suggest_types, parameters)


@router.get(
    "/suggest/property",
    operation_id="suggest_properties",
    summary="Suggest properties",
    response_model=PropertySuggestions,
    responses=one_responses(),
)
async def get_property_suggestions(
    request: Request, database: DatabaseDependency, parameters: Annotated[SuggestParameters, Query()]
) -> Response:
    """Properties of companies to fetch, or to match by."""
    return await _answer(request, database, suggest_properties, parameters)


@router.get(
    "/extend/propose",
    operation_id="propose_properties",
    summary="Propose properties to fetch",
    response_model=PropertyProposal,
    responses=one_responses(),
)
async def get_proposal(
    request: Request, database: DatabaseDependency, parameters: Annotated[ProposeParameters, Query()]
) -> Response:
    """Every property that companies of this database have; none for a type that there is not."""
    return await _answer(request, database, propose, parameters)


async def _ask(database: Database, field: str, text: str) -> tuple[BaseModel, Stamp]:
    if field == "queries":
        return await database.scan(reconcile, read_batch(text))
    return await database.scan(extend, read_extension(text))


async def _answer(
    request: Request, database: Database, read: Callable[[Connection, Asked], tuple[BaseModel, Stamp]], parameters: Asked
) -> Response:
    format = negotiate(request, None, ONE_FORMAT)
    result, stamp = await database.scan(read, parameters)
    return answer(request, _dump(result), stamp, format)


def _dump(result: BaseModel) -> bytes:
    """JSON without nulls: the specification's optional fields are there or not."""
    return result.model_dump_json(by_alias=True, exclude_none=True).encode()
