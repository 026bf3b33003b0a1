"""Proving citations against a copy of their source that the user has."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, select

from app.database.models import Base, Source
from app.records.passages import CitationFault, Passage, SourceText, counted, digest
from app.records.writer import TABLES
from app.values.resources import FACT_KINDS, PLURALS, Kind

MOST_LISTED = 20
_BATCH = 1_000
_CITATIONS = Base.metadata.tables["citations"]


class VerificationImpossible(Exception):
    """There is no telling which source the text is of."""


@dataclass(slots=True)
class VerifyReport:
    """What a text proves: ``proved`` citations hold, ``failed`` do not, of which the first twenty are in ``failures``.

    ``differences`` says how the text as a whole differs from the source that was recorded. Its text is for people.
    """

    source: str
    proved: int = 0
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
        summary = f"{self.source}: {counted(self.proved, 'citation')} proved"
        return "\n".join([*lines, f"{summary}, {self.failed:,} not" if self.failed else summary])


class _Cited(NamedTuple):
    url: str
    place: Passage
    sha256: str


def verify(connection: Connection, text: str, source_slug: str | None = None) -> VerifyReport:
    """Proves each citation of a source: digest and characters of the passage, and the sentence that they lie in.

    Without a slug it is the source whose digest the text has, or else the only one there is.
    Raises VerificationImpossible.
    """
    sha256 = digest(text)
    slug = source_slug if source_slug is not None else _guess(connection, sha256)
    columns = select(Source.id, Source.length, Source.sha256, Source.body_start, Source.language)
    source = connection.execute(columns.where(Source.slug == slug)).one_or_none()
    if source is None:
        raise VerificationImpossible(f"there is no source {slug!r}; {_known(connection)}")
    report = VerifyReport(slug)
    if len(text) != source.length:
        report.differences.append(f"the text has {len(text):,} characters, and the source {source.length:,}")
    if sha256 != source.sha256:
        report.differences.append(f"the text has the digest {sha256}, and the source {source.sha256}: it is not the same text")
    source_text = SourceText(text, source.body_start, source.language)
    for cited in _citations(connection, source.id):
        _prove(cited, source_text, report)
    return report


def _prove(cited: _Cited, source_text: SourceText, report: VerifyReport) -> None:
    try:
        source_text.prove(cited.place, cited.sha256)
        report.proved += 1
    except CitationFault as fault:
        report.failed += 1
        if len(report.failures) < MOST_LISTED:
            place = f"paragraph {cited.place.paragraph} sentence {cited.place.sentence}"
            report.failures.append(f"{cited.url}: {place}: {fault}")


def _guess(connection: Connection, sha256: str) -> str:
    for query in (select(Source.slug).where(Source.sha256 == sha256), select(Source.slug)):
        slugs = connection.scalars(query.limit(2)).all()
        if len(slugs) == 1:
            return slugs[0]
    raise VerificationImpossible(f"say which source the text is of; {_known(connection)}")


def _known(connection: Connection) -> str:
    slugs = connection.scalars(select(Source.slug).order_by(Source.slug).limit(MOST_LISTED + 1)).all()
    if not slugs:
        return "the database has no sources"
    return f"there are {', '.join(slugs[:MOST_LISTED])}{' and more' if len(slugs) > MOST_LISTED else ''}"


def _citations(connection: Connection, source_id: int) -> Iterator[_Cited]:
    kinds: tuple[Kind, ...] = ("company", *FACT_KINDS)
    for kind in kinds:
        table, companies = TABLES[kind], TABLES["company"]
        query = select(_CITATIONS, table.c.slug.label("slug")).join(table, table.c.id == _CITATIONS.c[f"{kind}_id"])
        if kind != "company":
            query = query.add_columns(companies.c.slug.label("company")).join(companies, companies.c.id == table.c.company_id)
        query = query.where(_CITATIONS.c.source_id == source_id).order_by(_CITATIONS.c.id).limit(_BATCH)
        last = 0
        while rows := connection.execute(query.where(_CITATIONS.c.id > last)).all():
            for row in rows:
                owner = f"companies/{row.slug}" if kind == "company" else f"companies/{row.company}/{PLURALS[kind]}/{row.slug}"
                place = Passage(row.paragraph, row.sentence, row.start_character, row.end_character)
                yield _Cited(f"/v1/{owner}", place, row.sha256)
            last = rows[-1].id
