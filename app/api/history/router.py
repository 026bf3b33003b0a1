"""The addresses of histories."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.history.parameters import HistoryParameters
from app.api.history.queries import Resource, read_history
from app.api.history.schemas import History
from app.database.database import Database
from app.errors.reading import InvalidCursor, NotFound
from app.http.dependencies import CompanyPath, DatabaseDependency, MetricPath, MilestonePath, ProductPath, SourcePath
from app.http.negotiation import ONE_FORMAT, negotiate
from app.http.openapi import one_responses
from app.http.responses import answer

router = APIRouter(prefix="/v1")

HistoryQuery = Annotated[HistoryParameters, Query()]


@router.get(
    "/companies/{company}/history",
    operation_id="get_company_history",
    summary="Get the history of a company",
    tags=["companies"],
    response_model=History,
    responses=one_responses(NotFound, InvalidCursor),
)
async def get_company_history(
    request: Request, company: CompanyPath, database: DatabaseDependency, parameters: HistoryQuery
) -> Response:
    """Every revision of the company, the newest first: who changed which field, when and why. It stays after a deletion."""
    return await _answer(request, database, Resource("company", company), parameters)


@router.get(
    "/sources/{source}/history",
    operation_id="get_source_history",
    summary="Get the history of a source",
    tags=["sources"],
    response_model=History,
    responses=one_responses(NotFound, InvalidCursor),
)
async def get_source_history(
    request: Request, source: SourcePath, database: DatabaseDependency, parameters: HistoryQuery
) -> Response:
    """Every revision of the source, the newest first: who changed which field, when and why. It stays after a deletion."""
    return await _answer(request, database, Resource("source", source), parameters)


@router.get(
    "/companies/{company}/milestones/{slug}/history",
    operation_id="get_milestone_history",
    summary="Get the history of a milestone",
    tags=["milestones"],
    response_model=History,
    responses=one_responses(NotFound, InvalidCursor),
)
async def get_milestone_history(
    request: Request, company: CompanyPath, slug: MilestonePath, database: DatabaseDependency, parameters: HistoryQuery
) -> Response:
    """Every revision of the milestone, the newest first: who changed which field, when and why. It stays after a deletion."""
    return await _answer(request, database, Resource("milestone", slug, company), parameters)


@router.get(
    "/companies/{company}/products/{slug}/history",
    operation_id="get_product_history",
    summary="Get the history of a product",
    tags=["products"],
    response_model=History,
    responses=one_responses(NotFound, InvalidCursor),
)
async def get_product_history(
    request: Request, company: CompanyPath, slug: ProductPath, database: DatabaseDependency, parameters: HistoryQuery
) -> Response:
    """Every revision of the product, the newest first: who changed which field, when and why. It stays after a deletion."""
    return await _answer(request, database, Resource("product", slug, company), parameters)


@router.get(
    "/companies/{company}/metrics/{slug}/history",
    operation_id="get_metric_history",
    summary="Get the history of a metric",
    tags=["metrics"],
    response_model=History,
    responses=one_responses(NotFound, InvalidCursor),
)
async def get_metric_history(
    request: Request, company: CompanyPath, slug: MetricPath, database: DatabaseDependency, parameters: HistoryQuery
) -> Response:
    """Every revision of the metric, the newest first: who changed which field, when and why. It stays after a deletion."""
    return await _answer(request, database, Resource("metric", slug, company), parameters)


async def _answer(request: Request, database: Database, resource: Resource, parameters: HistoryParameters) -> Response:
    format = negotiate(request, parameters.format, ONE_FORMAT)
    history, stamp = await database.scan(read_history, resource, parameters, request.url.path)
    return answer(request, history.model_dump_json().encode(), stamp, format)
