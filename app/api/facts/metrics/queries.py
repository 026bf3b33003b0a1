"""The SQL of metrics."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import ColumnElement, literal

from app.api.facts.filters import FactParameters, FactsAcrossParameters
from app.api.facts.queries import list_facts
from app.database.column_types import ExactDecimal, numeric_order
from app.database.models import Metric
from app.http.lists.listing import Listing
from app.http.lists.sorting import by_date, by_number, by_text
from app.http.parameters import sort_documentation, sortable
from app.records.metric import Metric as MetricDocument
from app.records.metric import Qualifier, Unit
from app.values.numbers import Number
from app.values.text import Keyword

COLUMNS = (
    "metric", "name", "value", "unit", "qualifier", "stated_as", "scope",
    "period.edtf", "period.text", "period.earliest", "period.latest",
    "equivalent.value", "equivalent.unit", "equivalent.stated_as", "equivalent.implied_rate",
)  # fmt: skip


class MetricFilters(FactParameters):
    """Filters that both lists of metrics take."""

    metric: Annotated[list[Keyword], Field(max_length=20, description="Only these metrics.", examples=[["revenue"]])] = []
    unit: Annotated[list[Unit], Field(max_length=20, description="Only values in one of these units.", examples=[["CNY"]])] = []
    qualifier: Annotated[
        list[Qualifier], Field(max_length=6, description="Only values so qualified.", examples=[["more_than"]])
    ] = []
    minimum: Annotated[Number | None, Field(description="Only values of at least this number.", examples=[1000000])] = None
    maximum: Annotated[Number | None, Field(description="Only values of at most this number.", examples=[1000000000])] = None

    @model_validator(mode="after")
    def _minimum_first(self) -> Self:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise PydanticCustomError("empty_range", "minimum is greater than maximum", {"field": "minimum"})
        return self


class CompanyMetricsParameters(MetricFilters):
    """Filters of one company's metrics."""

    growth: Annotated[
        bool,
        Field(
            description="Compute the growth to each item from the same period a year before, as `derived`. JSON only.",
            examples=[True],
        ),
    ] = False
    sort: Annotated[
        str, sortable("metric", "period", "value", "slug"), sort_documentation("metric", "period", "value", "slug")
    ] = "metric,period"

    @model_validator(mode="after")
    def _growth_is_json(self) -> Self:
        if self.growth and self.format not in (None, "json"):
            raise PydanticCustomError(
                "growth_is_json", "growth comes as JSON only; leave growth out, or write format=json", {"field": "growth"}
            )
        return self


class MetricsParameters(MetricFilters, FactsAcrossParameters):
    """Filters of metrics across companies."""

    sort: Annotated[
        str,
        sortable("metric", "period", "value", "company", "slug"),
        sort_documentation("metric", "period", "value", "company", "slug"),
    ] = "metric,period"


def list_metrics(parameters: CompanyMetricsParameters | MetricsParameters, company: str | None = None) -> Listing:
    conditions: list[ColumnElement[bool]] = []
    for column, values in (
        (Metric.metric, parameters.metric),
        (Metric.unit, parameters.unit),
        (Metric.qualifier, parameters.qualifier),
    ):
        conditions += [column.in_(values)] if values else []
    if parameters.minimum is not None:
        conditions.append(numeric_order(Metric.value) >= numeric_order(literal(parameters.minimum, ExactDecimal)))
    if parameters.maximum is not None:
        conditions.append(numeric_order(Metric.value) <= numeric_order(literal(parameters.maximum, ExactDecimal)))
    sort_keys = {
        "metric": by_text(Metric.metric),
        "period": by_date(Metric.earliest, Metric.latest),
        "value": by_number(Metric.value),
    }
    return list_facts(
        Metric, parameters, *conditions, sort_keys=sort_keys, model=MetricDocument, columns=COLUMNS, company=company
    )
