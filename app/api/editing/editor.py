"""Writing one record at a time inside a transaction, checked as a dataset is, with what must follow it."""

from sqlalchemy import Connection, select

from app.api.editing.record_from_body import refused
from app.api.facts.queries import require_company
from app.api.history.queries import Resource, refuse_missing
from app.database.models import Source
from app.datasets.loader import is_restated, staged
from app.errors.writing import Conflict
from app.records.checks import check
from app.records.citations import CitedSources
from app.records.located import DatasetInvalid, LocatedRecord, Place
from app.records.rewriting import citing, of_company, stored_records, write_records
from app.records.writer import TABLES, Change, Stored, Written, write_changes
from app.revisions.former_addresses import address_of, id_at
from app.revisions.log import RevisionLog
from app.values.resources import FACT_KINDS, KINDS, Kind


def find(connection: Connection, kind: Kind, company: str | None, slug: str) -> Stored | None:
    """The id and the document of what has this address; None where nothing has."""
    table = TABLES[kind]
    identity = id_at(connection, kind, slug, company)
    document = connection.execute(select(table.c.document).where(table.c.id == identity)).scalar()
    return Stored(identity, document) if identity is not None and document is not None else None


def require(connection: Connection, kind: Kind, company: str | None, slug: str) -> Stored:
    """The same. Raises NotFound with the nearest slugs, Moved, or Gone, as reading does."""
    stored = find(connection, kind, company, slug)
    if stored is None:
        refuse_missing(connection, Resource(kind, slug, company))
        raise RuntimeError(f"{kind} {slug} is read but not found")
    return stored


def text_of(connection: Connection, kind: Kind, stored: Stored) -> str | None:
    """The text that a source was given with."""
    return connection.execute(select(Source.text).where(Source.id == stored.id)).scalar() if kind == "source" else None


class Editor:
    """Writes records inside one transaction, each with its revision. ``cited`` proves the citations, or does not."""

    def __init__(self, connection: Connection, log: RevisionLog, cited: type[CitedSources] = CitedSources) -> None:
        self._connection = connection
        self._log = log
        self._cited = cited

    def write(self, located: LocatedRecord, stored: Stored | None, restored: int | None = None) -> Written:
        """Creates a record, or writes it over a stored one, whose address it may change.

        Raises InvalidRecord where it refers to what does not exist, Conflict where another resource has its address,
        NotFound for a fact of no company.
        """
        if located.company is not None:
            require_company(self._connection, located.company)
        taken = find(self._connection, located.kind, located.company, located.record.slug)
        if taken and (stored is None or taken.id != stored.id):
            address = address_of(taken.document)
            raise Conflict(f"There is a {located.kind} {located.record.slug!r} already.", suggestions=[address])
        try:
            return self._write(located, stored, restored)
        except DatasetInvalid as invalid:
            raise refused(invalid.problems) from None

    def _write(self, located: LocatedRecord, stored: Stored | None, restored: int | None) -> Written:
        with staged([located]) as (staging, problems):
            sources = self._cited(self._connection, staging)
            [checked] = check(self._connection, staging, [located], sources, problems)
            problems.raise_if_any()
            change = Change(*checked, stored, restored)
            written = write_changes(self._connection, self._log, located.kind, [change])[0]
            if stored and written.document:
                self._restate(stored, written, sources)
            return written

    def _restate(self, stored: Stored, written: Written, sources: CitedSources) -> None:
        """Writes anew what names the record by its slug, or quotes it."""
        kind, slug = written.located.kind, written.located.record.slug
        before = address_of(stored.document).rpartition("/")[2]
        place = Place(written.located.url, 0)
        if kind == "company" and before != slug:
            for fact in FACT_KINDS:
                for batch in stored_records(self._connection, fact, of_company(fact, stored.id), place, company=slug):
                    write_records(self._connection, self._log, sources, fact, batch)
        if kind == "source" and (before != slug or is_restated(written)):
            for other in KINDS[1:]:
                for batch in stored_records(self._connection, other, citing(other, stored.id), place, source=(before, slug)):
                    write_records(self._connection, self._log, sources, other, batch)
