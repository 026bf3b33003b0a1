"""Query parameters of search and suggestions."""

from typing import Annotated

from pydantic import Field

from app.api.search.schemas import HitKind
from app.http.lists.parameters import DatedListParameters, sort_documentation, sortable
from app.http.parameters import Parameters
from app.values.text import CountryCode, Printable, Slug


class SearchParameters(DatedListParameters):
    """What a search takes. The date is that of each hit: founded, happened, launched, measured, published."""

    q: Annotated[
        Printable,
        Field(
            max_length=1000,
            description='Words to find, each by its beginning; "several in quotation marks" must follow each other.',
            examples=["search engine"],
        ),
    ]
    kind: Annotated[list[HitKind], Field(max_length=5, description="Only hits of these kinds.", examples=[["company"]])] = []
    company: Annotated[
        list[Slug], Field(max_length=20, description="Only these companies and facts about them.", examples=[["baidu"]])
    ] = []
    country: Annotated[
        list[CountryCode],
        Field(max_length=20, description="Only companies of these countries and facts about them.", examples=[["CN"]]),
    ] = []
    fields: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=1000,
            description="The fields that each hit shall hold, separated by commas; all of them unless given.",
            examples=["title,url"],
        ),
    ] = None
    sort: Annotated[str, sortable("rank"), sort_documentation("rank")] = "rank"

    @property
    def is_filtered(self) -> bool:
        """Whether the hits must pass a filter."""
        given = self.kind or self.company or self.country or self.from_ or self.to or self.certain
        return bool(given) or self.dated is not None


class SuggestParameters(Parameters):
    """What suggestions take."""

    q: Annotated[Printable, Field(max_length=300, description="What was typed so far.", examples=["bai"])]
