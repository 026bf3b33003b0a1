"""Search results and suggestions, as the API serves them."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.http.lists.listing import NextPage, Total
from app.records.fact import Citation
from app.values.resources import Kind
from app.values.text import ResourceUrl, Slug

HIT_KINDS: tuple[Kind, ...] = ("company", "product", "milestone", "metric", "source")
"""In the order of hits that rank equally."""

Offset = Annotated[int, Field(ge=0, le=20_000)]


class TextSpan(BaseModel):
    """Characters of a text, counted in Unicode code points from 0, end excluded."""

    start: Annotated[Offset, Field(examples=[0])]
    end: Annotated[Offset, Field(examples=[5])]


class SearchMatch(BaseModel):
    """Where the query matched: the most telling field, and the spans in its text."""

    field: Annotated[str, Field(max_length=60, description="Name of the field that matched.", examples=["name"])]
    text: Annotated[
        str, Field(max_length=400, description="Its text, cut around the first match if it is long.", examples=["Baidu"])
    ]
    spans: Annotated[list[TextSpan], Field(max_length=100, description="What matched in that text.")]
    marked: Annotated[
        str,
        Field(
            max_length=4000,
            description="The text as HTML, escaped, with what matched in `<mark>`.",
            examples=["<mark>Baidu</mark>"],
        ),
    ]


class SearchHit(BaseModel):
    """A resource that matches, where it matches, and its citations."""

    kind: Kind
    url: Annotated[ResourceUrl, Field(examples=["/v1/companies/baidu"])]
    title: Annotated[str, Field(max_length=300, description="Title or name of the resource.", examples=["Baidu"])]
    company: Annotated[
        Slug | None, Field(description="Slug of the company that it is or belongs to; null for a source.", examples=["baidu"])
    ]
    match: SearchMatch
    citations: Annotated[list[Citation], Field(max_length=50, description="The citations of a company or fact.")]


class SearchPage(BaseModel):
    """A page of hits, the best first."""

    items: Annotated[list[SearchHit], Field(max_length=200)]
    next: NextPage
    total: Total = None
    corrected: Annotated[
        str | None,
        Field(
            max_length=4000,
            description="The corrected query, which was searched too; null if every word is in a name or title.",
            examples=["kuaishou"],
        ),
    ]
    note: Annotated[
        str | None,
        Field(
            max_length=300, description="Why there is nothing to search for.", examples=["The query has no letters or digits."]
        ),
    ]


class Suggestion(BaseModel):
    """A company whose name or slug starts with the text, or is spelt similarly."""

    company: Annotated[Slug, Field(examples=["baidu"])]
    url: Annotated[ResourceUrl, Field(examples=["/v1/companies/baidu"])]
    name: Annotated[str, Field(max_length=300, description="The company's name.", examples=["Baidu"])]
    matched: Annotated[str, Field(max_length=300, description="The name or slug that matches.", examples=["Baidu"])]
    similar: Annotated[bool, Field(description="Whether it is only a similar spelling.", examples=[False])]


class Suggestions(BaseModel):
    """At most ten suggestions, the nearest first."""

    items: Annotated[list[Suggestion], Field(max_length=10)]
