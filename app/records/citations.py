"""Turns the citations of a dataset into those that are served: complete, within their source, with their quote."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.database.models import Source
from app.records.fact import CitationRecord
from app.records.located import LocatedRecord
from app.records.passages import CitationFault, Passage, SourceText, digest
from app.records.source import SourceRecord
from app.records.staging import Staging

_LONGEST_QUOTE = 20_000
_SOURCES_HELD = 10_000
_TEXTS_HELD = 8


@dataclass(frozen=True, slots=True)
class CitedSource:
    """What a citation must agree with."""

    slug: str
    length: int
    body_start: int
    language: str | None
    has_text: bool
    id: int | None = None
    """Of the source's row; None if the source comes from the dataset."""


@dataclass(slots=True)
class ResolvedCitation:
    """A citation as it is served, field by field: see ``app.records.fact.Citation``."""

    source: str
    source_url: str
    paragraph: int
    sentence: int
    start: int
    end: int
    sha256: str
    quote: str | None


def extent(record: SourceRecord) -> tuple[int, str]:
    """Length in characters and SHA-256 of the text of a source."""
    if record.text is not None:
        return len(record.text), digest(record.text)
    if record.length is None or record.sha256 is None:
        raise ValueError("a source without text has a length and a sha256")
    return record.length, record.sha256


class CitedSources:
    """The sources that records cite: those of the dataset, if there is one, before those of the database.

    Reads each source once, within bounds, and so serves one load.
    """

    def __init__(self, connection: Connection, staging: Staging | None = None) -> None:
        self._connection = connection
        self._staging = staging
        self._sources: dict[str, CitedSource] = {}
        self._texts: dict[str, SourceText] = {}

    def prepare(self, citations: Iterable[CitationRecord]) -> None:
        """Reads the sources that a batch cites, together."""
        if len(self._sources) > _SOURCES_HELD:
            self._sources.clear()
        missing = {citation.source for citation in citations} - self._sources.keys()
        for record in self._staged(sorted(missing)):
            self._sources[record.slug] = CitedSource(
                record.slug, extent(record)[0], record.body_start, record.language, record.text is not None
            )
        columns = (Source.slug, Source.length, Source.body_start, Source.language, Source.text.is_not(None), Source.id)
        remaining = sorted(missing - self._sources.keys())
        for start in range(0, len(remaining), 1_000):
            for row in self._connection.execute(select(*columns).where(Source.slug.in_(remaining[start : start + 1_000]))):
                self._sources[row.slug] = CitedSource(*row)

    @property
    def ids(self) -> dict[str, int]:
        """The row numbers of the sources of prepared batches that the database holds, by slug."""
        return {slug: source.id for slug, source in self._sources.items() if source.id is not None}

    def knows(self, slug: str) -> bool:
        """Whether a source of a prepared batch exists."""
        return slug in self._sources

    def resolve(self, citation: CitationRecord) -> ResolvedCitation:
        """The citation as served. Raises CitationFault if it does not match its source."""
        source = self._sources[citation.source]
        text = self._text(source) if source.has_text else None
        passage, sha256 = _passage(citation, source, text)
        quote = text.text[passage.start : passage.end] if text else None
        if quote and len(quote) > _LONGEST_QUOTE:
            raise CitationFault("end", f"the passage has {len(quote):,} characters; at most {_LONGEST_QUOTE:,} are quoted")
        return ResolvedCitation(source.slug, f"/v1/sources/{source.slug}", *passage, sha256, quote)

    def _text(self, source: CitedSource) -> SourceText:
        if source.slug not in self._texts:
            while len(self._texts) >= _TEXTS_HELD:
                self._texts.pop(next(iter(self._texts)))
            self._texts[source.slug] = SourceText(self._read_text(source.slug), source.body_start, source.language)
        return self._texts[source.slug]

    def _staged(self, slugs: Sequence[str]) -> Iterator[SourceRecord]:
        found = self._staging.find("source", slugs) if self._staging else ()
        return (located.record for located in found if isinstance(located.record, SourceRecord))

    def _read_text(self, slug: str) -> str:
        for record in self._staged([slug]):
            if record.text is not None:
                return record.text
        return self._connection.scalar(select(Source.text).where(Source.slug == slug)) or ""


class UnverifiedSources(CitedSources):
    """The same for citations that were verified before: one that no longer matches stays as it is, without a quote."""

    def resolve(self, citation: CitationRecord) -> ResolvedCitation:
        try:
            return super().resolve(citation)
        except CitationFault:
            return unquoted(citation)


def unquoted(citation: CitationRecord) -> ResolvedCitation:
    """A complete citation as served for a source without text."""
    if citation.start is None or citation.end is None or citation.sha256 is None:
        raise ValueError("a citation of a source without text has start, end and sha256")
    passage = Passage(citation.paragraph, citation.sentence, citation.start, citation.end)
    return ResolvedCitation(citation.source, f"/v1/sources/{citation.source}", *passage, citation.sha256, None)


def citations_of(located: LocatedRecord) -> list[CitationRecord]:
    """The citations of a company or a fact; a source has none."""
    return [] if isinstance(located.record, SourceRecord) else located.record.citations


def _passage(citation: CitationRecord, source: CitedSource, text: SourceText | None) -> tuple[Passage, str]:
    if citation.start is None or citation.end is None or citation.sha256 is None:
        if text is None:
            raise CitationFault("start", "is missing: the source is without text, so give start, end and sha256")
        passage = text.sentence(citation.paragraph, citation.sentence)
        return passage, digest(text.text[passage.start : passage.end])
    passage = Passage(citation.paragraph, citation.sentence, citation.start, citation.end)
    if text is not None:
        text.verify(passage, citation.sha256)
    elif passage.end > source.length:
        raise CitationFault("end", f"the passage {passage.start}–{passage.end} lies beyond the end, {source.length}")
    return passage, citation.sha256
