"""Undoes revisions by appending new ones: the log only grows."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Row, select

from app.api.editing.editor import Editor
from app.database.history_tables import HISTORY_TABLES
from app.database.models import Base, Revision
from app.errors.problem import Problem
from app.records.citations import CitedSources, UnverifiedSources
from app.records.from_document import record_fields
from app.records.located import RECORDS, DatasetInvalid, FilePlace, LocatedRecord
from app.records.removal import in_the_way, remove
from app.records.rewriting import citing, stored_records, write_records
from app.records.writer import TABLES, StoredResource
from app.revisions.former_addresses import Moved, take_addresses_back
from app.revisions.log import RevisionLog
from app.values.resources import FACT_KINDS, KINDS, PLURALS, Kind

_PLACE = FilePlace("undo", 0)
_AT_ONCE = 1_000


class UndoImpossible(Exception):
    """The revisions cannot be undone now; the message says why, and what to do first. ``urls`` are in the way."""

    def __init__(self, message: str, *urls: str) -> None:
        super().__init__(message)
        self.urls = urls


class UnknownRevision(UndoImpossible):
    """A revision to be undone does not exist."""


@dataclass(frozen=True)
class Undone:
    """One undone revision: the URL of its resource, and the number of the new revision; None if there was nothing to undo."""

    url: str
    revision: int | None


def undo(connection: Connection, log: RevisionLog, first: int, last: int) -> list[Undone]:
    """Restores the resources that revisions changed, one revision at a time and the newest first.

    No later revision may have changed any of them. Raises UndoImpossible.
    """
    if last > log.newest:
        raise UnknownRevision(f"there is no revision {last}; the newest is {log.newest}")
    undoing = _Undoing(connection, log, last)
    undone = [undoing.take_back(number) for number in range(last, first - 1, -1)]
    undoing.verify()
    return undone


class _Undoing:
    """The undoing of revisions up to one.

    A load may have changed a text and its citations together, so citations may not hold between two steps. They are
    verified at the end.
    """

    def __init__(self, connection: Connection, log: RevisionLog, last: int) -> None:
        self._connection = connection
        self._log = log
        self._later = Revision.number.between(last + 1, log.newest)
        self._editor = Editor(connection, UnverifiedSources)
        self._changed: dict[Kind, set[int]] = {kind: set() for kind in KINDS}

    def take_back(self, number: int) -> Undone:
        """Restores the resource of a revision to its state before that revision."""
        revision = self._connection.execute(select(Revision).where(Revision.number == number)).one()
        of_resource = select(Revision).where(Revision.resource_id == revision.resource_id).order_by(Revision.number)
        later = self._connection.execute(of_resource.where(self._later).limit(1)).first()
        if later is not None:
            message = f"revision {later.number} changed {revision.url} after revision {number}; undo that first"
            raise UndoImpossible(message, later.url)
        earlier = of_resource.where(Revision.number < number).order_by(None).order_by(Revision.number.desc())
        before = self._connection.execute(earlier.limit(1)).first()
        newest = self._log.newest
        stored = self._stored(revision)
        if before is not None and before.document is not None:
            self._write_back(revision, stored, before.document)
        elif stored is not None:
            self._remove(revision, stored)
        self._changed[revision.kind].add(revision.resource_id)
        return Undone(revision.url, self._log.newest if self._log.newest > newest else None)

    def _stored(self, revision: Row[Revision]) -> StoredResource | None:
        table = TABLES[revision.kind]
        row = self._connection.execute(select(table.c.id, table.c.document).where(table.c.id == revision.resource_id)).first()
        return StoredResource(*row) if row else None

    def _remove(self, revision: Row[Revision], stored: StoredResource) -> None:
        addresses = in_the_way(self._connection, revision.kind, [stored.id])
        if addresses:
            message = f"{revision.url} is referred to by {', '.join(addresses)}; undo or delete that first"
            raise UndoImpossible(message, *addresses)
        remove(self._connection, self._log, revision.kind, [stored])

    def _write_back(self, revision: Row[Revision], stored: StoredResource | None, document: str) -> None:
        located = _record_before(self._connection, revision, json.loads(document))
        try:
            restored = None if stored else revision.resource_id
            self._editor.write(self._log, self._editor.draft(located, stored, restored, document))
        except Problem as problem:
            raise UndoImpossible(f"{revision.url}: {problem.detail}") from None
        except Moved as moved:
            raise UndoImpossible(f"{revision.url}: what was {moved.former} is {moved.current} now") from None
        if stored is None and revision.kind == "company":
            take_addresses_back(self._connection, revision.resource_id, revision.number)

    def verify(self) -> None:
        """Verifies the citations of what was changed, and quotes the sources as they are now."""
        sources = CitedSources(self._connection)
        try:
            for kind in KINDS[1:]:
                for condition in self._to_verify(kind):
                    for batch in stored_records(self._connection, kind, condition, _PLACE):
                        write_records(self._connection, self._log, sources, kind, batch)
        except DatasetInvalid as invalid:
            raise UndoImpossible(str(invalid).splitlines()[0]) from None

    def _to_verify(self, kind: Kind) -> Iterator[ColumnElement[bool]]:
        identities = sorted(self._changed[kind])
        for start in range(0, len(identities), _AT_ONCE):
            yield TABLES[kind].c.id.in_(identities[start : start + _AT_ONCE])
        for source_id in sorted(self._changed["source"]):
            yield citing(kind, source_id)


def _record_before(connection: Connection, revision: Row[Revision], document: dict[str, object]) -> LocatedRecord:
    """The record that a revision replaced, with the current slugs of what it refers to."""
    kind: Kind = revision.kind
    table = HISTORY_TABLES[PLURALS[kind]]
    kept = select(table).where(table.c.id == revision.resource_id, table.c.until == revision.number)
    row = connection.execute(kept).mappings().one_or_none()
    if row is None:
        raise UndoImpossible(f"{revision.url} was changed in revision {revision.number} before the history tables existed")
    fields = record_fields(kind, document)
    if kind == "source" and row["text"] is not None:
        fields["text"] = row["text"]
    cited = _cited(connection, kind, revision)
    for position, citation in enumerate(fields.get("citations", [])):
        citation["source"] = cited.get(position, citation["source"])
    company = _slug_of(connection, row["company_id"], str(document["company"])) if kind in FACT_KINDS else None
    return LocatedRecord(_PLACE, kind, company, RECORDS[kind].model_validate(fields))


def _cited(connection: Connection, kind: Kind, revision: Row[Revision]) -> dict[int, str]:
    """The current slugs of the sources that the record cited, by the positions of the citations."""
    if kind == "source":
        return {}
    citations, sources = HISTORY_TABLES["citations"], Base.metadata.tables["sources"]
    of_record = select(citations.c.position, sources.c.slug).join(sources, citations.c.source_id == sources.c.id)
    ended = of_record.where(citations.c[f"{kind}_id"] == revision.resource_id, citations.c.until == revision.number)
    return {row.position: row.slug for row in connection.execute(ended)}


def _slug_of(connection: Connection, company_id: int, otherwise: str) -> str:
    companies = TABLES["company"]
    slug: str | None = connection.execute(select(companies.c.slug).where(companies.c.id == company_id)).scalar()
    return slug or otherwise
