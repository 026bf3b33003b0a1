"""Endpoints of metrics."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from app.api.facts.metrics.growth import respond_with_growth
from app.api.facts.metrics.parameters import CompanyMetricsParameters, MetricsParameters
from app.api.facts.metrics.queries import list_metrics
from app.api.facts.router import add_fact_endpoint
from app.errors.reading import NotFound
from app.http.dependencies import CompanyPath, DatabaseDependency
from app.http.lists.listing import PageLinks, respond_list
from app.http.openapi import list_responses
from app.records.metric import Growth, Metric

router = APIRouter(prefix="/v1", tags=["metrics"])


class MetricPage(PageLinks):
    """A page of metrics."""

    items: Annotated[list[Metric], Field(max_length=200)]


class CompanyMetricPage(MetricPage):
    """A page of one company's metrics."""

    derived: Annotated[list[Growth], Field(max_length=200, description="Growth of the items of the page, if `growth=true`.")] = []


@router.get(
    "/metrics", operation_id="list_metrics", summary="List metrics", response_model=MetricPage, responses=list_responses()
)
async def get_metrics(
    request: Request, database: DatabaseDependency, parameters: Annotated[MetricsParameters, Query()]
) -> Response:
    """Metrics of all companies, or of those that you filter for.

    Before you compare two values, check `unit`, `period`, `qualifier` and `scope`: `more_than` is a lower bound, and a null
    period means that the source states none. `from` and `to` filter by period.
    """
    return await respond_list(request, await database.as_of(parameters.as_of), list_metrics(parameters), parameters)


@router.get(
    "/companies/{company}/metrics",
    operation_id="list_company_metrics",
    summary="List a company's metrics",
    response_model=CompanyMetricPage,
    responses=list_responses(NotFound),
)
async def get_company_metrics(
    request: Request,
    company: CompanyPath,
    database: DatabaseDependency,
    parameters: Annotated[CompanyMetricsParameters, Query()],
) -> Response:
    """One company's metrics, by metric and then by period, those without a period last: `metric=revenue` is ready to plot.

    `growth=true` adds the growth of each item since the same period of the year before, if the sources state both values
    exactly and in the same unit and scope. Growth is listed under `derived` and names the two facts that it comes from.
    """
    listing = list_metrics(parameters, company)
    if parameters.growth:
        return await respond_with_growth(request, await database.as_of(parameters.as_of), listing, parameters, company)
    return await respond_list(request, await database.as_of(parameters.as_of), listing, parameters)


add_fact_endpoint(router, "metric", Metric)
