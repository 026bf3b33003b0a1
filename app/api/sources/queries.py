"""The SQL of sources."""

from sqlalchemy import Connection, bindparam, select, true

from app.api.facts.filters import in_range
from app.api.sources.parameters import SourcesParameters
from app.database.models import RevisionHead, Source
from app.database.prepared import PreparedStatement
from app.database.similar_slugs import near_slugs
from app.errors.reading import NotFound
from app.http.conditional import Stamp
from app.http.lists.listing import Listing
from app.http.lists.pages import ListStatements, one_of, prepared, values_of
from app.http.lists.sorting import SortOrder, by_date, by_text
from app.records.source import Source as SourceDocument
from app.revisions.former_addresses import follow

COLUMNS = (
    "slug", "title", "type", "authors", "publisher",
    "published.edtf", "published.text", "published.earliest", "published.latest",
    "original_url", "retrieved", "licence", "language", "length", "sha256", "withdrawn", "note", "url", "revision", "updated_at",
)  # fmt: skip

_SORT_KEYS = {
    "title": by_text(Source.title_key),
    "published": by_date(Source.earliest, Source.latest),
    "slug": by_text(Source.slug),
}
_SOURCE = PreparedStatement(
    select(Source.document, RevisionHead.dataset, Source.revision, RevisionHead.newest)
    .join(RevisionHead, true())
    .where(Source.slug == bindparam("source"))
)


def list_sources(parameters: SourcesParameters) -> Listing:
    return Listing("sources", prepared(_statements, parameters), values_of(parameters), (SourceDocument,), COLUMNS)


def _statements(parameters: SourcesParameters) -> ListStatements:
    rows = select(Source.document).where(*in_range(Source, parameters))
    if parameters.type:
        rows = rows.where(one_of(Source.type, "type", parameters.type))
    if parameters.publisher is not None:
        rows = rows.where(Source.publisher == bindparam("publisher"))
    return ListStatements(rows, SortOrder.parse(parameters.sort, _SORT_KEYS, Source.id))


def one_source(connection: Connection, source: str) -> tuple[str, Stamp]:
    """The document of a source. Raises NotFound with the nearest slugs."""
    for document, dataset, revision, newest in _SOURCE.rows(connection, {"source": source}):
        return document, Stamp(dataset, revision, newest)
    follow(connection, f"/v1/sources/{source}")
    near = near_slugs(connection, select(Source.slug), Source.slug, source)
    raise NotFound(f"There is no source {source[:100]!r}.", suggestions=[f"/v1/sources/{slug}" for slug in near])
