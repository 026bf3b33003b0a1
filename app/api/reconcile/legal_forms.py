"""Legal forms in company names, which are cut before names are compared.

Forms that are separate words come from the package cleanco, plus a few that it lacks, without case, accents and dots.
Chinese, Japanese and Korean forms are not separated by spaces, so they are cut from the ends of a word.
"""

import re
from collections.abc import Iterator

from cleanco.termdata import terms_by_country, terms_by_type  # type: ignore[import-untyped]

from app.values.text import fold

_ANYWHERE = (
    # Russian, Ukrainian, Kazakh
    "ао", "зао", "нао", "оао", "ооо", "пао", "тов", "тоо",  # noqa: RUF001
    "cjsc", "jsc", "llc", "oao", "ojsc", "ooo", "pao", "pjsc", "prjsc", "tov", "zao",
    "joint stock company", "limited liability company", "open joint stock company", "closed joint stock company",
    "private joint stock company", "public joint stock company",
    "общество с ограниченной ответственностью", "товариство з обмеженою відповідальністю",  # noqa: RUF001
    *(f"{kind} акционерное общество".strip() for kind in ("", "закрытое", "непубличное", "открытое", "публичное")),
    *(
        f"{kind} aktsionerno{e} ob{sh}estvo".strip()
        for kind in ("", "nepublichnoe", "otkrytoe", "otkrytoye", "publichnoe", "publichnoye", "zakrytoe", "zakrytoye")
        for e in ("e", "ye")
        for sh in ("shch", "sch")
    ),
    *(
        f"ob{sh}estvo s ogranichenno{i} otvetstvennost{u}"
        for sh in ("shch", "sch")
        for i in ("i", "j", "y")
        for u in ("iu", "ju", "yu")
    ),
    # Japanese, Korean, Chinese
    *(f"{kind}{between}{of}" for kind, between in (("kabushiki", " "), ("kabushiki", ""), ("yugen", " "), ("godo", " "))
      for of in ("kaisha", "gaisha")),
    *(f"{kind}{between}hoesa" for kind in ("chusik", "jusik", "yuhan") for between in (" ", "")),
    # Indonesian, Vietnamese, Baltic, Romance, Germanic
    "perseroan terbatas", "pt", "cong ty", "cong ty co phan", "cong ty tnhh", "ctcp", "uab", "eurl", "sarl", "societe anonyme",
    "societe par actions simplifiee", "societe a responsabilite limitee", "aktiebolaget", "naamloze vennootschap",
)  # fmt: skip
"""Legal forms that precede a name as often as they follow it."""
_MORE = (
    *_ANYWHERE,
    "a e", "aksjeselskap", "aktiebolag", "aktiengesellschaft", "aktieselskab", "akciova spolecnost", "akciova spolocnost",
    "anonim ortakl\u0131g\u0131", "anonim sirketi", "anonymi etaireia", "ao", "berhad", "besloten vennootschap", "bhd",
    "company limited", "company ltd", "co limited", "co ltd", "corporation limited", "dac", "e v", "eg", "eireli", "eood", "fz",
    "fzco", "fze", "gesellschaft mbh", "gesellschaft mit beschrankter haftung", "ges mbh", "gesmbh", "gmbh",
    "gong si", "gongsi", "gu fen", "gufen", "haftungsbeschrankt",
    "hldg", "hldgs", "holding", "holdings", "inc", "incorporated", "jituan", "k k",
    "kaisha", "kk", "kommanditgesellschaft", "kommanditgesellschaft auf aktien", "konggu", "lda", "limitada", "limited company",
    "limited liability partnership", "limited partnership", "limited sirketi", "ltd sti", "m b h", "mbh",
    "osakeyhtio", "pcl", "persero", "private limited", "proprietary limited", "pte ltd", "pty", "publ",
    "public company limited", "public limited company", "pvt", "pvt ltd", "qpsc", "s de rl", "s de rl de cv", "sa", "sab de cv",
    "sa de cv", "san ve tic", "sanayi ve ticaret", "sapi de cv", "sas", "se", "sendirian berhad",
    "sociedad anonima", "sociedad anonima bursatil de capital variable", "sociedad anonima de capital variable",
    "sociedad de responsabilidad limitada", "sociedad limitada", "sociedade anonima", "societa a responsabilita limitata",
    "societa per azioni", "spa", "spol sro", "spolecnost s rucenim omezenym", "spoločnosť s ručením obmedzeným",
    "spółka akcyjna", "spółka z ograniczoną odpowiedzialnością", "tbk", "the", "ticaret ve sanayi", "tic ve san", "ug", "ulc",
    "ve ticaret", "wll", "you xian", "you xian ze ren", "youxian", "youxian zeren", "yk",
)  # fmt: skip
_FIRST = (*_ANYWHERE, "ab", "as", "oy", "the")
"""Legal forms, and an article, that may precede a name. Other forms there are probably part of the name."""
_DOUBTFUL_FIRST = frozenset(("ao", "cv", "gk", "kk", "sas", "sc", "sia", "too"))
"""Legal forms that precede some names, and are a part of others: AO Tander, but AO Smith."""

GENERIC = frozenset(
    (
        "and", "co", "company", "corp", "corporation", "enterprise", "enterprises", "global", "group", "groupe", "grupo",
        "gruppe", "holding", "holdings", "intl", "international", "of", "keji", "tech", "technologies", "technology", "und",
        "worldwide",
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
_AT_START = frozenset(cut_words(fold(term)) for term in _FIRST)
_STARTS = frozenset(words[0] for words in _AT_START)


def without_legal_forms(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a name without the legal forms at its ends. At least one word remains."""
    while len(words) > 1:
        if length := _form_at_end(words):
            words = words[:-length]
        elif words[0] in _STARTS and (length := _form_at_start(words)):
            words = words[length:]
        else:
            break
    return words


def _form_at_end(words: tuple[str, ...]) -> int:
    return next((n for n in range(min(_LONGEST, len(words) - 1), 0, -1) if words[-n:] in _LAST), 0)


def _form_at_start(words: tuple[str, ...]) -> int:
    return next((n for n in range(min(_LONGEST, len(words) - 1), 0, -1) if words[:n] in _AT_START), 0)


def is_form_alone(words: tuple[str, ...]) -> bool:
    return words in _LAST


def without_doubtful_form(text: str, core: tuple[str, ...]) -> tuple[str, ...]:
    """A core without its first word if that may be a legal form. Initials with dots, such as A.O., are not one."""
    may_be = len(core) > 1 and core[0] in _DOUBTFUL_FIRST and text.split(maxsplit=1)[0] == core[0]
    return core[1:] if may_be else core


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
