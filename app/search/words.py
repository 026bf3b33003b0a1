"""Words: how texts and queries are tokenized, so that both engines index and find the same ones.

A word is a run of letters and digits without case and accents. Chinese, Japanese and Korean are written without spaces,
so a run of their characters becomes its overlapping pairs: 百度公司 is 百度, 度公, 公司.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from app.values.text import fold

_CJK = "\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
_MARKS = "".join(chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code)) in ("Mn", "Mc"))
"""Vowel signs and accents: they belong to the word around them."""
_CJK_CHARACTER = re.compile(f"[{_CJK}][\u3099\u309a\uff9e\uff9f]?")
_RUN = re.compile(f"(?:[{_CJK}][\u3099\u309a]?)+|[^\\W_{_CJK}](?:[^\\W_{_CJK}]|[{_MARKS}])*")
_ASCII_RUN = re.compile(r"[a-z0-9]+")
_IS_CJK = re.compile(f"[{_CJK}]")
_QUERY_PART = re.compile(r'"([^"]*)"|([^\s"]+)')

LONGEST_WORD = 60
GAP = "⁂"
"""Separates two fields in the index, so that no phrase spans them: no word contains it."""
MOST_TERMS = 24


class Word(NamedTuple):
    """A word as indexed, and the characters of the text that it covers."""

    text: str
    start: int
    end: int


def words(text: str) -> Iterator[Word]:
    """The words of a text, in order."""
    if text.isascii():
        for run in _ASCII_RUN.finditer(text.lower()):
            yield Word(run[0][:LONGEST_WORD], *run.span())
        return
    for run in _RUN.finditer(text):
        start, end = run.span()
        characters = list(_CJK_CHARACTER.finditer(text, start, end)) if _IS_CJK.match(run[0]) else []
        if len(characters) > 1:
            for first, second in pairwise(characters):
                yield Word(fold(text[first.start() : second.end()]), first.start(), second.end())
        else:
            folded = "".join(part for part in fold(run[0]) if part.isalnum())[:LONGEST_WORD]
            if folded:
                yield Word(folded, start, end)


def word_texts(text: str) -> list[str]:
    """The same words without positions, which the index doesn't need."""
    if text.isascii():
        return [run[:LONGEST_WORD] for run in _ASCII_RUN.findall(text.lower())]
    return [word.text for word in words(text)]


class Term(NamedTuple):
    """A part of a query: one word or, as a phrase, several that follow each other."""

    words: tuple[str, ...]
    is_phrase: bool

    def found_at(self, text_words: list[Word], index: int) -> bool:
        """Whether the term starts at a word of a text; outside a phrase a prefix is enough."""
        here = text_words[index : index + len(self.words)]
        if len(here) < len(self.words):
            return False
        if not self.is_phrase:
            return here[0].text.startswith(self.words[0])
        return all(word.text == wanted for word, wanted in zip(here, self.words, strict=True))


def terms(query: str) -> list[Term]:
    """The terms of a query: each word; quoted text, and a run of CJK characters, as a phrase.

    Of more than MOST_TERMS words, only the first ones are used.
    """
    found: list[Term] = []
    for part in _QUERY_PART.finditer(query.translate(_QUOTES)):
        for run in [part[1]] if part[1] is not None else _RUN.findall(part[0]):
            cut = tuple(word.text for word in words(run))
            if cut:
                found.append(Term(cut, is_phrase=len(cut) > 1 or part[1] is not None))
    return list(dict.fromkeys(found))[:MOST_TERMS]


_QUOTES = str.maketrans(dict.fromkeys("“”„«»「」『』", '"'))


def spelling_variants(word: str) -> set[str]:
    """A word and what is left of it without one of its characters.

    Two words that are one insertion, deletion, substitution or exchange of neighbours apart share a variant, so a
    misspelt word is found by equality, at any size (the idea of SymSpell's deletes).
    """
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def can_be_misspelt(word: str) -> bool:
    """Short words, numbers and pairs of CJK characters are never corrected."""
    return len(word) > 3 and not _IS_CJK.match(word) and not word.isdigit()
