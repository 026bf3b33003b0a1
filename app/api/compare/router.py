"""Endpoint of comparisons."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.compare.matrix import read_comparison
from app.api.compare.parameters import CompareParameters
from app.api.compare.schemas import Comparison
from app.api.compare.table import columns_of, rows_of
from app.errors.reading import NotFound
from app.http.dependencies import DatabaseDependency
from app.http.lists.tables import Table, negotiate_list, respond_page
from app.http.negotiation import Format
from app.http.openapi import TABLES, one_responses
from app.http.responses import respond

router = APIRouter(prefix="/v1/compare", tags=["comparison"])

_FORMATS = (Format.JSON, Format.CSV, Format.XLSX)


@router.get(
    "",
    operation_id="get_comparison",
    summary="Compare companies",
    response_model=Comparison,
    responses=one_responses(NotFound, other_formats=TABLES),
)
async def get_comparison(
    request: Request, database: DatabaseDependency, parameters: Annotated[CompareParameters, Query()]
) -> Response:
    """Metrics of several companies side by side, with products by category and milestones by year.

    Values share a row if unit, scope and period are the same. Other values of a metric are paired as closely as possible, and
    `reasons` says why they are not comparable. `ratio` and `difference` are given only for comparable values.
    """
    format = negotiate_list(request, parameters, _FORMATS)
    past_or_present = await database.as_of(parameters.as_of)
    comparison, stamp = await past_or_present.scan(read_comparison, parameters.companies.split(","), parameters.metric)
    if format is Format.JSON:
        return respond(request, comparison.model_dump_json().encode(), stamp, format)
    table = Table("compare", columns_of(comparison), None, parameters)
    return respond_page(request, rows_of(comparison), stamp, format, table)
