"""What a load or an undo would change, resource by resource, read from the revisions of its transaction."""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, Final

import orjson
from pydantic import BaseModel, Field
from sqlalchemy import Connection, select

from app.database.models import Revision, Source
from app.records.fact import Character, Ordinal
from app.revisions.diff import Difference, differences
from app.revisions.log import Action
from app.values.text import ResourceUrl, Slug

LONGEST_WORDS = 240
"""Characters of a passage that are shown."""
_NO_COPIES: Final[Mapping[str, str]] = MappingProxyType({})


class CitedPassage(BaseModel):
    """A passage that a new or changed resource cites."""

    source: Annotated[Slug, Field(description="Slug of the source.")]
    paragraph: Annotated[Ordinal, Field(examples=[2])]
    sentence: Annotated[Ordinal, Field(examples=[1])]
    start: Annotated[Character, Field(examples=[796])]
    end: Annotated[Character, Field(examples=[824])]
    words: Annotated[
        str | None,
        Field(
            max_length=LONGEST_WORDS + 1,
            description=f"At most {LONGEST_WORDS} characters; null if the server does not hold the text.",
            examples=["Revenue was 1.2 billion dollars."],
        ),
    ]

    def __str__(self) -> str:
        words = f"characters {self.start}–{self.end}" if self.words is None else repr(self.words)
        return f"cites {self.source}, paragraph {self.paragraph} sentence {self.sentence}: {words}"


class ResourceChange(BaseModel):
    """The change of one resource."""

    action: Annotated[Action, Field(description="What is done with the resource.", examples=["update"])]
    url: Annotated[ResourceUrl, Field(examples=["/v1/companies/baidu"])]
    changes: Annotated[
        list[Difference],
        Field(max_length=1000, description="The fields that an update changes. Empty for new and deleted resources."),
    ]
    passages: Annotated[
        list[CitedPassage],
        Field(max_length=50, description="What a new resource cites, or one whose citations change, to compare."),
    ] = []

    def __str__(self) -> str:
        lines = (f"    {change.field}: {change.before!r} → {change.after!r}" for change in self.changes)
        return "\n".join([f"{self.action} {self.url}", *lines])


def changes_after(connection: Connection, number: int, copies: Mapping[str, str] = _NO_COPIES) -> Iterator[ResourceChange]:
    """The changes of the revisions after ``number``, in order, read lazily.

    ``copies`` are texts by their SHA-256 that the database does not hold, for passages of them.
    """
    earlier = Revision.__table__.alias("earlier")
    before = (
        select(earlier.c.document)
        .where(earlier.c.resource_id == Revision.resource_id, earlier.c.number < Revision.number)
        .order_by(earlier.c.number.desc())
        .limit(1)
        .scalar_subquery()
    )

    @cache
    def text_of(source: str) -> str:
        return copies.get(connection.scalar(select(Source.sha256).where(Source.slug == source)) or "", "") if copies else ""

    query = select(Revision.action, Revision.url, Revision.document, before.label("before")).where(Revision.number > number)
    for row in connection.execution_options(yield_per=500).execute(query.order_by(Revision.number)):
        changed = differences(row.before, row.document) if row.action == "update" else []
        is_cited_anew = row.action != "update" or any(change.field == "citations" for change in changed)
        cited = orjson.loads(row.document).get("citations", []) if row.document is not None and is_cited_anew else []
        passages = [_passage(citation, text_of(citation["source"])) for citation in cited]
        yield ResourceChange(action=row.action, url=row.url, changes=changed, passages=passages)


def _passage(citation: Mapping[str, Any], copy: str) -> CitedPassage:
    numbers = {name: citation[name] for name in ("source", "paragraph", "sentence", "start", "end")}
    quote = citation["quote"] or (None if citation["edition"] else copy[citation["start"] : citation["end"]] or None)
    return CitedPassage(**numbers, words=f"{quote[:LONGEST_WORDS]}…" if quote and len(quote) > LONGEST_WORDS else quote)
