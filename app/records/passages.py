"""The text of a source: reading it, and finding its paragraphs and sentences.

Every position counts Unicode code points of the text from 0, end excluded.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

# The segmenter (1.0.32) panics at an initial after a space that is not ASCII, as in "J.\xa0B. Smith".
_ASCII_SPACES = {code: " " for code in range(0x80, 0x3001) if chr(code).isspace()}


class Passage(NamedTuple):
    """A sentence of the body, without surrounding white space. Ordinals count from 1."""

    paragraph: int
    sentence: int
    start: int
    end: int


class CitationFault(ValueError):
    """A citation that does not match its source: the field, and the reason."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def read_text(path: Path) -> str:
    """The text of a file, with line feeds as line ends and without byte order mark.

    Raises ValueError if the file cannot be read or is not UTF-8.
    """
    try:
        return decode(path.read_bytes())
    except OSError as error:
        raise ValueError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: is not UTF-8: byte 0x{error.object[error.start]:02x} at offset {error.start}") from None


def decode(content: bytes) -> str:
    """UTF-8 to text with line feeds as line ends and without byte order mark. Raises UnicodeDecodeError."""
    return content.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def digest(text: str) -> str:
    """The SHA-256 of a text in UTF-8, as lower-case hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def segment(text: str, body_start: int = 0, language: str | None = None) -> Iterator[Passage]:
    """The sentences of the body, which starts at ``body_start``; a blank line separates paragraphs.

    ``language`` is a BCP 47 tag; the default is English.
    """
    # Imported here, since only writes need the memory that it takes.
    from sentencex import get_sentence_boundaries  # type: ignore[import-untyped] # noqa: PLC0415

    segmenter_language = (language or "en").partition("-")[0].lower()
    for paragraph, (first, last) in enumerate(_paragraphs(text, body_start), start=1):
        block = text[first:last].translate(_ASCII_SPACES)
        sentence = 0
        for boundary in get_sentence_boundaries(segmenter_language, block):
            start, end = _trimmed(text, first + boundary["start_index"], first + boundary["end_index"])
            if start < end:
                sentence += 1
                yield Passage(paragraph, sentence, start, end)


def _paragraphs(text: str, body_start: int) -> Iterator[tuple[int, int]]:
    first: int | None = None
    position = body_start
    for line in text[body_start:].split("\n"):
        if line.strip():
            first = position if first is None else first
        elif first is not None:
            yield first, position - 1
            first = None
        position += len(line) + 1
    if first is not None:
        yield first, len(text)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    passage = text[start:end]
    return start + len(passage) - len(passage.lstrip()), end - (len(passage) - len(passage.rstrip()))


class SourceText:
    """A text and its sentences, to find citations in and to verify them."""

    def __init__(self, text: str, body_start: int = 0, language: str | None = None) -> None:
        self.text = text
        self._passages = {(passage.paragraph, passage.sentence): passage for passage in segment(text, body_start, language)}

    def sentence(self, paragraph: int, sentence: int) -> Passage:
        """The sentence at a place. Raises CitationFault if there is none."""
        passage = self._passages.get((paragraph, sentence))
        if passage:
            return passage
        sentences = sum(1 for place in self._passages if place[0] == paragraph)
        if sentences:
            raise CitationFault("sentence", f"paragraph {paragraph} has {counted(sentences, 'sentence')}, not {sentence}")
        paragraphs = max((place[0] for place in self._passages), default=0)
        raise CitationFault("paragraph", f"the text has {counted(paragraphs, 'paragraph')}, not {paragraph}")

    def find(self, quote: str, paragraph: int | None = None, sentence: int | None = None) -> Passage:
        """The only place of the words within one sentence: of the text, of a paragraph, or of a sentence.

        Raises CitationFault if they stand nowhere there, or more than once.
        """
        found = [
            Passage(place.paragraph, place.sentence, start, start + len(quote))
            for place in self._passages.values()
            if paragraph in (None, place.paragraph) and sentence in (None, place.sentence)
            for start in _occurrences(self.text, quote, place)
        ]
        if len(found) == 1:
            return found[0]
        if found:
            named = " and ".join(f"paragraph {place.paragraph} sentence {place.sentence}" for place in found[:2])
            more = f" and {len(found) - 2:,} more places" if len(found) > 2 else ""
            raise CitationFault("quote", f"stands in {named}{more}: say which, or quote more words")
        where = "the text" if paragraph is None else f"paragraph {paragraph}" + (f" sentence {sentence}" if sentence else "")
        if quote in self.text and paragraph is None:
            raise CitationFault("quote", "goes beyond one sentence: cite each sentence by itself")
        raise CitationFault("quote", f"stands nowhere in {where}")

    def verify(self, place: Passage, sha256: str) -> None:
        """Raises CitationFault unless the cited characters lie in the named sentence and have the digest."""
        if place.end > len(self.text):
            raise CitationFault("end", f"the passage {_span(place)} lies beyond the end, {len(self.text)}")
        if digest(self.text[place.start : place.end]) != sha256:
            raise CitationFault("sha256", f"the passage {_span(place)} has another digest")
        named = self.sentence(place.paragraph, place.sentence)
        if place.start < named.start or place.end > named.end:
            raise CitationFault(
                "sentence",
                f"the passage {_span(place)} lies in {self._whereabouts(place)},"
                f" not within paragraph {named.paragraph} sentence {named.sentence}, which is {_span(named)}",
            )

    def _whereabouts(self, place: Passage) -> str:
        touched = [passage for passage in self._passages.values() if passage.start < place.end and passage.end > place.start]
        if not touched:
            return "no sentence"
        names = [f"paragraph {passage.paragraph} sentence {passage.sentence}" for passage in (touched[0], touched[-1])]
        return " to ".join(dict.fromkeys(names))


def _occurrences(text: str, quote: str, place: Passage) -> Iterator[int]:
    start = text.find(quote, place.start, place.end)
    while start >= 0:
        yield start
        start = text.find(quote, start + 1, place.end)


def counted(number: int, noun: str) -> str:
    """The number with its noun: 1 sentence, 2 sentences."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _span(passage: Passage) -> str:
    return f"{passage.start}–{passage.end}"
