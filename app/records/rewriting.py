"""Rewrites stored records whose references have changed: quotes, URLs and digests follow their source."""

import json
from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, select

from app.database.models import Base
from app.records.checks import resolve
from app.records.citations import NO_SOURCES, ChangedSources, CitedSources, SourceChange
from app.records.from_document import record_fields
from app.records.located import RECORDS, FilePlace, Findings, LocatedRecord
from app.records.staging import BATCH_RECORDS
from app.records.writer import TABLES, Written, write_batch
from app.revisions.log import RevisionLog
from app.values.printable import printable
from app.values.resources import KINDS, Kind

_CITATIONS = Base.metadata.tables["citations"]

_CITED_BY = ("length", "sha256", "body_start", "language")
"""The fields of a source that determine whether citations are valid."""

Renamed = tuple[str, str]
"""A slug before and after."""


def changed_source(written: Written) -> SourceChange | None:
    """The source before a change that affects whether citations of it are valid, or what they quote; None for any other."""
    if written.previous is None or written.document is None:
        return None
    before, after = json.loads(written.previous), json.loads(written.document)
    restated = any(before[name] != after[name] for name in _CITED_BY)
    if not restated and before["has_text"] == after["has_text"]:
        return None
    return SourceChange(before["slug"], before["sha256"], restated)


def write_records(
    connection: Connection, log: RevisionLog, sources: CitedSources, kind: Kind, batch: list[LocatedRecord],
    changed: ChangedSources = NO_SOURCES,
) -> list[Written]:  # fmt: skip
    """As ``write_batch``, after resolving the citations. Raises DatasetInvalid if one fails."""
    findings = Findings()
    resolved = resolve(batch, sources, findings)
    findings.raise_if_any()
    return write_batch(connection, log, kind, resolved, changed=changed)


def citing(kind: Kind, source_id: int) -> ColumnElement[bool]:
    """The condition for records of a kind that cite a source."""
    owner = _CITATIONS.c[f"{kind}_id"]
    return TABLES[kind].c.id.in_(select(owner).where(_CITATIONS.c.source_id == source_id, owner.is_not(None)))


def citing_records(
    connection: Connection, source_id: int, place: FilePlace, *, source: Renamed | None = None
) -> Iterator[tuple[Kind, list[LocatedRecord]]]:
    """Stored records of every kind that cite a source, in batches, each read when the one before was used."""
    for kind in KINDS[1:]:
        for batch in stored_records(connection, kind, citing(kind, source_id), place, source=source):
            yield kind, batch


def of_company(kind: Kind, company_id: int) -> ColumnElement[bool]:
    """The condition for facts of a kind and a company."""
    condition: ColumnElement[bool] = TABLES[kind].c.company_id == company_id
    return condition


def stored_records(
    connection: Connection, kind: Kind, condition: ColumnElement[bool], place: FilePlace, *, source: Renamed | None = None,
    company: str | None = None,
) -> Iterator[list[LocatedRecord]]:  # fmt: skip
    """Stored records in batches, as if read at a place. ``source`` replaces the slug of a cited source, ``company`` that of
    their company."""
    table = TABLES[kind]
    query = select(table.c.id, table.c.document).where(condition).order_by(table.c.id).limit(BATCH_RECORDS)
    last = 0
    while rows := connection.execute(query.where(table.c.id > last)).all():
        yield [located_again(kind, row.document, place, source=source, company=company) for row in rows]
        last = rows[-1].id


def located_again(
    kind: Kind, document: str, place: FilePlace, *, source: Renamed | None = None, company: str | None = None
) -> LocatedRecord:
    """The record that a document was rendered from."""
    resource = json.loads(document)
    fields = record_fields(kind, resource)
    for citation, served in zip(fields.get("citations", []), resource.get("citations", []), strict=True):
        citation["quote"] = served["quote"]
        if source and citation["source"] == source[0]:
            citation["source"] = source[1]
    path = f"{printable(place.path)} (cited by {resource['url']})".strip()
    owner = resource.get("company")
    return LocatedRecord(
        replace(place, path=path), kind, company or owner if owner else None, RECORDS[kind].model_validate(fields)
    )
