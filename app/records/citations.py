"""Turns the citations of a dataset into those that are served: complete, within their source, with their quote."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from app.database.models import Source
from app.records.fact import LONGEST_QUOTE, Checked, CitationRecord
from app.records.located import LocatedRecord
from app.records.passages import CitationFault, Passage, SourceText, digest
from app.records.source import SourceRecord
from app.records.staging import Staging

_SOURCES_HELD = 10_000
_TEXTS_HELD = 8


@dataclass(frozen=True, slots=True)
class CitedSource:
    """What a citation must agree with."""

    slug: str
    length: int
    sha256: str
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
    edition: str | None = None
    checked: Checked = "claimed"
    checked_at: str | None = None


class SourceChange(NamedTuple):
    """A source before it changed: its slug, and the digest of its text. If it is ``restated``, citations may not hold now."""

    slug: str
    sha256: str
    restated: bool


ChangedSources = Mapping[str, SourceChange]
"""The sources that a change touches, by their present slugs."""

NO_SOURCES: Final[ChangedSources] = MappingProxyType({})


def extent(record: SourceRecord) -> tuple[int, str]:
    """Length in characters and SHA-256 of the text of a source."""
    if record.text is not None:
        return len(record.text), digest(record.text)
    if record.length is None or record.sha256 is None:
        raise ValueError("a source without text has a length and a sha256")
    return record.length, record.sha256


class CitedSources:
    """The sources that records cite: those of the dataset, if there is one, before those of the database.

    Reads each source once, within bounds, and so serves one load. ``copies`` are texts, by their SHA-256, that the server does
    not store: citations are compared with them, and not quoted.
    """

    def __init__(self, connection: Connection, staging: Staging | None = None, copies: Mapping[str, str] | None = None) -> None:
        self._connection = connection
        self._staging = staging
        self._copies = copies or {}
        self._sources: dict[str, CitedSource] = {}
        self._texts: dict[str, SourceText] = {}

    def prepare(self, citations: Iterable[CitationRecord]) -> None:
        """Reads the sources that a batch cites, together."""
        if len(self._sources) > _SOURCES_HELD:
            self._sources.clear()
        missing = {citation.source for citation in citations} - self._sources.keys()
        for record in self._staged(sorted(missing)):
            self._sources[record.slug] = CitedSource(
                record.slug, *extent(record), record.body_start, record.language, record.text is not None
            )
        columns = (
            Source.slug, Source.length, Source.sha256, Source.body_start, Source.language, Source.text.is_not(None), Source.id,
        )  # fmt: skip
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
        if citation.edition not in (None, source.sha256):
            return of_earlier_edition(citation, source)
        text = self._text(source)
        passage, sha256 = _passage(citation, source, text)
        words = text.text[passage.start : passage.end] if text else None
        if words and len(words) > LONGEST_QUOTE:
            raise CitationFault("end", f"the passage has {len(words):,} characters; at most {LONGEST_QUOTE:,} are quoted")
        quote = words if source.has_text else None
        checked: Checked = "text" if text else "claimed"
        url = f"/v1/sources/{source.slug}"
        return ResolvedCitation(source.slug, url, *passage, sha256, quote, edition=None, checked=checked)

    def _text(self, source: CitedSource) -> SourceText | None:
        """The text that the server has, or a copy that was given."""
        if not source.has_text and source.sha256 not in self._copies:
            return None
        if source.slug not in self._texts:
            while len(self._texts) >= _TEXTS_HELD:
                self._texts.pop(next(iter(self._texts)))
            text = self._read_text(source.slug) if source.has_text else self._copies[source.sha256]
            self._texts[source.slug] = SourceText(text, source.body_start, source.language)
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


class FollowedSources(CitedSources):
    """The same for stored citations of changed sources.

    A citation whose passage stands in the new text follows it. Any other goes on to cite the earlier text.
    """

    def __init__(self, connection: Connection, changed: ChangedSources, staging: Staging | None = None) -> None:
        super().__init__(connection, staging)
        self._changed = changed

    def resolve(self, citation: CitationRecord) -> ResolvedCitation:
        change = self._changed.get(citation.source)
        source = self._sources[citation.source]
        if change is None or change.sha256 == source.sha256 or citation.edition:
            return super().resolve(citation)
        if source.has_text:
            try:
                return super().resolve(citation)
            except CitationFault:
                pass
        return of_earlier_edition(citation.model_copy(update={"edition": change.sha256}), source)


def of_earlier_edition(citation: CitationRecord, source: CitedSource) -> ResolvedCitation:
    """The citation of a text that the source had before. Its words prove it, and are served while the source has a text.

    Raises CitationFault if the words are not those of the digest.
    """
    resolved = unquoted(citation)
    resolved.edition = citation.edition
    _require_words(citation)
    resolved.quote = citation.quote if source.has_text else None
    return resolved


def unquoted(citation: CitationRecord) -> ResolvedCitation:
    """A complete citation as served for a source without text."""
    passage = _given(citation)
    if passage is None or citation.sha256 is None:
        raise ValueError("a citation of a source without text has paragraph, sentence, start, end and sha256")
    return ResolvedCitation(citation.source, f"/v1/sources/{citation.source}", *passage, citation.sha256, None)


def citations_of(located: LocatedRecord) -> list[CitationRecord]:
    """The citations of a company or a fact; a source has none."""
    return [] if isinstance(located.record, SourceRecord) else located.record.citations


def _given(citation: CitationRecord) -> Passage | None:
    """The passage of a citation that gives all its numbers."""
    paragraph, sentence, start, end = citation.paragraph, citation.sentence, citation.start, citation.end
    if paragraph is None or sentence is None or start is None or end is None:
        return None
    return Passage(paragraph, sentence, start, end)


def _passage(citation: CitationRecord, source: CitedSource, text: SourceText | None) -> tuple[Passage, str]:
    passage = _given(citation)
    if passage is None or citation.sha256 is None:
        if text is None:
            raise CitationFault("start", "is missing: the source is without text, so give start, end and sha256")
        passage = _find(citation, text)
        return passage, digest(text.text[passage.start : passage.end])
    _require_words(citation)
    if text is not None:
        text.verify(passage, citation.sha256)
    elif passage.end > source.length:
        raise CitationFault("end", f"the passage {passage.start}–{passage.end} lies beyond the end, {source.length}")
    return passage, citation.sha256


def _require_words(citation: CitationRecord) -> None:
    """Raises CitationFault if the words of a complete citation are not those of its digest."""
    if citation.quote is not None and digest(citation.quote) != citation.sha256:
        raise CitationFault("quote", "has another digest than the passage")


def _find(citation: CitationRecord, text: SourceText) -> Passage:
    if citation.quote is not None:
        return text.find(citation.quote, citation.paragraph, citation.sentence)
    if citation.paragraph is None or citation.sentence is None:
        raise ValueError("a citation has a quote, or paragraph and sentence")
    return text.sentence(citation.paragraph, citation.sentence)
