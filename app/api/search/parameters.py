"""Query parameters of search and suggestions."""

from typing import Annotated

from pydantic import Field

from app.http.lists.parameters import DatedListParameters, fields_of, several, sort_by
from app.http.parameters import Parameters
from app.values.resources import Kind
from app.values.text import CountryCode, Printable, Slug


class SearchParameters(DatedListParameters):
    """Parameters of a search. The date is that of the hit: founded, happened, launched, measured or published."""

    q: Annotated[
        Printable,
        Field(
            max_length=1000,
            description='Words to find, each as a prefix; "words in quotation marks" must be adjacent.',
            examples=["search engine"],
        ),
    ]
    kind: Annotated[list[Kind], several("Only hits of these kinds.", "company", most=5)] = []
    company: Annotated[list[Slug], several("Only these companies and facts about them.", "baidu")] = []
    country: Annotated[list[CountryCode], several("Only companies of these countries and facts about them.", "CN")] = []
    fields: Annotated[str | None, fields_of("hit", "title,url")] = None
    sort: Annotated[str, sort_by("rank")] = "rank"

    @property
    def is_filtered(self) -> bool:
        """Whether the hits must pass a filter."""
        given = self.kind or self.company or self.country or self.from_ or self.to or self.certain
        return bool(given) or self.dated is not None


class SuggestParameters(Parameters):
    """Parameters of suggestions."""

    q: Annotated[Printable, Field(max_length=300, description="The text typed so far.", examples=["bai"])]
