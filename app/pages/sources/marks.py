"""The text of a source with its cited passages marked."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from app.records.passages import Passage, segment


class Cited(NamedTuple):
    """A cited passage, and the numbers of the facts that cite it."""

    start: int
    end: int
    numbers: list[int]


class Piece(NamedTuple):
    """A part of a sentence without a border in it. ``numbers`` are those of the facts whose passages end with it."""

    text: str
    is_cited: bool
    numbers: list[int]


class Sentence(NamedTuple):
    """A numbered sentence, in pieces."""

    number: int
    pieces: list[Piece]


class Paragraph(NamedTuple):
    """A numbered paragraph of the body."""

    number: int
    sentences: list[Sentence]


def marked_paragraphs(text: str, body_start: int, language: str | None, cited: Iterable[Cited]) -> list[Paragraph]:
    """The paragraphs of a text. Passages that overlap are cut at each other's borders, so that no mark lies in another."""
    passages = sorted(cited)
    paragraphs: list[Paragraph] = []
    for place in segment(text, body_start, language):
        if not paragraphs or paragraphs[-1].number != place.paragraph:
            paragraphs.append(Paragraph(place.paragraph, []))
        touching = [passage for passage in passages if passage.start < place.end and passage.end > place.start]
        paragraphs[-1].sentences.append(Sentence(place.sentence, list(_pieces(text, place, touching))))
    return paragraphs


class Context(NamedTuple):
    """What stands before and after a cited passage, from the start of the sentence before to the end of the one after."""

    before: str
    after: str


def context_of(text: str, sentences: Sequence[Passage], start: int, end: int) -> Context:
    """The context of a passage within its paragraph. ``sentences`` are all of the text."""
    within = [number for number, place in enumerate(sentences) if place.start < end and place.end > start]
    if not within:
        return Context("", "")
    own = sentences[within[0]].paragraph
    near = [place for place in sentences[max(0, within[0] - 1) : within[-1] + 2] if place.paragraph == own]
    return Context(text[min(near[0].start, start) : start], text[end : max(near[-1].end, end)])


def _pieces(text: str, place: Passage, cited: Sequence[Cited]) -> Iterator[Piece]:
    borders = {place.start, place.end}
    borders |= {border for passage in cited for border in passage[:2] if place.start < border < place.end}
    cuts = sorted(borders)
    for start, end in pairwise(cuts):
        is_cited = any(passage.start <= start and passage.end >= end for passage in cited)
        numbers = sorted({number for passage in cited if passage.end == end for number in passage.numbers})
        yield Piece(text[start:end], is_cited, numbers)
