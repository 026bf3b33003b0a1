"""Source texts that are generated from the statements in a file, one statement per paragraph, so that citations can quote them.

They state facts in this program's own words. The same file always gives the same text.
"""

from itertools import islice

from app.records.passages import segment
from app.records.validation import Value

MOST_CITATIONS = 50


class CitedText:
    """The text of one source, and citations of its paragraphs. A statement contains no full stop."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._paragraphs: dict[str, int] = {}

    def cite(self, statement: str) -> Value:
        """The citation of a statement. A new statement is added to the text as a paragraph."""
        paragraph = self._paragraphs.setdefault(statement, len(self._paragraphs) + 1)
        return {"source": self.source, "paragraph": paragraph, "sentence": 1}

    @property
    def text(self) -> str:
        return "\n\n".join(self._paragraphs)


def cite_all(source: str, text: str) -> list[Value]:
    """Citations of every sentence of a text. There may be several, because a name can look like the end of a sentence."""
    return [
        {"source": source, "paragraph": passage.paragraph, "sentence": passage.sentence}
        for passage in islice(segment(text, language="en"), MOST_CITATIONS)
    ]
