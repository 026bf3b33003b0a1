"""Loading a dataset: all or nothing, and only what differs from the database.

Records may come in any order, from one file or several. They are staged first, then checked and written batch by batch:
sources, companies, milestones, products, metrics. Resources that are not in the dataset stay, unless the load prunes.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from app.datasets.pruning import PruneScope, remove_unlisted
from app.records.checks import CitedRecord, check, check_invalid, stage
from app.records.citations import CitedSources, FollowedSources, SourceChange
from app.records.located import DatasetFinding, FilePlace, Findings, LocatedRecord
from app.records.rewriting import changed_source, citing_records, write_records
from app.records.shared_identifiers import SharedIdentifier, shared_identifiers
from app.records.staging import Staging
from app.records.withdrawal import forget_text, is_served_again, is_withdrawn
from app.records.writer import Written, ids_of, write_batch
from app.revisions.log import RevisionLog
from app.values.dates import Clock, now
from app.values.resources import KINDS, Kind


@dataclass(slots=True)
class LoadReport:
    """The numbers of created, updated, unchanged and deleted records by kind, and the newest revision before and after."""

    created: Counter[Kind] = field(default_factory=Counter)
    updated: Counter[Kind] = field(default_factory=Counter)
    unchanged: Counter[Kind] = field(default_factory=Counter)
    deleted: Counter[Kind] = field(default_factory=Counter)
    warnings: list[DatasetFinding] = field(default_factory=list)
    """What is valid but looks like a mistake."""
    left: list[str] = field(default_factory=list)
    """URLs of records that the dataset no longer contains and that cite an earlier text of their source."""
    shared: list[SharedIdentifier] = field(default_factory=list)
    """The first identifiers that companies of the load have in common with others."""
    before: int = 0
    newest: int = 0

    def __str__(self) -> str:
        created, updated, deleted = self.created.total(), self.updated.total(), self.deleted.total()
        return in_words(created, updated, deleted, self.unchanged.total(), self.newest)


def in_words(created: int, updated: int, deleted: int, unchanged: int, newest: int) -> str:
    """What a load did, in words."""
    pruned = f", {deleted:,} deleted" if deleted else ""
    return f"{created:,} created, {updated:,} updated{pruned}, {unchanged:,} unchanged; newest revision {newest:,}"


@contextmanager
def staged(records: Iterable[LocatedRecord]) -> Iterator[tuple[Staging, Findings]]:
    """The records in staging. They are read before any lock is taken, so a slow pipe blocks nobody."""
    with Staging() as staging:
        yield staging, stage(records, staging)


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

    Raises what ``load_staged`` raises.
    """
    with staged(records) as (staging, findings):
        log = RevisionLog(connection, actor=actor, reason=reason, clock=clock)
        return load_staged(connection, log, staging, findings, progress=progress)


def load_staged(
    connection: Connection,
    revisions: RevisionLog,
    staging: Staging,
    findings: Findings,
    *,
    prune: PruneScope | None = None,
    copies: Mapping[str, str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> LoadReport:
    """Loads the staged records. With ``prune``, resources within that scope that are not staged are deleted.

    ``copies`` are texts that citations are compared with and that are not stored, by their SHA-256. ``progress`` is called
    with the number of records after each written batch. Raises DatasetInvalid with everything that is wrong. After the first
    finding nothing more is written; the caller must roll back what was.
    """
    with revisions as log:
        report = LoadReport(before=log.newest, warnings=findings.warnings)
        sources = CitedSources(connection, staging, copies)
        loading = _Loading(connection, log, staging, report, findings)
        for kind in KINDS:
            for batch in staging.batches(kind):
                checked = check(connection, staging, batch, sources, findings)
                if findings.count:
                    continue
                loading.write(kind, checked)
                if progress:
                    progress(len(batch))
        check_invalid(connection, staging, findings)
        findings.raise_if_any()
        if prune:
            report.deleted = remove_unlisted(connection, log, staging, prune)
        loading.renew_citing_records()
        loading.forget_withdrawn_texts()
        report.newest = log.newest
        if report.created["company"] or report.updated["company"]:
            report.shared = shared_identifiers(connection, since=report.before)
    return report


class _Loading:
    """A load in progress, and the changed sources whose citing records must be written again."""

    def __init__(
        self, connection: Connection, log: RevisionLog, staging: Staging, report: LoadReport, findings: Findings
    ) -> None:
        self._connection = connection
        self._log = log
        self._staging = staging
        self._report = report
        self._findings = findings
        self._restated: dict[str, FilePlace] = {}
        self._changed: dict[str, SourceChange] = {}
        self._withdrawn: list[str] = []

    def write(self, kind: Kind, batch: list[CitedRecord]) -> None:
        for written in write_batch(self._connection, self._log, kind, batch, first_time=True, changed=self._changed):
            getattr(self._report, written.outcome)[kind] += 1
            if kind == "source" and written.previous and written.document:
                self._note_change(written)

    def _note_change(self, written: Written) -> None:
        slug, place = written.located.record.slug, written.located.place
        if is_withdrawn(written):
            self._withdrawn.append(slug)
        elif is_served_again(written):
            self._findings.warn(place.finding("text", "was withdrawn; now it is served again"))
        if change := changed_source(written):
            self._restated[slug] = replace(place, lines={})
            self._changed[slug] = change

    def renew_citing_records(self) -> None:
        """Writes again what cites a restated source: it follows the new text, or goes on to cite the earlier one."""
        sources = FollowedSources(self._connection, self._changed, self._staging)
        ids = ids_of(self._connection, "source", self._restated)
        for slug, place in self._restated.items():
            for kind, batch in citing_records(self._connection, ids[slug], place):
                self._renew(sources, kind, batch)

    def forget_withdrawn_texts(self) -> None:
        """Removes the texts of withdrawn sources from the past, after what cites them was written without quotes."""
        for source_id in ids_of(self._connection, "source", self._withdrawn).values():
            forget_text(self._connection, self._log, source_id)

    def _renew(self, sources: CitedSources, kind: Kind, batch: list[LocatedRecord]) -> None:
        renewed = [
            record
            for record in write_records(self._connection, self._log, sources, kind, batch, self._changed)
            if record.document
        ]
        self._report.updated[kind] += len(renewed)
        self._report.left += [record.located.url for record in renewed if cites_earlier_text(str(record.document))]


def cites_earlier_text(document: str) -> bool:
    """Whether a citation of a company or a fact has a passage that its source's present text lacks."""
    return any(citation["edition"] for citation in json.loads(document)["citations"])
