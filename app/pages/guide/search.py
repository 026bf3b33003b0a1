"""Full-text search in the guide: its few files are read again for each search, which takes milliseconds."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.pages.guide.files import Chapter, chapters, content
from app.pages.guide.markdown import Anchors, plain

MOST_SECTIONS = 20
_MOST_OF_A_PAGE = 3
_EXCERPT = 180
_HEADING = re.compile(r"(#{1,3}) (.+)")


class Section(NamedTuple):
    """A section of a page that contains what was searched: its words are those around the first match."""

    chapter: Chapter
    anchor: str
    heading: str
    excerpt: str

    @property
    def url(self) -> str:
        return f"{self.chapter.url}#{self.anchor}" if self.anchor else self.chapter.url


def sections_with(query: str) -> list[Section]:
    """The sections that contain all words, those with a word in their heading first."""
    words = query.casefold().split()
    if not words:
        return []
    found = [ranked for chapter in chapters() for ranked in sorted(_found(chapter, words), key=_rank)[:_MOST_OF_A_PAGE]]
    return [section for _, section in sorted(found, key=_rank)[:MOST_SECTIONS]]


def _rank(ranked: tuple[int, Section]) -> int:
    return ranked[0]


def _found(chapter: Chapter, words: list[str]) -> Iterator[tuple[int, Section]]:
    for anchor, heading, text in _sections(chapter.name):
        searched = f"{chapter.title} {heading} {text}".casefold()
        if all(word in searched for word in words):
            headed = f"{chapter.title} {heading}".casefold()
            yield -sum(word in headed for word in words), Section(chapter, anchor, heading, _excerpt(text, words))


def _sections(name: str) -> Iterator[tuple[str, str, str]]:
    """The anchor, the heading and the text of each section; the first has the page's title and no anchor."""
    anchors = Anchors()
    anchor, heading = "", ""
    lines: list[str] = []
    is_code = False
    for line in content(name).splitlines():
        is_code ^= line.startswith("```")
        match = None if is_code else _HEADING.match(line)
        if match is None:
            lines.append(plain(line).replace("|", " ").removeprefix("```"))
            continue
        if lines:
            yield anchor, heading, " ".join(" ".join(lines).split())
        heading, lines = plain(match[2]), []
        anchor = "" if len(match[1]) == 1 else anchors.of(heading)
    yield anchor, heading, " ".join(" ".join(lines).split())


def _excerpt(text: str, words: list[str]) -> str:
    places = [place for place in (text.casefold().find(word) for word in words) if place >= 0]
    start = max(min(places, default=0) - _EXCERPT // 3, 0)
    start = text.rfind(" ", 0, start) + 1
    end = text.find(" ", start + _EXCERPT)
    end = len(text) if end < 0 else end
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")
