"""Texts are plain English: no idiom that a reader of documentation has to read twice.

The pages are checked.
"""

import re
from pathlib import Path

import pytest

from tests.project.test_examples import PAGES

ROOT = Path(__file__).parents[2]
IDIOMS = {
    r"shall": "must, will",
    r"whoever|who asks": "the client, the caller",
    r"hangs? on": "depends on",
    r"put right": "corrected",
    r"spoilt": "invalid, damaged",
    r"(?:is|are) none": "is invalid, does not exist",
    r"there (?:is|are) not": "does not exist",
    r"such a one": "the noun again",
    r"told": "reported, described",
    r"(?:tells?|says?) of": "reports, describes",
    r"to be had": "available",
    r"(?:is|are) to be": "must be, will be",
    r"where there (?:is|are) none": "if it does not exist",
    r"answered with": "returns",
    r"unless given": "default",
}
"""What not to write, as regular expressions, and what to write instead."""
_FOUND = re.compile(rf"\b({'|'.join(IDIOMS)})\b")


def prose(page: Path) -> str:
    """A page without its blocks of code and their output."""
    return re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)


def idioms(text: str) -> list[str]:
    return _FOUND.findall(" ".join(text.split()))


@pytest.mark.parametrize("text", ["What shall be is\n none.", "It hangs on whoever waits.", "Told of, to be had."])
def test_an_idiom_is_caught(text: str) -> None:
    assert idioms(text)


def test_plain_words_are_not_caught() -> None:
    assert idioms("A shallow filter: NONE is None, and the rest depends on it.") == []


def test_pages_are_plain_english() -> None:
    found = {page.relative_to(ROOT).as_posix(): idioms(prose(page)) for page in PAGES}
    assert {page: words for page, words in found.items() if words} == {}
