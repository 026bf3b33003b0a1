"""A source, as a dataset records it and as the API serves it."""

import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from app.records.fact import Note, Recorded
from app.values.dates import ISO_DATE, DateRecord, FactDate
from app.values.text import Keyword, LanguageTag, Line, Paragraph, ResourceUrl, Sha256, Slug, WebUrl, require_printable

SourceType = Annotated[
    Keyword, Field(description="article, filing, page, report or dataset … a dataset may add more.", examples=["article"])
]
Length = Annotated[
    int, Field(strict=True, ge=1, le=10_000_000, description="Characters (code points) of the text.", examples=[3693])
]
BodyStart = Annotated[
    int,
    Field(
        strict=True,
        ge=0,
        le=10_000_000,
        description="Character at which paragraph 1 starts, after title and byline.",
        examples=[54],
    ),
]


OriginalUrl = Annotated[
    WebUrl | None,
    Field(
        description="Where it was published; never fetched.",
        examples=["https://example.com/article"],
    ),
]


def _is_a_day(given: object) -> object:
    """Pydantic alone would also take a number of seconds, or a time."""
    if not isinstance(given, str) or not ISO_DATE.fullmatch(given):
        raise ValueError("expected a day, such as 2026-11-24")
    return given


Retrieved = Annotated[
    Annotated[datetime.date, BeforeValidator(_is_a_day)] | None,
    Field(description="Day on which the copy was made.", examples=["2026-11-24"]),
]
Licence = Annotated[
    Line | None,
    Field(description="An SPDX identifier, a URL or words.", examples=["CC-BY-4.0"]),
]
Withdrawn = Annotated[
    bool,
    Field(
        description="Whether its publisher withdrew the text: true removes it and every quote of it, from past states too.",
        examples=[False],
    ),
]
SourceText = Annotated[str, Field(min_length=1, max_length=10_000_000), AfterValidator(require_printable)]


class SourceRecord(BaseModel, extra="forbid"):
    """A source in a dataset: with its ``text``, or with the ``length`` and ``sha256`` of a text that is held elsewhere."""

    slug: Slug
    title: Line
    type: SourceType
    authors: Annotated[list[Line], Field(max_length=50)] = []
    publisher: Line | None = None
    published: DateRecord | None = None
    original_url: OriginalUrl = None
    url: Annotated[
        WebUrl | None, Field(description="Former name of original_url.", json_schema_extra={"deprecated": True}, examples=[None])
    ] = None
    language: LanguageTag | None = None
    note: Paragraph | None = None
    length: Length | None = None
    sha256: Sha256 | None = None
    body_start: BodyStart = 0
    text: Annotated[SourceText | None, Field(description="The text, if you may publish it.")] = None
    withdrawn: Withdrawn = False
    retrieved: Retrieved = None
    licence: Licence = None

    @model_validator(mode="after")
    def _has_one_address(self) -> Self:
        if self.url is not None:
            if self.original_url not in (None, self.url):
                raise ValueError("original_url and url differ; url is the former name of original_url, so leave it out")
            self.original_url, self.url = self.url, None
        return self

    @model_validator(mode="after")
    def _has_extent(self) -> Self:
        if self.withdrawn and self.text is not None:
            raise ValueError("a withdrawn source has no text: give its length and sha256")
        if self.text is None and (self.length is None or self.sha256 is None):
            raise ValueError("give the text, or its length and sha256")
        return self


class Source(Recorded):
    """A document that facts are read from."""

    slug: Annotated[Slug, Field(examples=["chinas-sci-tech-is-going-global"])]
    url: Annotated[ResourceUrl, Field(examples=["/v1/sources/chinas-sci-tech-is-going-global"])]
    title: Annotated[Line, Field(examples=["China's Sci-Tech Is Going Global"])]
    type: SourceType
    authors: Annotated[list[Line], Field(max_length=50, examples=[["Chanmolika Seng"]])]
    publisher: Annotated[Line | None, Field(examples=["Global Times Online"])]
    published: Annotated[FactDate | None, Field(description="Date of publication; null if unknown.")]
    original_url: OriginalUrl
    language: LanguageTag | None
    note: Note
    length: Length
    sha256: Annotated[Sha256, Field(description="SHA-256 of the text in UTF-8 with line feeds as line ends.")]
    body_start: BodyStart
    has_text: Annotated[bool, Field(description="Whether citations quote the text.", examples=[False])]
    withdrawn: Withdrawn
    retrieved: Retrieved
    licence: Annotated[str | None, Field(max_length=300, examples=["CC-BY-4.0"])]
    facts_url: Annotated[ResourceUrl, Field(examples=["/v1/sources/chinas-sci-tech-is-going-global/facts"])]
