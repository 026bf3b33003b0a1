"""The SQL of sources and the facts read from them."""

from sqlalchemy import Connection, bindparam, select, true

from app.api.facts.filters import in_range
from app.api.sources.parameters import SourcesParameters
from app.database.models import RevisionHead, Source
from app.database.similar_slugs import near_slugs
from app.errors.reading import NotFound
from app.http.conditional import Stamp
from app.http.lists.listing import Listing
from app.http.lists.sorting import SortOrder, by_date, by_text
from app.records.source import Source as SourceDocument
from app.revisions.former_addresses import follow

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
    return Listing("sources", rows, SortOrder.parse(parameters.sort, sort_keys, Source.id), (SourceDocument,), COLUMNS)


def one_source(connection: Connection, source: str) -> tuple[str, Stamp]:
    """The document of a source. Raises NotFound with the nearest slugs."""
    row = connection.execute(_SOURCE, {"source": source}).one_or_none()
    if row is None:
        follow(connection, f"/v1/sources/{source}")
        near = near_slugs(connection, select(Source.slug), Source.slug, source)
        raise NotFound(f"There is no source {source[:100]!r}.", suggestions=[f"/v1/sources/{slug}" for slug in near])
    return row[0], Stamp(*row[1:])
