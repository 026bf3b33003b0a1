"""Normalised company names and their similarity."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from anyascii import anyascii
from opencc import OpenCC
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from app.api.reconcile.legal_forms import (
    cut_words,
    is_form_alone,
    without_doubtful_form,
    without_east_asian_forms,
    without_generic_words,
    without_legal_forms,
)
from app.api.reconcile.word_variants import full_words
from app.values.text import LONGEST_KEY, fold

_IN_BRACKETS = re.compile(r"\([^()]*\)")
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

GREATEST = 100.0
SAME_BUT_LEGAL_FORM = 98.0
SAME_BUT_VARIANTS = 94.0
SAME_BUT_DOUBTFUL_FORM = 93.0
SAME_BUT_GENERIC_WORDS = 92.0
ONE_TYPO = 90.0
SHORTEST_WITH_TYPO = 5
PART_OF_OTHER = 0.8
GENERIC_WORDS_LEFT_OUT = 0.97
SAME_SOUND = 0.95
OTHER_NUMBER = 25.0


Spelling = tuple[str, str]
"""Words with spaces between them, and without. A plain tuple: the garbage collector need not look at it again."""


class Name(NamedTuple):
    """A name and its forms, each without case, accents and punctuation.

    Many are remembered. A full collection of garbage stops the process while it goes through them, so each is one object that
    holds only texts and tuples of texts.
    """

    text: str
    words: tuple[str, ...]
    """All its words."""
    as_given: tuple[str, ...]
    """Without legal forms."""
    core: tuple[str, ...]
    """The same with Chinese characters simplified."""
    latin: tuple[str, ...]
    """The core in Latin letters."""
    full: tuple[str, ...]
    """The core with abbreviated words in full, and without "and"."""
    undoubted: tuple[str, ...]
    """The core without what is a legal form in one name and a part of another, such as AO."""
    essence: tuple[str, ...]
    """The full words without generic ones and text in brackets; all of them if nothing would be left."""
    spelling: Spelling
    spelling_in_full: Spelling
    spelling_of_essence: Spelling
    sound: Spelling
    """The pronunciation of the core in Latin letters: both Яндекс and Yandex become Yandeks."""
    numbers: tuple[str, ...]

    @property
    def written(self) -> tuple[tuple[str, ...], ...]:
        """The core as given, in simplified and in traditional characters."""
        return tuple(dict.fromkeys((self.as_given, self.core, _converted(self.core, "s2t"))))

    @property
    def joined(self) -> str:
        return self.spelling[1]

    @property
    def is_east_asian(self) -> bool:
        """Whether it has Chinese, Japanese or Korean characters, which need no spaces between words."""
        return bool(_EAST_ASIAN.search(self.joined))

    @property
    def is_distinctive(self) -> bool:
        """Whether it has a word that is neither generic nor a legal form."""
        return bool(without_generic_words(self.core)) and not is_form_alone(self.core)


@lru_cache(maxsize=20_000)
def normalise_name(name: str) -> Name:
    """The forms of a name. A name beyond the maximum length is cut."""
    text = fold(name[:LONGEST_KEY])
    given = _core(text)
    joined = " ".join(given)
    latin = given if joined.isascii() else cut_words(anyascii(joined).lower())
    core = _converted(given, "t2s")
    full = full_words(core)
    essence = _essence(text, full)
    spelling = _spelled(core)
    return Name(
        text,
        cut_words(text),
        given,
        core,
        latin,
        full,
        without_doubtful_form(text, core),
        essence,
        spelling,
        spelling if full is core else _spelled(full),
        _spelled(essence),
        _spelled(word.replace("x", "ks") for word in latin),
        tuple(sorted({word for word in core if word.isdigit()})),
    )


def _spelled(words: Iterable[str]) -> Spelling:
    text = " ".join(words)
    return text, text.replace(" ", "")


def _essence(text: str, full: tuple[str, ...]) -> tuple[str, ...]:
    unbracketed = full_words(_converted(_core(_IN_BRACKETS.sub("", text)), "t2s")) if "(" in text else full
    essence = without_generic_words(unbracketed)
    return full if essence in ((), full) else essence


def _converted(words: tuple[str, ...], direction: Literal["s2t", "t2s"]) -> tuple[str, ...]:
    """The words with their Chinese characters converted to traditional or simplified ones."""
    if not any(_CHINESE.search(word) for word in words):
        return words
    return tuple(map(_converter(direction).convert, words))


@cache
def _converter(direction: Literal["s2t", "t2s"]) -> OpenCC:
    """Loaded when the first name needs it: the phrases of ``s2t`` take 28 MB."""
    return OpenCC(direction)


def _core(text: str) -> tuple[str, ...]:
    # Cut a legal form in brackets, such as (株), before the brackets are removed.
    return without_legal_forms(cut_words(without_east_asian_forms(" ".join(cut_words(without_east_asian_forms(text))))))


def similarity(one: Name, other: Name) -> float:
    """The similarity of two names, from 0 to 100.

    100: equal except for case, accents and punctuation. 98: equal except for the legal form. 94: equal except for abbreviations.
    93: equal except for what may be a legal form. 92: equal except for words such as "Group". 90: equal except for one typo.
    Otherwise the similarity of their spelling, regardless of word order.
    """
    if not one.core or not other.core:
        return 0.0
    if one.words == other.words:
        return GREATEST
    joined, other_joined = one.spelling[1], other.spelling[1]
    if joined == other_joined:
        return SAME_BUT_LEGAL_FORM
    if one.full is one.core and other.full is other.core:
        score = _spelling(one.spelling, other.spelling)
    else:
        score = min(_spelling(one.spelling_in_full, other.spelling_in_full), SAME_BUT_VARIANTS)
    if one.undoubted == other.undoubted:
        score = max(score, SAME_BUT_DOUBTFUL_FORM)
    if one.essence is not one.full or other.essence is not other.full:
        score = max(score, _essences(one, other))
    if not (joined.isascii() and other_joined.isascii()):
        score = max(score, _spelling(one.sound, other.sound) * SAME_SOUND)
    score = min(score, SAME_BUT_LEGAL_FORM)
    return max(score - OTHER_NUMBER, 0.0) if one.numbers != other.numbers else score


def _essences(one: Name, other: Name) -> float:
    if one.essence == other.essence:
        return SAME_BUT_GENERIC_WORDS
    return _spelling(one.spelling_of_essence, other.spelling_of_essence) * GENERIC_WORDS_LEFT_OUT


def _spelling(one: Spelling, other: Spelling) -> float:
    """The best of several comparisons. One whose best case is no better than what was found is left out."""
    (text, joined), (other_text, other_joined) = one, other
    if not joined or not other_joined:
        return 0.0
    best = fuzz.ratio(joined, other_joined)
    best = max(best, fuzz.token_sort_ratio(text, other_text, score_cutoff=best))
    if best < ONE_TYPO and _might_be_typo(len(joined), len(other_joined)):
        best = max(best, ONE_TYPO if OSA.distance(joined, other_joined, score_cutoff=1) == 1 else 0.0)
    if best < GREATEST * PART_OF_OTHER:
        best = max(best, fuzz.token_set_ratio(text, other_text) * PART_OF_OTHER)
    return best


def _might_be_typo(length: int, other_length: int) -> bool:
    return length >= SHORTEST_WITH_TYPO <= other_length and -1 <= length - other_length <= 1
