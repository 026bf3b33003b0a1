"""What the page of a source reads: its document, the facts that cite it, and its text if the server holds it."""

from typing import NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from app.api.sources.facts import list_source_facts
from app.api.sources.parameters import SourceFactsParameters
from app.api.sources.queries import one_source
from app.api.sources.router import Fact
from app.database.models import Source as SourceRow
from app.database.snapshots import require_one_snapshot
from app.http.conditional import Stamp
from app.http.lists.pages import PageRequest, newest_stamp
from app.records.metric import Metric
from app.records.milestone import Milestone
from app.records.product import Product
from app.records.source import Source

MOST_FACTS = 200
LONGEST_TEXT = 200_000
"""Characters. Of a longer text the page shows only the cited passages."""
_FACT: TypeAdapter[Milestone | Product | Metric] = TypeAdapter(Fact)


class SourceRead(NamedTuple):
    """``text`` is None if the server does not hold it, or if it is too long for a page."""

    source: Source
    facts: list[Milestone | Product | Metric]
    has_more: bool
    text: str | None
    stamp: Stamp


def read_source_page(connection: Connection, source: str) -> SourceRead:
    """Raises NotFound, Moved, Gone and SnapshotChanged."""
    document, _ = one_source(connection, source)
    found = Source.model_validate_json(document)
    listing = list_source_facts(SourceFactsParameters(), source)
    page = listing.statements.read(connection, PageRequest(None, MOST_FACTS, total=False, scope=""), listing.values)
    text = held_text(connection, found)
    require_one_snapshot(page.stamp, newest_stamp(connection))
    facts = [_FACT.validate_json(document) for document in page.documents]
    return SourceRead(found, facts, page.next_cursor is not None, text, page.stamp)


def held_text(connection: Connection, source: Source) -> str | None:
    """The text of a source, if the server holds it and it is short enough for a page."""
    if not source.has_text or source.length > LONGEST_TEXT:
        return None
    return connection.scalar(select(SourceRow.text).where(SourceRow.slug == source.slug))
