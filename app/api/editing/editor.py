"""Writes one record inside a transaction, with the checks of a dataset, and then what depends on the record."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from app.api.editing.record_from_body import refused
from app.api.facts.queries import require_company
from app.api.history.queries import Resource, refuse_missing
from app.database.models import Company, Source
from app.errors.reading import NotFound
from app.errors.writing import Conflict
from app.records.checks import check_record, resolve
from app.records.citations import CitedSources, SourceChange
from app.records.located import DatasetInvalid, FilePlace, Findings, LocatedRecord
from app.records.rewriting import changed_source, citing_records, of_company, stored_records, write_records
from app.records.withdrawal import forget_text, is_withdrawn
from app.records.writer import TABLES, PendingWrite, References, StoredResource, Written, write_changes
from app.revisions.former_addresses import address_of
from app.revisions.log import Reading, RevisionLog
from app.values.resources import FACT_KINDS, Kind


def find(connection: Connection, kind: Kind, company: str | None, slug: str) -> StoredResource | None:
    """What is stored at a URL; None if nothing is."""
    row = connection.execute(_stored(kind), {"slug": slug, "company": company}).one_or_none()
    return StoredResource(*row) if row else None


@cache
def _stored(kind: Kind) -> Select[Any]:
    table = TABLES[kind]
    query = select(table.c.id, table.c.document).where(table.c.slug == bindparam("slug"))
    if kind not in FACT_KINDS:
        return query
    company_id = select(Company.id).where(Company.slug == bindparam("company")).scalar_subquery()
    return query.add_columns(table.c.company_id).where(table.c.company_id == company_id)


def require(connection: Connection, kind: Kind, company: str | None, slug: str) -> StoredResource:
    """The same. Raises NotFound with the nearest slugs, Moved, or Gone, as reading does."""
    stored = find(connection, kind, company, slug)
    if stored is None:
        refuse_missing(connection, Resource(kind, slug, company))
        raise NotFound(f"There was no {kind} {slug!r} a moment ago.")
    return stored


def text_of(connection: Connection, kind: Kind, stored: StoredResource) -> str | None:
    """The text that a source was given with."""
    return connection.execute(select(Source.text).where(Source.id == stored.id)).scalar() if kind == "source" else None


@dataclass(frozen=True)
class Draft:
    """A checked record, ready to be written, and the row numbers of what it names."""

    change: PendingWrite
    references: References

    def read_at(self, newest: int) -> Reading:
        """What the draft was made from, read when a revision was the newest."""
        stored = self.change.stored
        named = [*self.references.companies.values(), *(self.references.sources or {}).values()]
        identities = [*named, stored.id] if stored else named
        return Reading(newest, identities, [self.change.located.url])


class Editor:
    """Drafts records from what is stored, and writes drafts. ``cited`` verifies the citations, or does not."""

    def __init__(self, connection: Connection, cited: type[CitedSources] = CitedSources) -> None:
        self._connection = connection
        self._cited = cited

    def draft(
        self, located: LocatedRecord, stored: StoredResource | None, restored: int | None = None, restores: str | None = None
    ) -> Draft:
        """A record to be created, or written over a stored one, whose URL may change. It only reads.

        Raises InvalidRecord if it refers to what does not exist, Conflict if another resource has its URL,
        NotFound for a fact without a company.
        """
        keeps_url = stored is not None and address_of(stored.document) == located.url
        companies: dict[str, int] = {}
        if located.company is not None:
            known = stored.company_id if stored and keeps_url else None
            companies[located.company] = known or require_company(self._connection, located.company)
        if not keeps_url:
            self._require_free(located, stored)
        sources = self._cited(self._connection)
        findings = Findings()
        check_record(located, findings)
        [(_, citations)] = resolve([located], sources, findings)
        if findings.count:
            raise refused(findings)
        return Draft(PendingWrite(located, citations, stored, restored, restores), References(companies, sources.ids))

    def _require_free(self, located: LocatedRecord, stored: StoredResource | None) -> None:
        taken = find(self._connection, located.kind, located.company, located.record.slug)
        if taken and (stored is None or taken.id != stored.id):
            address = address_of(taken.document)
            raise Conflict(f"There is a {located.kind} {located.record.slug!r} already.", suggestions=[address])

    def write(self, log: RevisionLog, draft: Draft) -> Written:
        """Writes a draft and what depends on it. Raises InvalidRecord if what cites a source no longer holds."""
        change = draft.change
        written = write_changes(self._connection, log, change.located.kind, [change], draft.references)[0]
        if change.stored and written.document:
            try:
                self._rewrite(log, change.stored, written)
            except DatasetInvalid as invalid:
                raise refused(invalid.findings) from None
        return written

    def _rewrite(self, log: RevisionLog, stored: StoredResource, written: Written) -> None:
        """Rewrites what names the record by its slug, or quotes it."""
        kind, slug = written.located.kind, written.located.record.slug
        before = address_of(stored.document).rpartition("/")[2]
        place = FilePlace(written.located.url, 0)
        sources = self._cited(self._connection)
        if kind == "company" and before != slug:
            for fact in FACT_KINDS:
                for batch in stored_records(self._connection, fact, of_company(fact, stored.id), place, company=slug):
                    write_records(self._connection, log, sources, fact, batch)
        change = changed_source(written) if kind == "source" else None
        if kind == "source" and (before != slug or change):
            changed = {slug: change or SourceChange(before, json.loads(stored.document)["sha256"], restated=False)}
            for other, batch in citing_records(self._connection, stored.id, place, source=(before, slug)):
                write_records(self._connection, log, sources, other, batch, changed)
        if kind == "source" and is_withdrawn(written):
            forget_text(self._connection, log, stored.id)
