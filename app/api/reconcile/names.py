"""Normalised company names and their similarity."""

import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Literal, NamedTuple, Self

from anyascii import anyascii
from opencc import OpenCC
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from app.api.reconcile.legal_forms import cut_words, without_east_asian_forms, without_generic_words, without_legal_forms
from app.values.text import LONGEST_KEY, fold

_IN_BRACKETS = re.compile(r"\([^()]*\)")
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

SAME_BUT_LEGAL_FORM = 98.0
SAME_BUT_GENERIC_WORDS = 92.0
ONE_TYPO = 90.0
SHORTEST_WITH_TYPO = 5
PART_OF_OTHER = 0.8
GENERIC_WORDS_LEFT_OUT = 0.97
SAME_SOUND = 0.95
OTHER_NUMBER = 25.0


class Spelling(NamedTuple):
    """Words with spaces between them, and without."""

    text: str
    joined: str

    @classmethod
    def of(cls, words: tuple[str, ...]) -> Self:
        return cls(" ".join(words), "".join(words))


@dataclass(frozen=True)
class Name:
    """A name and its forms, each without case, accents and punctuation.

    ``words`` holds all its words, ``as_given`` those without legal forms, ``core`` the same with Chinese characters
    simplified, ``latin`` the core in Latin letters.
    """

    text: str
    words: tuple[str, ...]
    as_given: tuple[str, ...]
    core: tuple[str, ...]
    latin: tuple[str, ...]

    @cached_property
    def written(self) -> tuple[tuple[str, ...], ...]:
        """The core as given, in simplified and in traditional characters."""
        return tuple(dict.fromkeys((self.as_given, self.core, _converted(self.core, "s2t"))))

    @cached_property
    def spelling(self) -> "Spelling":
        return Spelling.of(self.core)

    @cached_property
    def spelling_of_essence(self) -> "Spelling":
        return Spelling.of(self.essence)

    @cached_property
    def joined(self) -> str:
        return self.spelling.joined

    @cached_property
    def sound(self) -> "Spelling":
        """The pronunciation of the core in Latin letters: both Яндекс and Yandex become Yandeks."""
        return Spelling.of(tuple(word.replace("x", "ks") for word in self.latin))

    @cached_property
    def essence(self) -> tuple[str, ...]:
        """The core without generic words and text in brackets; the whole core if nothing would be left."""
        core = _converted(_core(_IN_BRACKETS.sub("", self.text)), "t2s") if "(" in self.text else self.core
        return without_generic_words(core) or self.core

    @cached_property
    def numbers(self) -> frozenset[str]:
        return frozenset(word for word in self.core if word.isdigit())

    @cached_property
    def is_east_asian(self) -> bool:
        """Whether it has Chinese, Japanese or Korean characters, which need no spaces between words."""
        return bool(_EAST_ASIAN.search(self.joined))


@lru_cache(maxsize=20_000)
def normalise_name(name: str) -> Name:
    """The forms of a name. A name beyond the maximum length is cut."""
    text = fold(name[:LONGEST_KEY])
    given = _core(text)
    joined = " ".join(given)
    latin = given if joined.isascii() else cut_words(anyascii(joined).lower())
    return Name(text, cut_words(text), given, _converted(given, "t2s"), latin)


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

    100: equal except for case, accents and punctuation. 98: equal except for the legal form. 92: equal except for words such
    as "Group". 90: equal except for one typo. Otherwise the similarity of their spelling, regardless of word order.
    """
    if not one.core or not other.core:
        return 0.0
    if one.words == other.words:
        return 100.0
    if one.joined == other.joined:
        return SAME_BUT_LEGAL_FORM
    score = _spelling(one.spelling, other.spelling)
    if one.essence != one.core or other.essence != other.core:
        score = max(score, _essences(one, other))
    if not (one.joined.isascii() and other.joined.isascii()):
        score = max(score, _spelling(one.sound, other.sound) * SAME_SOUND)
    score = min(score, SAME_BUT_LEGAL_FORM)
    return max(score - OTHER_NUMBER, 0.0) if one.numbers != other.numbers else score


def _essences(one: Name, other: Name) -> float:
    if one.essence == other.essence:
        return SAME_BUT_GENERIC_WORDS
    return _spelling(one.spelling_of_essence, other.spelling_of_essence) * GENERIC_WORDS_LEFT_OUT


def _spelling(one: Spelling, other: Spelling) -> float:
    if not one.joined or not other.joined:
        return 0.0
    lengths = len(one.joined), len(other.joined)
    might_be_typo = min(lengths) >= SHORTEST_WITH_TYPO and max(lengths) - min(lengths) <= 1
    return max(
        ONE_TYPO if might_be_typo and OSA.distance(one.joined, other.joined, score_cutoff=1) == 1 else 0.0,
        fuzz.ratio(one.joined, other.joined),
        fuzz.token_sort_ratio(one.text, other.text),
        fuzz.token_set_ratio(one.text, other.text) * PART_OF_OTHER,
    )
