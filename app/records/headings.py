"""Finding the title and the byline at the start of a text, which are no paragraphs of its body."""

import re
from collections.abc import Iterable
from io import StringIO

from app.values.text import fold

_BYLINE = re.compile(r"(?:by|von|par|por|di|door|av|af)\b.{1,100}(?<![.!?])", re.IGNORECASE)
"""A line such as "By the desk" or "Von A. Autor". A sentence ends with a full stop."""


def after_heading(text: str, body_start: int, title: str, authors: Iterable[str]) -> int | None:
    """The character after a title and a byline that the body starts with; None if it does not start with them.

    A title is a line that equals that of the source; a byline is one that equals an author, or begins like one.
    """
    named = {_plain(name) for name in (title, *authors)}
    position = body_start
    found = False
    for line in StringIO(text[body_start:]):  # reads the first lines of a long text only
        words = line.strip()
        if words and _plain(words) not in named and not _BYLINE.fullmatch(words):
            return position + line.index(words) if found else None
        found = found or bool(words)
        position += len(line)
    return None


def _plain(words: str) -> str:
    """Words as they are compared: without a mark of a heading, and without punctuation at the end."""
    return fold(words.lstrip("# ").rstrip(".:!? "))
