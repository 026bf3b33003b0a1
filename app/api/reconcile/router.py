"""The endpoints of the reconciliation service."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy import Connection

from app.api.companies.queries import one_company
from app.api.reconcile.extension import extend, propose
from app.api.reconcile.extension_schemas import Extension, PropertyProposal
from app.api.reconcile.forms import one_of, read_batch, read_extension, read_form, receive_form
from app.api.reconcile.manifest import DRAFT, DraftManifest, ReconciliationManifest, draft_manifest, manifest
from app.api.reconcile.parameters import (
    NoParameters,
    PreviewParameters,
    ProposeParameters,
    ReconcileParameters,
    form_documentation,
)
from app.api.reconcile.preview import POLICY, PageStamp, preview_page
from app.api.reconcile.schemas import ResultBatch, as_json
from app.api.reconcile.suggestions import (
    EntitySuggestions,
    PropertySuggestions,
    ReconcileSuggestParameters,
    TypeSuggestions,
    suggest_entities,
    suggest_properties,
    suggest_types,
)
from app.database.database import Database
from app.errors.reading import NotFound
from app.http.conditional import Stamp
from app.http.dependencies import DatabaseDependency
from app.http.negotiation import ONE_FORMAT, Format, negotiate
from app.http.openapi import one_responses
from app.http.responses import respond
from app.http.root_path import root_path_of

router = APIRouter(prefix="/reconcile", tags=["reconciliation"])

QueryT = TypeVar("QueryT", ReconcileSuggestParameters, ProposeParameters)

_MANIFEST = Stamp("manifest", 0)
"""The manifest is the same for every database and revision."""
_HTML = {"content": {"text/html": {"schema": {"type": "string", "maxLength": 100_000}}}}
POST_RESPONSES = {status: entry for status, entry in one_responses().items() if status != 304}


@router.get(
    "",
    operation_id="get_reconciliation",
    summary="Read the manifest, match names or fetch values",
    response_model=ReconciliationManifest | DraftManifest | ResultBatch | Extension,
    responses=one_responses(),
)
async def get_reconciliation(
    request: Request, database: DatabaseDependency, parameters: Annotated[ReconcileParameters, Query()]
) -> Response:
    """Without parameters: the service manifest of the W3C Reconciliation Service API 0.2 and the draft of 1.0.

    With `queries` or `extend`: the result of that query. A URL has room for a few dozen names; POST accepts a thousand.
    """
    negotiate(request, None, ONE_FORMAT)
    given = parameters.given()
    if not given:
        describe = draft_manifest if parameters.version == DRAFT else manifest
        return respond(request, as_json(describe(str(request.base_url).rstrip("/"))), _MANIFEST, Format.JSON)
    result, stamp = await database.scan(_query, *one_of(given, len(given)))
    return respond(request, result, stamp, Format.JSON)


@router.post(
    "",
    operation_id="reconcile",
    summary="Match names or fetch values",
    response_model=ResultBatch | Extension,
    responses=POST_RESPONSES,
    openapi_extra=form_documentation(),
)
async def post_reconciliation(
    request: Request,
    database: DatabaseDependency,
    parameters: Annotated[NoParameters, Query()],  # noqa: ARG001
) -> Response:
    """Candidates for a batch of up to 1,000 names, or property values of up to 1,000 companies.

    Each candidate has a score from 0 to 100 and the features that it was computed from. `match` is true only if the score is
    high, no given value contradicts the candidate and no other company comes close.
    """
    return await respond_to_post(request, database, receive_form, _read_form_and_query)


@router.get(
    "/preview",
    operation_id="preview_company",
    summary="Preview a company",
    response_class=Response,
    responses={**one_responses(NotFound), 200: {"description": "A small HTML page.", **_HTML}},
)
async def get_preview(
    request: Request, database: DatabaseDependency, parameters: Annotated[PreviewParameters, Query()]
) -> Response:
    """A small HTML page about a company, which any site may show in a frame. It contains no scripts and no forms."""
    document, stamp = await database.read(one_company, parameters.id)
    page = preview_page(document, root_path_of(request.scope))
    response = respond(request, page, PageStamp(stamp.dataset, stamp.revision, stamp.newest), Format.JSON)
    response.headers["Content-Security-Policy"] = POLICY
    if response.status_code == 200:
        response.headers["Content-Type"] = "text/html; charset=utf-8"
    return response


def _add_suggestions(
    path: str,
    summary: str,
    description: str,
    model: type[BaseModel],
    read: Callable[[Connection, ReconcileSuggestParameters], tuple[BaseModel, Stamp]],
) -> None:
    @router.get(
        path,
        operation_id=read.__name__,
        summary=summary,
        description=description,
        response_model=model,
        responses=one_responses(),
    )
    async def get_suggestions(
        request: Request, database: DatabaseDependency, parameters: Annotated[ReconcileSuggestParameters, Query()]
    ) -> Response:
        return await _respond(request, database, read, parameters)


_COMPANIES = "Companies of which a name or the slug starts with `prefix`, for the search box of a client."
_PROPERTIES = "Properties of companies that a client can fetch or match by."
_add_suggestions("/suggest/entity", "Suggest companies to match", _COMPANIES, EntitySuggestions, suggest_entities)
_add_suggestions("/suggest/type", "Suggest types", "The entity types. The only one is `company`.", TypeSuggestions, suggest_types)
_add_suggestions("/suggest/property", "Suggest properties", _PROPERTIES, PropertySuggestions, suggest_properties)


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
    """Every property of the companies in this database; none for an unknown type."""
    return await _respond(request, database, propose, parameters)


def _read_form_and_query(connection: Connection, form: bytes) -> tuple[bytes, Stamp]:
    return _query(connection, *read_form(form))


def _query(connection: Connection, field: str, text: str) -> tuple[bytes, Stamp]:
    if field == "queries":
        from app.api.reconcile.matching import reconcile  # noqa: PLC0415 - its libraries take memory that few servers need

        return reconcile(connection, read_batch(text))
    extension, stamp = extend(connection, read_extension(text))
    return as_json(extension), stamp


async def respond_to_post(
    request: Request,
    database: Database,
    receive: Callable[[Request], Awaitable[bytes]],
    read: Callable[[Connection, bytes], tuple[bytes, Stamp]],
) -> Response:
    """The response to a query in a body, which nobody stores."""
    negotiate(request, None, ONE_FORMAT)
    result, _ = await database.scan(read, await receive(request))
    return Response(result, media_type="application/json", headers={"Cache-Control": "no-store"})


async def _respond(
    request: Request,
    database: Database,
    read: Callable[[Connection, QueryT], tuple[BaseModel, Stamp]],
    parameters: QueryT,
) -> Response:
    format = negotiate(request, None, ONE_FORMAT)
    result, stamp = await database.scan(read, parameters)
    return respond(request, as_json(result), stamp, format)
