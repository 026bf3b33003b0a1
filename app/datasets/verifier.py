"""Verifies citations against a copy of their source."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, or_, select

from app.database.models import Base, Source
from app.records.citations import CitedSources
from app.records.located import FilePlace
from app.records.passages import CitationFault, Passage, SourceText, counted, digest
from app.records.rewriting import citing_records, write_records
from app.records.writer import TABLES, ids_of
from app.revisions.log import RevisionLog
from app.values.resources import KINDS, PLURALS

MOST_LISTED = 20
_BATCH = 1_000
_CITATIONS = Base.metadata.tables["citations"]


class UnknownSource(Exception):
    """The source of the text is unknown or ambiguous."""


@dataclass(slots=True)
class VerifyReport:
    """The numbers of ``verified`` and ``failed`` citations, and messages about the first twenty failures.

    ``differences`` describes how the text differs from the recorded source. ``str`` gives a report for people.
    """

    source: str
    verified: int = 0
    failed: int = 0
    differences: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.differences and not self.failed

    def __str__(self) -> str:
        lines = [f"{self.source}: {difference}" for difference in self.differences] + self.failures
        if self.failed > len(self.failures):
            lines.append(f"… and {self.failed - len(self.failures):,} more")
        summary = f"{self.source}: {counted(self.verified, 'citation')} verified"
        return "\n".join([*lines, f"{summary}, {self.failed:,} not" if self.failed else summary])


class _Cited(NamedTuple):
    url: str
    place: Passage
    sha256: str


def verify(connection: Connection, text: str, source_slug: str | None = None) -> VerifyReport:
    """Verifies each citation of a source: the digest and position of its passage, and the sentence that contains it.

    If the text is an earlier one of the source, the citations of that one are verified; otherwise those of the current text.
    Without a slug the source is the one with the text's digest, or the only one in the database. Raises UnknownSource.
    """
    sha256 = digest(text)
    slug = source_slug if source_slug is not None else _guess(connection, sha256)
    columns = select(Source.id, Source.length, Source.sha256, Source.body_start, Source.language)
    source = connection.execute(columns.where(Source.slug == slug)).one_or_none()
    if source is None:
        raise UnknownSource(f"there is no source {slug!r}; {_known(connection)}")
    report = VerifyReport(slug)
    edition = sha256 if _has_edition(connection, source.id, sha256) else None
    if edition is None and len(text) != source.length:
        report.differences.append(f"the text has {len(text):,} characters, the source {source.length:,}")
    if edition is None and sha256 != source.sha256:
        report.differences.append(f"the SHA-256 of the text is {sha256}, that of the source {source.sha256}: the texts differ")
    source_text = SourceText(text, source.body_start, source.language)
    for cited in _citations(connection, source.id, edition):
        _verify(cited, source_text, report)
    return report


def record_checks(connection: Connection, text: str, slug: str, *, actor: str) -> int:
    """Stores that the citations of a source were compared with a text, and not the text. Returns how many records changed.

    Call it after ``verify`` found nothing wrong with the same text.
    """
    sources = CitedSources(connection, copies={digest(text): text})
    changed = 0
    with RevisionLog(connection, actor=actor, reason="Checked against a copy of the text") as log:
        source_id = ids_of(connection, "source", [slug])[slug]
        for kind, batch in citing_records(connection, source_id, FilePlace(slug, 0)):
            written = write_records(connection, log, sources, kind, batch)
            changed += sum(1 for record in written if record.document)
    return changed


def _verify(cited: _Cited, source_text: SourceText, report: VerifyReport) -> None:
    try:
        source_text.verify(cited.place, cited.sha256)
        report.verified += 1
    except CitationFault as fault:
        report.failed += 1
        if len(report.failures) < MOST_LISTED:
            place = f"paragraph {cited.place.paragraph} sentence {cited.place.sentence}"
            report.failures.append(f"{cited.url}: {place}: {fault}")


def _has_edition(connection: Connection, source_id: int, sha256: str) -> bool:
    query = select(_CITATIONS.c.id).where(_CITATIONS.c.source_id == source_id, _CITATIONS.c.edition == sha256).limit(1)
    return connection.execute(query).first() is not None


def _guess(connection: Connection, sha256: str) -> str:
    cited = select(_CITATIONS.c.source_id).where(_CITATIONS.c.edition == sha256)
    by_digest = select(Source.slug).where(or_(Source.sha256 == sha256, Source.id.in_(cited)))
    for query in (by_digest, select(Source.slug)):
        slugs = connection.scalars(query.limit(2)).all()
        if len(slugs) == 1:
            return slugs[0]
    raise UnknownSource(f"name the source of the text; {_known(connection)}")


def _known(connection: Connection) -> str:
    slugs = connection.scalars(select(Source.slug).order_by(Source.slug).limit(MOST_LISTED + 1)).all()
    if not slugs:
        return "the database has no sources"
    return f"known sources: {', '.join(slugs[:MOST_LISTED])}{' and more' if len(slugs) > MOST_LISTED else ''}"


def _citations(connection: Connection, source_id: int, edition: str | None) -> Iterator[_Cited]:
    for kind in KINDS[1:]:
        table, companies = TABLES[kind], TABLES["company"]
        query = select(_CITATIONS, table.c.slug.label("slug")).join(table, table.c.id == _CITATIONS.c[f"{kind}_id"])
        if kind != "company":
            query = query.add_columns(companies.c.slug.label("company")).join(companies, companies.c.id == table.c.company_id)
        query = (
            query.where(_CITATIONS.c.source_id == source_id, _CITATIONS.c.edition.is_not_distinct_from(edition))
            .order_by(_CITATIONS.c.id)
            .limit(_BATCH)
        )
        last = 0
        while rows := connection.execute(query.where(_CITATIONS.c.id > last)).all():
            for row in rows:
                owner = f"companies/{row.slug}" if kind == "company" else f"companies/{row.company}/{PLURALS[kind]}/{row.slug}"
                place = Passage(row.paragraph, row.sentence, row.start_character, row.end_character)
                yield _Cited(f"/v1/{owner}", place, row.sha256)
            last = rows[-1].id
