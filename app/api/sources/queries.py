"""The SQL of sources and the facts read from them."""

from typing import Annotated

from pydantic import Field
from sqlalchemy import Connection, bindparam, select, true

from app.api.facts.filters import in_range
from app.database.models import RevisionHead, Source
from app.database.similar_slugs import near_slugs
from app.errors.reading import NotFound
from app.http.conditional import Stamp
from app.http.lists.listing import Listing
from app.http.lists.sorting import Order, by_date, by_text
from app.http.parameters import AsOf, DatedListParameters, sort_documentation, sortable
from app.records.source import Source as SourceDocument
from app.records.source import SourceType
from app.revisions.former_addresses import follow
from app.values.text import Line

COLUMNS = (
    "slug", "title", "type", "authors", "publisher",
    "published.edtf", "published.text", "published.earliest", "published.latest",
    "original_url", "language", "length", "sha256", "note", "url", "revision", "updated_at",
)  # fmt: skip

_SOURCE = (
    select(Source.document, RevisionHead.dataset, Source.revision, RevisionHead.newest)
    .join(RevisionHead, true())
    .where(Source.slug == bindparam("source"))
)


class SourcesParameters(DatedListParameters):
    """Filters of sources. The date is that of the publication."""

    type: Annotated[
        list[SourceType], Field(max_length=20, description="Only sources of one of these types.", examples=[["article"]])
    ] = []
    publisher: Annotated[Line | None, Field(description="Only sources of this publisher.", examples=["Global Times Online"])] = (
        None
    )
    as_of: AsOf = None
    sort: Annotated[str, sortable("title", "published", "slug"), sort_documentation("title", "published", "slug")] = "title"


def list_sources(parameters: SourcesParameters) -> Listing:
    rows = select(Source.document).where(*in_range(Source, parameters))
    if parameters.type:
        rows = rows.where(Source.type.in_(parameters.type))
    if parameters.publisher is not None:
        rows = rows.where(Source.publisher == parameters.publisher)
    sort_keys = {
        "title": by_text(Source.title_key),
        "published": by_date(Source.earliest, Source.latest),
        "slug": by_text(Source.slug),
    }
    return Listing("sources", rows, Order.parse(parameters.sort, sort_keys, Source.id), (SourceDocument,), COLUMNS)


def one_source(connection: Connection, source: str) -> tuple[str, Stamp]:
    """The document of a source. Raises NotFound with the nearest slugs."""
    row = connection.execute(_SOURCE, {"source": source}).one_or_none()
    if row is None:
        follow(connection, f"/v1/sources/{source}")
        near = near_slugs(connection, select(Source.slug), Source.slug, source)
        raise NotFound(f"There is no source {source[:100]!r}.", suggestions=[f"/v1/sources/{slug}" for slug in near])
    return row[0], Stamp(*row[1:])
