"""Writing a batch of valid records of one kind: revisions, rows, citations. What is unchanged is not written."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, tuple_, update

from app.companies.schemas import CompanyRecord
from app.datasets.documents import Row, identifier_rows, name_rows, render, row_of
from app.datasets.records import PLURALS, Kind, LocatedRecord
from app.facts.schemas import Citation
from app.models import Base
from app.revisions import RevisionLog, content_of
from app.search.index import Indexed, index_resources

TABLES: dict[Kind, Table] = {kind: Base.metadata.tables[name] for kind, name in PLURALS.items()}
_CITATIONS = Base.metadata.tables["citations"]
_NAMES = Base.metadata.tables["company_names"]
_IDENTIFIERS = Base.metadata.tables["company_identifiers"]

Key = tuple[str | None, str]
"""The slug of a fact's company, or None, and the record's own slug."""


class Stored(NamedTuple):
    id: int
    document: str


@dataclass(slots=True)
class Written:
    """What became of one record: ``previous`` is the document before, None where it is new."""

    located: LocatedRecord
    previous: str | None
    document: str | None

    @property
    def outcome(self) -> str:
        if self.document is None:
            return "unchanged"
        return "updated" if self.previous else "created"


def write_batch(
    connection: Connection, log: RevisionLog, kind: Kind, batch: list[tuple[LocatedRecord, list[Citation]]]
) -> list[Written]:
    """Creates or updates the records, all of one kind, and appends a revision for each that differs from what is stored."""
    company_ids = ids_of(connection, "company", {located.company for located, _ in batch if located.company})
    stored = _find_stored(connection, kind, [located for located, _ in batch], company_ids)
    created: list[Row] = []
    updated: list[Row] = []
    cited: list[tuple[int, LocatedRecord, list[Citation]]] = []
    results = []
    for located, citations in batch:
        content = render(located, citations)
        previous = stored.get((located.company, located.record.slug))
        if previous and content_of(previous.document) == content:
            results.append(Written(located, previous.document, None))
            continue
        entry = log.append("update" if previous else "create", kind, located.url, content, previous.id if previous else None)
        row = row_of(located) | {"revision": entry.number, "document": entry.document}
        if located.company:
            row["company_id"] = company_ids[located.company]
        identity = previous.id if previous else entry.number
        (updated if previous else created).append(row | {"id": identity})
        cited.append((identity, located, citations))
        results.append(Written(located, previous.document if previous else None, entry.document))
    log.flush()
    _write_rows(connection, TABLES[kind], created, updated)
    if kind != "source":
        _write_citations(connection, kind, cited, [row["id"] for row in updated])
    if kind == "company":
        _write_names(connection, cited, [row["id"] for row in updated])
    index_resources(connection, kind, [_to_index(row) for row in (*created, *updated)], [row["id"] for row in updated])
    return results


def _to_index(row: Row) -> Indexed:
    dated = {name: row[name] for name in ("earliest", "latest", "date_uncertain")}
    return Indexed(row["id"], row.get("company_id"), row["document"], dated)


def ids_of(connection: Connection, kind: Kind, slugs: Iterable[str]) -> dict[str, int]:
    """The row numbers of sources or companies by slug."""
    table = TABLES[kind]
    wanted = sorted(slugs)
    found: dict[str, int] = {}
    for start in range(0, len(wanted), 1_000):
        rows = connection.execute(select(table.c.slug, table.c.id).where(table.c.slug.in_(wanted[start : start + 1_000])))
        found.update((row.slug, row.id) for row in rows)
    return found


def _find_stored(
    connection: Connection, kind: Kind, batch: list[LocatedRecord], company_ids: dict[str, int]
) -> dict[Key, Stored]:
    table = TABLES[kind]
    if not company_ids:
        query = select(table.c.slug, table.c.id, table.c.document)
        rows = connection.execute(query.where(table.c.slug.in_([located.record.slug for located in batch])))
        return {(None, row.slug): Stored(row.id, row.document) for row in rows}
    slugs = {identity: slug for slug, identity in company_ids.items()}
    keys = [(company_ids[located.company], located.record.slug) for located in batch if located.company]
    query = select(table.c.company_id, table.c.slug, table.c.id, table.c.document)
    rows = connection.execute(query.where(tuple_(table.c.company_id, table.c.slug).in_(keys)))
    return {(slugs[row.company_id], row.slug): Stored(row.id, row.document) for row in rows}


def _write_rows(connection: Connection, table: Table, created: list[Row], updated: list[Row]) -> None:
    if created:
        connection.execute(insert(table), created)
    if updated:
        # SQLAlchemy sets each column that the values name; the key in the condition goes by a name that is no column's.
        values = [{"row_id" if name == "id" else name: value for name, value in row.items()} for row in updated]
        connection.execute(update(table).where(table.c.id == bindparam("row_id")), values)


def _write_citations(
    connection: Connection, kind: Kind, cited: list[tuple[int, LocatedRecord, list[Citation]]], replaced: list[int]
) -> None:
    owner = _CITATIONS.c[f"{kind}_id"]
    if replaced:
        connection.execute(delete(_CITATIONS).where(owner.in_(replaced)))
    source_ids = ids_of(connection, "source", {citation.source for _, _, citations in cited for citation in citations})
    rows = [
        {
            owner.name: identity,
            "position": position,
            "source_id": source_ids[citation.source],
            "paragraph": citation.paragraph,
            "sentence": citation.sentence,
            "start_character": citation.start,
            "end_character": citation.end,
            "sha256": citation.sha256,
        }
        for identity, _, citations in cited
        for position, citation in enumerate(citations)
    ]
    if rows:
        connection.execute(insert(_CITATIONS), rows)


def _write_names(connection: Connection, cited: list[tuple[int, LocatedRecord, list[Citation]]], replaced: list[int]) -> None:
    for table, rows_of in ((_NAMES, name_rows), (_IDENTIFIERS, identifier_rows)):
        if replaced:
            connection.execute(delete(table).where(table.c.company_id.in_(replaced)))
        rows = [
            row | {"company_id": identity}
            for identity, located, _ in cited
            if isinstance(located.record, CompanyRecord)
            for row in rows_of(located.record)
        ]
        if rows:
            connection.execute(insert(table), rows)
