"""Endpoints of histories."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.api.history.parameters import HistoryParameters
from app.api.history.queries import Resource, read_history
from app.api.history.schemas import HistoryPage
from app.database.database import Database
from app.errors.reading import InvalidCursor, NotFound
from app.http.dependencies import FACT_SLUGS, CompanyPath, DatabaseDependency, SourcePath
from app.http.negotiation import ONE_FORMAT, negotiate
from app.http.openapi import one_responses
from app.http.responses import respond
from app.values.resources import FACT_KINDS, PLURALS, FactKind, Kind

router = APIRouter(prefix="/v1")

HistoryQuery = Annotated[HistoryParameters, Query()]


def _documentation(kind: Kind) -> dict[str, Any]:
    """How OpenAPI describes the history of a kind of resource."""
    return {
        "operation_id": f"get_{kind}_history",
        "summary": f"Get the history of a {kind}",
        "description": f"Every revision of the {kind}, the newest first: who changed which field, when and why."
        " It stays after a deletion.",
        "tags": [PLURALS[kind]],
        "response_model": HistoryPage,
        "responses": one_responses(NotFound, InvalidCursor),
    }


@router.get("/companies/{company}/history", **_documentation("company"))
async def get_company_history(
    request: Request, company: CompanyPath, database: DatabaseDependency, parameters: HistoryQuery
) -> Response:
    return await _answer(request, database, Resource("company", company), parameters)


@router.get("/sources/{source}/history", **_documentation("source"))
async def get_source_history(
    request: Request, source: SourcePath, database: DatabaseDependency, parameters: HistoryQuery
) -> Response:
    return await _answer(request, database, Resource("source", source), parameters)


def _add_fact_history(kind: FactKind) -> None:
    @router.get(f"/companies/{{company}}/{PLURALS[kind]}/{{slug}}/history", **_documentation(kind))
    async def get_fact_history(
        request: Request,
        company: CompanyPath,
        slug: Annotated[str, FACT_SLUGS[kind]],
        database: DatabaseDependency,
        parameters: HistoryQuery,
    ) -> Response:
        return await _answer(request, database, Resource(kind, slug, company), parameters)


for _kind in FACT_KINDS:
    _add_fact_history(_kind)


async def _answer(request: Request, database: Database, resource: Resource, parameters: HistoryParameters) -> Response:
    format = negotiate(request, parameters.format, ONE_FORMAT)
    history, stamp = await database.scan(read_history, resource, parameters, request.url.path)
    return respond(request, history.model_dump_json().encode(), stamp, format)
