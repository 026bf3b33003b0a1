"""Query parameters of lists of metrics."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.facts.parameters import FactParameters, FactsAcrossParameters
from app.http.lists.parameters import several, sort_by
from app.records.metric import Qualifier
from app.values.numbers import Number
from app.values.text import Keyword
from app.values.units import Unit


class MetricFilters(FactParameters):
    """Filters of both lists of metrics."""

    metric: Annotated[list[Keyword], several("Only these metrics.", "revenue")] = []
    unit: Annotated[list[Unit], several("Only values in one of these units.", "CNY")] = []
    qualifier: Annotated[list[Qualifier], several("Only values with one of these qualifiers.", "more_than", most=6)] = []
    minimum: Annotated[
        Number | None, Field(description="Only values greater than or equal to this number.", examples=[1000000])
    ] = None
    maximum: Annotated[
        Number | None, Field(description="Only values less than or equal to this number.", examples=[1000000000])
    ] = None

    @model_validator(mode="after")
    def _minimum_first(self) -> Self:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise PydanticCustomError("empty_range", "minimum is greater than maximum", {"field": "minimum"})
        return self


class CompanyMetricsParameters(MetricFilters):
    """Filters for one company's metrics."""

    restated: Annotated[
        bool | None,
        Field(
            description="false: without values for which a source published later states another one, so the value filed last."
            " true: only these values.",
            examples=[False],
        ),
    ] = None
    growth: Annotated[
        bool,
        Field(
            description="Add the growth of each item since the same period one year earlier, as `derived`. JSON only.",
            examples=[True],
        ),
    ] = False
    sort: Annotated[str, sort_by("metric", "period", "value", "slug")] = "metric,period"

    @model_validator(mode="after")
    def _growth_is_json(self) -> Self:
        if self.growth and self.format not in (None, "json"):
            raise PydanticCustomError(
                "growth_is_json", "growth comes as JSON only; leave growth out, or write format=json", {"field": "growth"}
            )
        return self


class MetricsParameters(MetricFilters, FactsAcrossParameters):
    """Filters for metrics across companies."""

    sort: Annotated[str, sort_by("metric", "period", "value", "company", "slug")] = "metric,period"
