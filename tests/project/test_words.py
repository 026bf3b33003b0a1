"""Texts are plain English: no idiom that a reader of documentation has to read twice.

The pages are checked, and the comments and strings of ``app`` with them: docstrings, messages, and what OpenAPI describes.
"""

import re
import tokenize
from collections.abc import Iterator
from itertools import groupby
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
    r"(?<!if there )(?:is|are) (?-i:none)": "is invalid, does not exist",
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
_TEXTS = {tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", None)}
_FOUND = re.compile(rf"\b({'|'.join(IDIOMS)})\b", re.IGNORECASE)


def prose(page: Path) -> str:
    """A page without its blocks of code and their output."""
    return re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)


def idioms(text: str) -> list[str]:
    return _FOUND.findall(" ".join(text.split()))


@pytest.mark.parametrize(
    "text", ["What shall it?", "It is\n none.", "It hangs on it.", "Whoever waits.", "Told once.", "It is to be had."]
)
def test_an_idiom_is_caught(text: str) -> None:
    assert idioms(text)


def test_plain_words_are_not_caught() -> None:
    assert idioms("A shallow filter: NONE is None, and the rest depends on it.") == []


def test_pages_are_plain_english() -> None:
    found = {page.relative_to(ROOT).as_posix(): idioms(prose(page)) for page in PAGES}
    assert {page: words for page, words in found.items() if words} == {}


def texts(program: Path) -> Iterator[tuple[int, str]]:
    """The comments and strings of a program, each with its line. Adjacent ones are one text."""
    with program.open("rb") as file:
        tokens = [token for token in tokenize.tokenize(file.readline) if token.type != tokenize.NL]
    for kind, group in groupby(tokens, key=lambda token: token.type):
        if kind in _TEXTS:
            found = list(group)
            yield found[0].start[0], " ".join(_content(token.string) for token in found)


def _content(text: str) -> str:
    return text.lstrip("#").strip() if text.startswith("#") else text.strip("\"'")


def places(program: Path) -> list[str]:
    """Each text with an idiom, as ``file:line: idiom``."""
    return [f"{program}:{line}: {idiom}" for line, text in texts(program) for idiom in idioms(text)]


def test_an_idiom_in_a_program_is_caught(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("""told = "a plain text"  # whoever\nfail("The key is"\n     " none.")\n# one\n# that shall\n# be\n""")
    assert places(program) == [f"{program}:1: whoever", f"{program}:2: is none", f"{program}:4: shall"]


def test_the_program_is_plain_english() -> None:
    assert [place.removeprefix(f"{ROOT}/") for program in sorted((ROOT / "app").rglob("*.py")) for place in places(program)] == []
