"""The citations of a page: numbered in the order in which the page names them, and listed at its foot."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from app.records.fact import Citation
from app.records.source import Source

_LONGEST_FRAGMENT = 300
"""Characters of a quote that a link names. Browsers look for all of them."""


class Endnote(NamedTuple):
    """A cited passage, with its number on the page. ``source`` is None if the page did not read so many sources."""

    number: int
    citation: Citation
    source: Source | None

    @property
    def original_url(self) -> str | None:
        """The document where it was published, at the words of the quote if they may be shown."""
        if self.source is None or self.source.original_url is None:
            return None
        words = self.citation.quote
        if words is None or len(words) > _LONGEST_FRAGMENT:
            return self.source.original_url
        mark = "" if "#" in self.source.original_url else "#"
        return f"{self.source.original_url}{mark}:~:text={re.sub('-', '%2D', quote(words, safe=''))}"


class Endnotes:
    """Gives each passage one number, however many facts cite it."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = {source.slug: source for source in sources}
        self._notes: dict[tuple[object, ...], Endnote] = {}

    def numbers(self, citations: Iterable[Citation]) -> list[int]:
        """The numbers of these citations, each once, in ascending order."""
        return [note.number for note in self.of(citations)]

    def of(self, citations: Iterable[Citation]) -> list[Endnote]:
        """The endnotes of these citations."""
        return sorted({note.number: note for note in map(self._note, citations)}.values())

    def _note(self, citation: Citation) -> Endnote:
        key = citation.source, citation.start, citation.end, citation.edition, citation.sha256
        if key not in self._notes:
            self._notes[key] = Endnote(len(self._notes) + 1, citation, self._sources.get(citation.source))
        return self._notes[key]

    @property
    def by_source(self) -> list[tuple[str, list[Endnote]]]:
        """The notes so far under the URL of their source, in the order in which the page names the sources."""
        groups: dict[str, list[Endnote]] = {}
        for note in self:
            groups.setdefault(note.citation.source_url, []).append(note)
        return list(groups.items())

    def __iter__(self) -> Iterator[Endnote]:
        return iter(self._notes.values())

    def __len__(self) -> int:
        return len(self._notes)
