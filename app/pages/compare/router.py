"""The page of a comparison: a form that names companies, and their values side by side."""

from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import AfterValidator, BaseModel, Field

from app.api.compare.schemas import MOST_COMPANIES, MetricRow
from app.http.dependencies import DatabaseDependency
from app.http.responses import url_of
from app.pages.citations import Endnotes
from app.pages.compare.reading import MOST_ROWS, ComparisonRead, read_comparison_page
from app.pages.layout import LIST_STYLES, data_page
from app.values.text import Keyword, Printable

router = APIRouter(include_in_schema=False)

_FEWEST_FIELDS = 3


def _without_empty(texts: list[str]) -> list[str]:
    """What was written into the form: its other fields are sent empty."""
    return list(dict.fromkeys(text.strip() for text in texts if text.strip()))


class ComparePageParameters(BaseModel):
    """Companies by name or slug, and which of their metrics. Unknown parameters are ignored."""

    companies: Annotated[
        list[Annotated[Printable, Field(max_length=300)]], Field(max_length=MOST_COMPANIES + 2), AfterValidator(_without_empty)
    ] = []
    metric: Annotated[list[Keyword], Field(max_length=20)] = []


@router.get("/compare")
async def get_comparison_page(
    request: Request, database: DatabaseDependency, parameters: Annotated[ComparePageParameters, Query()]
) -> Response:
    """Companies side by side, or a form that asks for them."""
    return _page(request, await database.scan(read_comparison_page, parameters.companies, parameters.metric), parameters)


def _page(request: Request, found: ComparisonRead, parameters: ComparePageParameters) -> Response:
    names = [company.name for company in found.comparison.companies] if found.comparison else parameters.companies
    empty = max(_FEWEST_FIELDS - len(names), 1) if len(names) < MOST_COMPANIES else 0
    return data_page(
        request,
        "compare.html",
        " and ".join(names) if found.comparison and len(names) < 4 else "Compare companies",
        found.stamp,
        styles=LIST_STYLES,
        description="Values of several companies side by side, with what makes them comparable or not.",
        json_url=_json_url(found, parameters) if found.comparison else None,
        parameters=parameters,
        found=found,
        groups=_groups(found.rows),
        fields=[*names, *[""] * empty],
        endnotes=Endnotes(found.sources),
        orders=_orders(found, parameters),
        most_rows=MOST_ROWS,
    )


def _json_url(found: ComparisonRead, parameters: ComparePageParameters) -> str:
    return url_of("/v1/compare", [("companies", ",".join(found.chosen)), *(("metric", metric) for metric in parameters.metric)])


def _orders(found: ComparisonRead, parameters: ComparePageParameters) -> dict[str, str]:
    """For each company the address of the comparison in which it is the first, so the one that others are set against."""
    metrics = [("metric", metric) for metric in parameters.metric]
    return {
        first: url_of(
            "/compare", [*(("companies", slug) for slug in [first, *(s for s in found.chosen if s != first)]), *metrics]
        )
        for first in found.chosen[1:]
    }


def _groups(rows: list[MetricRow]) -> list[tuple[str, list[MetricRow]]]:
    """The rows of each metric, under the name that the first company gives it. Those that several companies have come first."""
    groups = [list(of_metric) for _, of_metric in groupby(rows, lambda row: row.metric)]
    groups.sort(key=_companies_with, reverse=True)
    return [(of_metric[0].name, of_metric) for of_metric in groups]


def _companies_with(rows: list[MetricRow]) -> int:
    return len({cell.company for row in rows for cell in row.cells if cell.observation})
