"""Legal forms in company names, which are cut before names are compared.

Forms that are separate words come from the package cleanco, plus a few that it lacks, without case, accents and dots.
Chinese, Japanese and Korean forms are not separated by spaces, so they are cut from the ends of a word.
"""

import re
from collections.abc import Iterator

from cleanco.termdata import terms_by_country, terms_by_type  # type: ignore[import-untyped]

from app.values.text import fold

_RUSSIAN = ("ао", "зао", "оао", "ооо", "пао")  # noqa: RUF001
_MORE = (
    *_RUSSIAN,
    "aktiengesellschaft", "berhad", "bhd", "company limited", "company ltd", "co limited", "co ltd", "corporation limited",
    "e v", "eg", "gesellschaft mit beschrankter haftung", "gmbh", "holding", "holdings", "inc", "incorporated",
    "joint stock company", "jsc", "k k", "kabushiki kaisha", "kaisha", "kk", "limited company", "limited liability company",
    "llc", "naamloze vennootschap",
    "pjsc", "private limited", "pte ltd", "pty", "public company limited", "public limited company",
    "pvt", "pvt ltd", "sa", "sab de cv", "sa de cv", "sas", "se", "sociedad anonima", "societa per azioni", "societe anonyme",
    "spa", "tbk", "the", "yk",
)  # fmt: skip
_FIRST = frozenset((*_RUSSIAN, "ab", "as", "oy", "pt", "pjsc", "the"))
"""Legal forms, and an article, that may precede a name. Other forms there are probably part of the name."""

GENERIC = frozenset(
    (
        "and", "co", "company", "corp", "corporation", "enterprise", "enterprises", "global", "group", "groupe", "grupo",
        "gruppe", "holding", "holdings", "intl", "international", "of", "tech", "technologies", "technology", "und", "worldwide",
    )
)  # fmt: skip
"""Words so common in names that a name is recognised without them."""

_EAST_ASIAN = tuple(
    sorted(
        (
            "股份有限公司", "有限責任公司", "有限责任公司", "有限公司", "控股", "公司", "集团", "集團", "株式会社", "有限会社",
            "合同会社", "주식회사", "유한회사", "유한책임회사", "(株)", "(有)", "(주)", "(유)",
        ),
        key=len,
        reverse=True,
    )
)  # fmt: skip
_EAST_ASIAN_FOLDED = tuple(fold(form) for form in _EAST_ASIAN)
_EAST_ASIAN_GENERIC = tuple(fold(word) for word in ("科技", "技术", "国际", "网络", "グループ", "그룹"))


def _terms() -> Iterator[str]:
    for terms in (*terms_by_type.values(), *terms_by_country.values()):
        yield from terms
    yield from _MORE


_BETWEEN_WORDS = re.compile(r"[\W_]+")
_SPELT_OUT = re.compile(r"\b[a-z](?: +[a-z]\b)+")
_JOINED = str.maketrans({"&": " and ", "+": " and ", ".": "", "'": "", "’": ""})


def cut_words(folded: str) -> tuple[str, ...]:
    """The words of a folded text. Dots and apostrophes don't separate words. Single letters are joined: S. A. is one word."""
    words = _BETWEEN_WORDS.sub(" ", folded.translate(_JOINED))
    return tuple(_SPELT_OUT.sub(lambda letters: letters[0].replace(" ", ""), words).split())


_LAST = frozenset(cut_words(fold(term)) for term in _terms()) - {()}
_LONGEST = max(len(words) for words in _LAST)


def without_legal_forms(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a name without the legal forms at its ends. At least one word remains."""
    while len(words) > 1:
        length = next((n for n in range(min(_LONGEST, len(words) - 1), 0, -1) if words[-n:] in _LAST), 0)
        if length:
            words = words[:-length]
        elif words[0] in _FIRST:
            words = words[1:]
        else:
            break
    return words


def without_east_asian_forms(text: str) -> str:
    """A folded text without East Asian legal forms such as 有限公司, whether separate words or the ends of words."""
    words = text.split()
    if text.isascii():
        return " ".join(words)
    return " ".join(_cut(word) for word in words if word not in _EAST_ASIAN_FOLDED or len(words) == 1)


def without_generic_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a core without generic ones. East Asian ones are cut from the end of a word."""
    return tuple(_cut_generic(word) for word in words if word not in GENERIC)


def _cut_generic(word: str) -> str:
    if word.isascii():
        return word
    for generic in _EAST_ASIAN_GENERIC:
        if len(word) > len(generic) + 1:
            word = word.removesuffix(generic)
    return word


def _cut(word: str) -> str:
    for form in _EAST_ASIAN_FOLDED:
        if len(word) > len(form) + 1:
            word = word.removesuffix(form).removeprefix(form)
    return word
