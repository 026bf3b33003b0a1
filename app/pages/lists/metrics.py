"""The page of a metric: its values of all companies, and the page that lists all metrics."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import Connection, select

from app.api.facts.metrics.queries import list_metrics
from app.api.stats.queries import read_metric_keywords
from app.database.models import Company
from app.database.models import Metric as MetricTable
from app.errors.reading import NotFound
from app.http.dependencies import DatabaseDependency
from app.http.lists.listing import read_listing
from app.http.lists.pages import Page
from app.http.responses import url_of
from app.pages.citations import Endnotes
from app.pages.layout import LIST_STYLES, data_page
from app.pages.lists.parameters import MetricPageParameters
from app.pages.parameters import PageParameters
from app.pages.queries import cited_sources
from app.records.metric import Metric
from app.records.source import Source
from app.values.text import SEGMENT_PATTERN, nearest

router = APIRouter(include_in_schema=False)

MetricPath = Annotated[str, Path(min_length=1, max_length=60, pattern=SEGMENT_PATTERN)]


@dataclass(frozen=True)
class MetricRead:
    """A page of values, the names of their companies by slug, and the sources that they cite."""

    page: Page
    metrics: list[Metric]
    names: dict[str, str]
    sources: list[Source]


def read_metric_page(connection: Connection, metric: str, parameters: MetricPageParameters) -> MetricRead:
    """The values of a metric. Raises NotFound, which suggests the most similar one."""
    wanted = parameters.of_metric(metric)
    page = read_listing(connection, list_metrics(wanted), wanted, "/v1/metrics")
    if not page.lines and parameters.cursor is None:
        near = nearest(metric, connection.scalars(select(MetricTable.metric).distinct()).all())
        raise NotFound(f"No company has a metric {metric!r}.", suggestions=[f"/metrics/{near}" if near else "/metrics"])
    metrics = [Metric.model_validate_json(document) for document in page.documents]
    companies = select(Company.slug, Company.name).where(Company.slug.in_({one.company for one in metrics}))
    names = {row.slug: row.name for row in connection.execute(companies)}
    return MetricRead(page, metrics, names, cited_sources(connection, metrics))


@router.get("/metrics/{metric}")
async def get_metric_page(
    request: Request, database: DatabaseDependency, metric: MetricPath, parameters: Annotated[MetricPageParameters, Query()]
) -> Response:
    """The values of one metric across companies."""
    return _page(request, metric, await database.scan(read_metric_page, metric, parameters), parameters)


def _page(request: Request, metric: str, found: MetricRead, parameters: MetricPageParameters) -> Response:
    path = f"/metrics/{metric}"
    name = found.metrics[0].name if found.metrics else metric.replace("_", " ")
    return data_page(
        request,
        "metric.html",
        f"{name} across companies",
        found.page.stamp,
        styles=LIST_STYLES,
        description=f"{name}: what sources state of all companies.",
        json_url=url_of("/v1/metrics", [("metric", metric), ("sort", parameters.of_metric(metric).sort)]),
        parameters=parameters,
        found=found,
        name=name,
        path_of_metric=path,
        endnotes=Endnotes(found.sources),
        next_url=parameters.url(path, cursor=found.page.next_cursor) if found.page.next_cursor else None,
    )


@router.get("/metrics")
async def get_metrics_page(
    request: Request, database: DatabaseDependency, parameters: Annotated[PageParameters, Query()]
) -> Response:
    """What is measured, and how often."""
    del parameters  # those that a shared link has in addition are ignored
    keywords, stamp = await database.scan(read_metric_keywords)
    return data_page(
        request,
        "metrics.html",
        "Metrics",
        stamp,
        styles=LIST_STYLES,
        description="What is measured of companies, and how many values there are.",
        json_url="/v1/stats",
        metrics=keywords,
    )
