"""Writes batches of valid records of one kind: revisions, rows, citations. Unchanged records are not written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, Table, bindparam, delete, select, tuple_, update

from app.database.bulk_insert import insert_rows
from app.database.history_tables import archive
from app.database.models import Base
from app.database.pipeline import pipelined
from app.records.citation_checks import keep_checks
from app.records.citations import NO_SOURCES, ChangedSources, ResolvedCitation
from app.records.company import CompanyRecord
from app.records.documents import Row, identifier_rows, name_rows, render, row_of
from app.records.located import LocatedRecord
from app.revisions.former_addresses import Left, leave_addresses
from app.revisions.log import RevisionLog, content_of
from app.search.index import Indexed, add_spellings, index_resources
from app.values.resources import PLURALS, Kind

TABLES: dict[Kind, Table] = {kind: Base.metadata.tables[name] for kind, name in PLURALS.items()}
_CITATIONS = Base.metadata.tables["citations"]
_NAMES = Base.metadata.tables["company_names"]
_IDENTIFIERS = Base.metadata.tables["company_identifiers"]

RecordKey = tuple[str | None, str]
"""The slug of the company of a fact, or None, and the slug of the record."""


Cited = tuple[int, LocatedRecord, list[ResolvedCitation]]
"""The id of a row, its record and its citations as served."""


class StoredResource(NamedTuple):
    """The row of a resource: its id, its document and, for a fact, its company's id where that was read."""

    id: int
    document: str
    company_id: int | None = None


class PendingWrite(NamedTuple):
    """A record to write over what is ``stored`` (None for a new one), with its citations as served.

    ``restored`` is the id that a deleted resource had, if it comes back. ``restores`` is the earlier document that an undo writes
    again: what its citations were checked against is restored too.
    """

    located: LocatedRecord
    citations: list[ResolvedCitation]
    stored: StoredResource | None
    restored: int | None = None
    restores: str | None = None


@dataclass(slots=True)
class Written:
    """The outcome for one record: ``previous`` is the document before, None for a new one."""

    located: LocatedRecord
    previous: str | None
    document: str | None

    @property
    def outcome(self) -> str:
        if self.document is None:
            return "unchanged"
        return "updated" if self.previous else "created"


class References(NamedTuple):
    """The ids of the companies and sources that records name, by slug."""

    companies: Mapping[str, int]
    sources: Mapping[str, int] | None
    """None to look them up when needed."""


@dataclass(slots=True)
class _Rows:
    """What a batch sends to the database."""

    created: list[Row] = field(default_factory=list)
    updated: list[Row] = field(default_factory=list)
    written: list[Cited] = field(default_factory=list)
    cited: list[Cited] = field(default_factory=list)
    """Those whose citations are new or different."""
    left: list[Left] = field(default_factory=list)
    indexed: list[Indexed] = field(default_factory=list)


def write_batch(
    connection: Connection,
    log: RevisionLog,
    kind: Kind,
    batch: list[tuple[LocatedRecord, list[ResolvedCitation]]],
    *,
    first_time: bool = False,
    changed: ChangedSources = NO_SOURCES,
) -> list[Written]:
    """Creates or updates the records, all of one kind, by their slugs.

    ``first_time`` says that the log has written none of them before, so facts of companies that it created are new too.
    """
    newest = log.before if first_time else log.newest
    companies = ids_of(connection, "company", {located.company for located, _ in batch if located.company})
    stored = find_stored(connection, kind, [located for located, _ in batch], companies, newest)
    changes = [
        PendingWrite(located, citations, stored.get((located.company, located.record.slug))) for located, citations in batch
    ]
    return write_changes(connection, log, kind, changes, References(companies, None), changed)


def write_changes(
    connection: Connection, log: RevisionLog, kind: Kind, changes: list[PendingWrite], references: References,
    changed: ChangedSources = NO_SOURCES,
) -> list[Written]:  # fmt: skip
    """Writes the changes, all of one kind, and appends a revision for each that differs from what is stored."""
    rows = _Rows()
    results = [_append(log, kind, change, references, rows, changed) for change in changes]
    if not rows.indexed:
        return results
    sources = references.sources
    if sources is None:
        sources = ids_of(connection, "source", {citation.source for _, _, cited in rows.cited for citation in cited})
    with pipelined(connection, len(changes)):
        log.flush()
        archive(connection, PLURALS[kind], [(row["id"], row["revision"]) for row in rows.updated])
        leave_addresses(connection, kind, rows.left)
        _write_rows(connection, TABLES[kind], rows.created, rows.updated)
        if kind != "source":
            _write_citations(connection, kind, rows, sources)
        if kind == "company":
            _write_names(connection, rows.written, [row["id"] for row in rows.updated])
        words = index_resources(connection, kind, rows.indexed)
    add_spellings(connection, words)
    return results


def _append(
    log: RevisionLog, kind: Kind, change: PendingWrite, references: References, rows: _Rows, changed: ChangedSources
) -> Written:
    """Appends the revision of a change, and adds what it writes to the rows."""
    located, citations, stored, restored, restores = change
    previous = stored.document if stored else None
    before = orjson.loads(previous) if previous else {}
    earlier = orjson.loads(restores) if restores else before
    keep_checks(citations, earlier.get("citations", []), changed, log.recorded_at)
    content = render(located, citations)
    if previous and content_of(previous) == content:
        return Written(located, previous, None)
    entry = log.append("update" if stored else "create", kind, located.url, content, stored.id if stored else restored)
    identity = stored.id if stored else restored or entry.number
    row = row_of(located) | {"id": identity, "revision": entry.number, "document": entry.document}
    if located.company:
        row["company_id"] = references.companies[located.company]
    (rows.updated if stored else rows.created).append(row)
    if before and before["url"] != located.url:
        rows.left.append(Left(before["url"], identity, entry.number))
    rows.written.append((identity, located, citations))
    if kind != "source" and (not before or before["citations"] != orjson.loads(content)["citations"]):
        rows.cited.append(rows.written[-1])
    dated = {name: row[name] for name in ("earliest", "latest", "date_uncertain")}
    rows.indexed.append(Indexed(identity, row.get("company_id"), row["document"], dated, previous))
    return Written(located, previous, entry.document)


def ids_of(connection: Connection, kind: Kind, slugs: Iterable[str]) -> dict[str, int]:
    """The ids of sources or companies by slug."""
    table = TABLES[kind]
    wanted = sorted(slugs)
    found: dict[str, int] = {}
    for start in range(0, len(wanted), 1_000):
        rows = connection.execute(select(table.c.slug, table.c.id).where(table.c.slug.in_(wanted[start : start + 1_000])))
        found.update((row.slug, row.id) for row in rows)
    return found


def find_stored(
    connection: Connection, kind: Kind, batch: list[LocatedRecord], company_ids: Mapping[str, int], newest: int
) -> dict[RecordKey, StoredResource]:
    """The stored resources with the slugs of records of one kind. Companies created after revision ``newest`` have no facts."""
    table = TABLES[kind]
    if not company_ids:
        query = select(table.c.slug, table.c.id, table.c.document)
        rows = connection.execute(query.where(table.c.slug.in_([located.record.slug for located in batch])))
        return {(None, row.slug): StoredResource(row.id, row.document) for row in rows}
    slugs = {identity: slug for slug, identity in company_ids.items()}
    keys = [
        (company_ids[located.company], located.record.slug)
        for located in batch
        if located.company and company_ids[located.company] <= newest
    ]
    if not keys:
        return {}
    query = select(table.c.company_id, table.c.slug, table.c.id, table.c.document)
    rows = connection.execute(query.where(tuple_(table.c.company_id, table.c.slug).in_(keys)))
    return {(slugs[row.company_id], row.slug): StoredResource(row.id, row.document) for row in rows}


def _write_rows(connection: Connection, table: Table, created: list[Row], updated: list[Row]) -> None:
    insert_rows(connection, table, created)
    if updated:
        # SQLAlchemy sets each column that the values name, so the key in the condition needs a name that no column has.
        values = [{"row_id" if name == "id" else name: value for name, value in row.items()} for row in updated]
        connection.execute(update(table).where(table.c.id == bindparam("row_id")), values)


def _write_citations(connection: Connection, kind: Kind, rows: _Rows, sources: Mapping[str, int]) -> None:
    owner = _CITATIONS.c[f"{kind}_id"]
    updated = {row["id"] for row in rows.updated}
    replaced = [identity for identity, _, _ in rows.cited if identity in updated]
    if replaced:
        connection.execute(delete(_CITATIONS).where(owner.in_(replaced)))
    values = [
        {
            owner.name: identity,
            "position": position,
            "source_id": sources[citation.source],
            "paragraph": citation.paragraph,
            "sentence": citation.sentence,
            "start_character": citation.start,
            "end_character": citation.end,
            "sha256": citation.sha256,
            "edition": citation.edition,
            "checked": citation.checked,
        }
        for identity, _, citations in rows.cited
        for position, citation in enumerate(citations)
    ]
    insert_rows(connection, _CITATIONS, values)


def _write_names(connection: Connection, cited: list[Cited], replaced: list[int]) -> None:
    for table, rows_of in ((_NAMES, name_rows), (_IDENTIFIERS, identifier_rows)):
        if replaced:
            connection.execute(delete(table).where(table.c.company_id.in_(replaced)))
        rows = [
            row | {"company_id": identity}
            for identity, located, _ in cited
            if isinstance(located.record, CompanyRecord)
            for row in rows_of(located.record)
        ]
        insert_rows(connection, table, rows)
