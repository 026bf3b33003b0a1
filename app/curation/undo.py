"""Taking a revision back, by a new one: the log only grows."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection, Row, select

from app.curation.editing import Editor
from app.datasets.records import FACT_KINDS, RECORDS, LocatedRecord, Place
from app.datasets.removal import in_the_way, remove
from app.datasets.stored import record_fields
from app.datasets.writer import TABLES, Stored
from app.errors import Problem
from app.models import Base, Revision
from app.past import PAST
from app.revisions import PLURALS, Kind, RevisionLog

_PLACE = Place("undo", 0)


class UndoImpossible(Exception):
    """The revision cannot be taken back as things are; the message says why, and what to do first."""


@dataclass(frozen=True)
class Undone:
    """What taking a revision back did: the address, and the number of the new revision, None where nothing was left to do."""

    url: str
    revision: int | None


def undo(connection: Connection, log: RevisionLog, number: int) -> Undone:
    """Brings one resource to where it was before a revision, which must be the resource's newest. Raises UndoImpossible."""
    revision = connection.execute(select(Revision).where(Revision.number == number)).one_or_none()
    if revision is None:
        raise UndoImpossible(f"there is no revision {number}; the newest is {log.newest}")
    of_resource = select(Revision).where(Revision.resource_id == revision.resource_id)
    later = connection.execute(of_resource.where(Revision.number > number).order_by(Revision.number)).first()
    if later is not None:
        raise UndoImpossible(f"revision {later.number} changed {revision.url} after revision {number}; undo that first")
    before = connection.execute(of_resource.where(Revision.number < number).order_by(Revision.number.desc())).first()
    newest = log.newest
    if before is None or before.document is None:
        _remove(connection, log, revision)
    else:
        _write_back(connection, log, revision, before.document)
    return Undone(revision.url, log.newest if log.newest > newest else None)


def _remove(connection: Connection, log: RevisionLog, revision: Row[Revision]) -> None:
    addresses = in_the_way(connection, revision.kind, [revision.resource_id])
    if addresses:
        raise UndoImpossible(f"{revision.url} is referred to by {', '.join(addresses)}; undo or delete that first")
    remove(connection, log, revision.kind, [Stored(revision.resource_id, revision.document)])


def _write_back(connection: Connection, log: RevisionLog, revision: Row[Revision], document: str) -> None:
    located = _record_before(connection, revision.kind, revision.resource_id, revision.number, json.loads(document))
    exists = revision.document is not None
    stored = Stored(revision.resource_id, revision.document) if exists else None
    try:
        Editor(connection, log).write(located, stored, None if exists else revision.resource_id)
    except Problem as problem:
        raise UndoImpossible(f"{revision.url}: {problem.detail}") from None


def _record_before(connection: Connection, kind: Kind, identity: int, until: int, document: dict[str, object]) -> LocatedRecord:
    """The record that a revision wrote over, with what it refers to under the slugs of today."""
    table = PAST[PLURALS[kind]]
    row = connection.execute(select(table).where(table.c.id == identity, table.c.until == until)).mappings().one()
    fields = record_fields(kind, document)
    if kind == "source" and row["text"] is not None:
        fields["text"] = row["text"]
    for citation, slug in zip(fields.get("citations", []), _cited(connection, kind, identity, until), strict=False):
        citation["source"] = slug
    company = _slug_of(connection, "company", row["company_id"], str(document["company"])) if kind in FACT_KINDS else None
    return LocatedRecord(_PLACE, kind, company, RECORDS[kind].model_validate(fields))


def _cited(connection: Connection, kind: Kind, identity: int, until: int) -> list[str]:
    """The slugs of the sources that the record cited, in its order."""
    if kind == "source":
        return []
    citations, sources = PAST["citations"], Base.metadata.tables["sources"]
    of_record = select(sources.c.slug).join(citations, citations.c.source_id == sources.c.id)
    ended = of_record.where(citations.c[f"{kind}_id"] == identity, citations.c.until == until)
    return list(connection.scalars(ended.order_by(citations.c.position)))


def _slug_of(connection: Connection, kind: Kind, identity: int, otherwise: str) -> str:
    table = TABLES[kind]
    slug: str | None = connection.execute(select(table.c.slug).where(table.c.id == identity)).scalar()
    return slug or otherwise
