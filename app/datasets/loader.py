"""Loading a dataset: all of it or nothing, and only what differs from what is stored.

The records may come in any order, from one file or several: they are staged first, checked as a whole, then written
as sources, companies, milestones, products, metrics. Nothing is ever deleted: what a dataset leaves out stays.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, select

from app.datasets.checks import check, resolve_citations, stage
from app.datasets.citations import CitedSources
from app.datasets.records import KINDS, RECORDS, Kind, LocatedRecord, Place, Problems, printable
from app.datasets.staging import BATCH_RECORDS, Staging
from app.datasets.stored import record_fields
from app.datasets.writer import TABLES, Written, ids_of, write_batch
from app.models import Base
from app.revisions import Clock, RevisionLog, now

_CITATIONS = Base.metadata.tables["citations"]
_CITED_BY = ("length", "sha256", "body_start", "language", "has_text")
"""The fields of a source that decide which citations hold and what they quote."""


@dataclass(slots=True)
class LoadReport:
    """How many records of each kind were created, updated and unchanged, and the newest revision after that."""

    created: Counter[Kind] = field(default_factory=Counter)
    updated: Counter[Kind] = field(default_factory=Counter)
    unchanged: Counter[Kind] = field(default_factory=Counter)
    newest: int = 0


def load(
    connection: Connection,
    records: Iterable[LocatedRecord],
    *,
    actor: str,
    reason: str,
    clock: Clock = now,
    progress: Callable[[int], None] | None = None,
) -> LoadReport:
    """Loads the records inside the write transaction of ``connection``, which the caller commits or rolls back.

    ``progress`` is told the number of records after each batch that is written. Raises DatasetInvalid with every
    problem, before anything is written; only where a source changes so that citations of facts outside the dataset
    no longer hold does it come later, so roll back on any error.
    """
    report = LoadReport()
    with Staging() as staging:
        problems = stage(records, staging)
        with RevisionLog(connection, actor=actor, reason=reason, clock=clock) as log:
            sources = CitedSources(connection, staging)
            check(connection, staging, sources, problems)
            problems.raise_if_any()
            loading = _Loading(connection, log, sources, report)
            for kind in KINDS:
                for batch in staging.batches(kind):
                    loading.write(kind, batch)
                    if progress:
                        progress(len(batch))
            loading.renew_citing_records()
            report.newest = log.newest
    return report


class _Loading:
    """One load under way: what it writes through, and the sources whose citing records must follow."""

    def __init__(self, connection: Connection, log: RevisionLog, sources: CitedSources, report: LoadReport) -> None:
        self._connection = connection
        self._log = log
        self._sources = sources
        self._report = report
        self._restated: list[tuple[str, Place]] = []

    def write(self, kind: Kind, batch: list[LocatedRecord]) -> None:
        for written in self._write(kind, batch):
            getattr(self._report, written.outcome)[kind] += 1
            if kind == "source" and _is_restated(written):
                self._restated.append((written.located.record.slug, replace(written.located.place, lines={})))

    def renew_citing_records(self) -> None:
        """Renders what cites a changed source again: quotes come and go with its text. Raises DatasetInvalid."""
        for slug, place in self._restated:
            source_id = ids_of(self._connection, "source", [slug])[slug]
            for kind in KINDS[1:]:
                for batch in self._citing(kind, source_id, place):
                    for written in self._write(kind, batch):
                        if written.document:
                            self._report.updated[kind] += 1

    def _write(self, kind: Kind, batch: list[LocatedRecord]) -> list[Written]:
        problems = Problems()
        self._sources.prepare(batch)
        resolved = [(located, resolve_citations(located, self._sources, problems)) for located in batch]
        problems.raise_if_any()
        return write_batch(self._connection, self._log, kind, resolved)

    def _citing(self, kind: Kind, source_id: int, place: Place) -> Iterator[list[LocatedRecord]]:
        """The stored records that cite a source, as if read at the place of that source."""
        table, owner = TABLES[kind], _CITATIONS.c[f"{kind}_id"]
        citing = select(owner).where(_CITATIONS.c.source_id == source_id, owner.is_not(None))
        query = select(table.c.id, table.c.document).where(table.c.id.in_(citing)).order_by(table.c.id).limit(BATCH_RECORDS)
        last = 0
        while rows := self._connection.execute(query.where(table.c.id > last)).all():
            yield [_from_document(kind, row.document, place) for row in rows]
            last = rows[-1].id


def _from_document(kind: Kind, document: str, place: Place) -> LocatedRecord:
    resource = json.loads(document)
    record = RECORDS[kind].model_validate(record_fields(kind, resource))
    path = f"{printable(place.path)} (cited by {resource['url']})".strip()
    return LocatedRecord(replace(place, path=path), kind, resource.get("company"), record)


def _is_restated(written: Written) -> bool:
    if written.previous is None or written.document is None:
        return False
    before, after = json.loads(written.previous), json.loads(written.document)
    return any(before[name] != after[name] for name in _CITED_BY)
