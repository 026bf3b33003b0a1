"""Texts of sources that are put together of what a file states, one statement a paragraph, so that a citation can quote it.

They are facts in this program's own words. Whoever has the file can have the same text made of it again.
"""

from itertools import islice

from app.records.passages import segment
from app.records.validation import Value

MOST_CITATIONS = 50


class CitedText:
    """The text of one source, and the citations of its paragraphs. A statement holds no full stop."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._paragraphs: dict[str, int] = {}

    def cite(self, statement: str) -> Value:
        """The citation of a statement, which becomes a paragraph of the text where it is new."""
        paragraph = self._paragraphs.setdefault(statement, len(self._paragraphs) + 1)
        return {"source": self.source, "paragraph": paragraph, "sentence": 1}

    @property
    def text(self) -> str:
        return "\n\n".join(self._paragraphs)


def cite_all(source: str, text: str) -> Value:
    """Citations of every sentence of a text: a name in it may look like the end of a sentence."""
    return [
        {"source": source, "paragraph": passage.paragraph, "sentence": passage.sentence}
        for passage in islice(segment(text, language="en"), MOST_CITATIONS)
    ]
