"""Query parameters of the timeline."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.facts.parameters import FactsAcrossParameters
from app.http.lists.parameters import fields_of, several, sort_by
from app.values.resources import FactKind
from app.values.text import Keyword


class TimelineParameters(FactsAcrossParameters):
    """Filters for the timeline. The date is that of the event, the launch or the measured period."""

    kind: Annotated[list[FactKind], several("Only facts of these kinds.", "milestone", "product", most=3)] = []
    category: Annotated[
        list[Keyword],
        several(
            "Only milestones and products of one of these categories. Excludes metrics, which have no category.",
            "founding",
            "launch",
        ),
    ] = []
    group: Annotated[
        Literal["year"] | None,
        Field(description="Group the items of the page, as `groups`. JSON only.", examples=["year"]),
    ] = None
    fields: Annotated[str | None, fields_of("item", "date,title,url")] = None
    sort: Annotated[str, sort_by("date")] = "date"

    @model_validator(mode="after")
    def _groups_are_json(self) -> Self:
        if self.group and self.format not in (None, "json"):
            raise PydanticCustomError(
                "groups_are_json", "groups come as JSON only; leave group out, or write format=json", {"field": "group"}
            )
        return self

    @model_validator(mode="after")
    def _category_of_something(self) -> Self:
        if self.category and set(self.kind) == {"metric"}:
            raise PydanticCustomError(
                "no_category",
                "metrics have no category; leave category out, or ask for kind=milestone or kind=product",
                {"field": "category"},
            )
        return self
