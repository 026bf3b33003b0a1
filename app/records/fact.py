"""What milestones, products and metrics have in common: their company and their citations."""

import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from app.values.text import Line, Paragraph, ResourceUrl, Sha256, Slug

PLACE = {
    "source": "chinas-sci-tech-is-going-global",
    "paragraph": 2,
    "sentence": 1,
    "start": 796,
    "end": 824,
    "sha256": "fb0e189de67f03d1ce6eabd846dd9bf6faf1391808d438f8097d44a399520a99",
}

Ordinal = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Character = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]


LONGEST_QUOTE = 20_000
Quote = Annotated[str, Field(min_length=1, max_length=LONGEST_QUOTE)]


class CitationRecord(BaseModel, extra="forbid"):
    """Where a source says it: paragraph and sentence for people, characters and digest for proof.

    If the server has the source's text, give paragraph and sentence, or give the ``quote`` alone: the server works out the
    rest. ``start``, ``end`` and ``sha256`` are then those of the quote or of the whole sentence.
    """

    source: Slug
    paragraph: Ordinal | None = None
    sentence: Ordinal | None = None
    start: Character | None = None
    end: Character | None = None
    sha256: Sha256 | None = None
    quote: Annotated[Quote | None, Field(description="The words of the passage, in place of numbers.")] = None
    edition: Annotated[Sha256 | None, Field(description="SHA-256 of the earlier text of the source that has the passage.")] = None

    @model_validator(mode="after")
    def _passage_is_whole(self) -> Self:
        start, end, sha256 = self.start, self.end, self.sha256
        if self.quote is None and (self.paragraph is None or self.sentence is None):
            raise ValueError("give paragraph and sentence, or the quote")
        if sha256 is not None and (self.paragraph is None or self.sentence is None):
            raise ValueError("give paragraph and sentence with start, end and sha256")
        if self.edition is not None and sha256 is None:
            raise ValueError("give start, end and sha256 with an edition")
        if start is None or end is None or sha256 is None:
            if start is not None or end is not None or sha256 is not None:
                raise ValueError("give start, end and sha256 together, or none of them")
        elif end <= start:
            raise ValueError("end must be greater than start")
        return self


Checked = Literal["text", "claimed"]
"""Whether a citation was compared with the text of its source."""


class FactRecord(BaseModel, extra="forbid"):
    """The fields of every fact in a dataset."""

    slug: Slug
    note: Annotated[Paragraph | None, Field(description="What the source leaves unclear.")] = None
    citations: Annotated[list[CitationRecord], Field(min_length=1, max_length=50)]


class Citation(BaseModel):
    """The passage of a source that a statement is based on.

    ``start`` and ``end`` count the characters (Unicode code points) of the source's text from 0, end excluded,
    as the TextPositionSelector of the W3C Web Annotation Data Model does. ``sha256`` is the digest of that
    passage in UTF-8, so that anyone with a copy of the source can prove the citation.
    """

    source: Annotated[Slug, Field(description="Slug of the source.", examples=[PLACE["source"]])]
    source_url: Annotated[ResourceUrl, Field(examples=[f"/v1/sources/{PLACE['source']}"])]
    paragraph: Annotated[Ordinal, Field(description="Paragraph of the body, from 1, without title and byline.", examples=[2])]
    sentence: Annotated[Ordinal, Field(description="Sentence of the paragraph, from 1.", examples=[1])]
    start: Annotated[Character, Field(description="First character of the passage, from 0.", examples=[796])]
    end: Annotated[Character, Field(description="Character after the passage.", examples=[824])]
    sha256: Annotated[Sha256, Field(examples=[PLACE["sha256"]])]
    quote: Annotated[
        str | None,
        Field(
            max_length=20_000,
            description="The passage, if the source was loaded with its text.",
            examples=["Revenue was 1.2 billion dollars."],
        ),
    ]
    edition: Annotated[
        Sha256 | None,
        Field(
            description="SHA-256 of the earlier text that has the passage, if the source's text has changed since."
            " Null: the source's current text.",
            examples=[None],
        ),
    ]
    checked: Annotated[
        Checked,
        Field(
            description="text: compared with the text that the server has, or that `verify` was given."
            " claimed: taken from the dataset.",
            examples=["claimed"],
        ),
    ]
    checked_at: Annotated[
        datetime.datetime | None,
        Field(description="When it was compared with the text (RFC 3339, UTC). Null if it was not.", examples=[None]),
    ]


class Recorded(BaseModel):
    """When a resource last changed."""

    revision: Annotated[int, Field(ge=1, le=2**53 - 1, description="Number of the resource's newest revision.", examples=[7])]
    updated_at: Annotated[
        datetime.datetime,
        Field(description="When that revision was recorded (RFC 3339, UTC).", examples=["2026-11-24T09:30:00Z"]),
    ]


class FactPlace(BaseModel):
    """The first fields of every fact."""

    slug: Slug
    url: ResourceUrl
    company: Annotated[Slug, Field(description="Slug of the company that the fact is about.", examples=["baidu"])]
    company_url: Annotated[ResourceUrl, Field(examples=["/v1/companies/baidu"])]


Note = Annotated[
    str | None,
    Field(max_length=4000, description="What the source leaves unclear, in our words.", examples=["The source gives no period."]),
]
Citations = Annotated[list[Citation], Field(max_length=50, description="The passages that the statement is based on.")]
Scope = Annotated[Line | None, Field(description="The market, product or place that the fact is about.", examples=["China"])]
