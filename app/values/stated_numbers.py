"""The numbers that a text states in digits, such as 31,000 or RMB 21.1 billion, and whether a value contradicts them.

A text in words is not interpreted, and one that can be read in several ways contradicts nothing that one of them says.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

_LONGEST: Final = 300
_SCALES: Final = {
    100: "hundred 百",
    1_000: "k thousand thousands tsd tausend mille tys тыс тысяч 千 천",
    10_000: "万 萬 만",
    100_000: "lakh lakhs lac",
    1_000_000: "m mm mn mln mio mill million millions millionen millón millones milhão milhões milione milioni miljoen miljoner "
    "millioner млн миллион миллиона миллионов 百万",
    10_000_000: "crore crores cr",
    100_000_000: "亿 億 억",
    1_000_000_000: "b bn billion billions mrd md mds mld milliard milliards milliarden miliardi miljard miljarder milliarder "
    "млрд миллиард миллиарда миллиардов",
    1_000_000_000_000: "tn trn trillion trillions billionen billones biljoen 兆 조",
    12: "dozen dozens",
}
_BY_WORD: Final = {word: scale for scale, words in _SCALES.items() for word in words.split()}
_LETTERS: Final = frozenset("kmb")
"""They may also be units, as in 5 m."""
_NUMBER: Final = re.compile(r"(?<![\d.,])\d+(?:[.,'’]\d+|[ \u00a0\u202f]\d{3}(?!\d))*")
_SCALE: Final = re.compile(r"[\s\u00a0\u202f-]*([^\W\d_]+)\.?")
_EAST_ASIAN: Final = re.compile("百万|[百千万萬亿億兆천만억조]")
_IN_WORDS: Final = re.compile(
    r"\b(?:half|halves|quarters?|thirds?|fifths?|tenths?|twice|thrice|double[ds]?|triple[ds]?|one|two|three|four|five|six|seven|eight|"
    r"nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|first|second|fourth|fifth|sixth|seventh|eighth|"
    r"ninth|tenth|last|none|zero)\b|[½⅓¼⅔¾⅕⅛一二三四五六七八九十半]",
    re.IGNORECASE,
)
_PERIOD: Final = re.compile(r"(?:\b[QHT]|\bFY|')$", re.IGNORECASE)
_YEAR: Final = re.compile(r"1[789]\d\d|20\d\d")
_PERCENT: Final = re.compile(r"%|\bper ?cent|\bpct\b|\bprozent|\bpour cent|\bpor ciento|\bpercentage", re.IGNORECASE)
_HUNDREDTHS: Final = re.compile(
    r"%|\bper ?cent|\bpct\b|\bprozent|\bbasis points?\b|\bbps?\b|\bcents?\b|\bpence\b|\bpfennigs?\b|¢", re.IGNORECASE
)
_TO: Final = re.compile(r"\s*(?:to|and|or|-|–|—|bis|à|a|through)\s*", re.IGNORECASE)
_CLOSE: Final = Decimal("0.01")
_RATE_UNITS: Final = ("percent", "ratio")


class _Stated(NamedTuple):
    """A number in a text: where it stands, what its digits may mean, and by what they may have to be multiplied."""

    start: int
    end: int
    readings: tuple[Decimal, ...]
    scales: tuple[int, ...]

    @property
    def amounts(self) -> list[Decimal]:
        return [reading * scale for reading in self.readings for scale in self.scales]


def contradicted(value: Decimal, unit: str, text: str) -> Decimal | None:
    """The number that a text states if it is not the value; None if they agree, or if the text states none in digits."""
    value = abs(value)
    if len(text) > _LONGEST or _IN_WORDS.search(text):
        return None
    stated = [*_numbers(text)]
    if not stated or any(value in one.amounts for one in stated) or _agrees(value, unit, text, stated):
        return None
    return stated[0].amounts[0]


def single_number(text: str) -> Decimal | None:
    """The number that a text states, if it states one and that has one meaning."""
    stated = [*_numbers(text)] if len(text) <= _LONGEST and not _IN_WORDS.search(text) else []
    amounts = stated[0].amounts if len(stated) == 1 else []
    return amounts[0] if len(amounts) == 1 else None


def _numbers(text: str) -> Iterator[_Stated]:
    for found in _NUMBER.finditer(text):
        before = text[: found.start()]
        is_year = _YEAR.fullmatch(found.group()) and before.strip()
        if is_year or _PERIOD.search(before):
            continue
        scales, end = _scales(text, found.end())
        yield _Stated(found.start(), end, _readings(found.group()), scales)


def _readings(digits: str) -> tuple[Decimal, ...]:
    plain = re.sub(r"['’ \u00a0\u202f]", "", digits)
    separators = re.findall("[.,]", plain)
    if not separators:
        return (Decimal(plain),)
    whole, decimal = re.sub("[.,]", "", plain), plain.rsplit(separators[-1], 1)
    as_decimal = Decimal(f"{re.sub('[.,]', '', decimal[0])}.{decimal[1]}")
    if separators.count(separators[-1]) > 1:
        return (Decimal(whole),)
    if len(set(separators)) == 2 or len(decimal[1]) != 3 or decimal[0] == "0":
        return (as_decimal,)
    return (Decimal(whole),) if decimal[1] == "000" else (Decimal(whole), as_decimal)


def _scales(text: str, end: int) -> tuple[tuple[int, ...], int]:
    """What the words after a number multiply it by, and where they end. A single letter may mean something else."""
    scale, is_sure = 1, True
    while True:
        if found := _EAST_ASIAN.match(text, end):
            word = found.group()
        elif (found := _SCALE.match(text, end)) and found[1].casefold() in _BY_WORD:
            word = found[1].casefold()
            is_sure = is_sure and word not in _LETTERS
        else:
            return ((scale,) if is_sure else (scale, 1)), end
        scale, end = scale * _BY_WORD[word], found.end()


def _agrees(value: Decimal, unit: str, text: str, stated: list[_Stated]) -> bool:
    """Whether the value is a share, a sum, or within a range of the numbers."""
    amounts = [amount for one in stated for amount in one.amounts]
    if _HUNDREDTHS.search(text) and value in [amount / 100 for amount in amounts]:
        return unit not in _RATE_UNITS or unit == "ratio" or not _PERCENT.search(text)
    if unit == "percent" and not _PERCENT.search(text) and value in [amount * 100 for amount in amounts]:
        return True
    if len(stated) > 1 and value == sum(one.amounts[0] for one in stated):
        return True
    return any(_between(value, text, *pair) or _share(value, unit, *pair) for pair in pairwise(stated))


def _between(value: Decimal, text: str, first: _Stated, second: _Stated) -> bool:
    """Whether two numbers are a range that contains the value. The scale of the second may be that of both."""
    if not _TO.fullmatch(text[first.end : second.start].rstrip("$€£¥ ") or " "):
        return False
    scales = {*first.scales, *second.scales}
    return any(low * scale <= value <= high for low in first.readings for scale in scales for high in second.amounts)


def _share(value: Decimal, unit: str, first: _Stated, second: _Stated) -> bool:
    """Whether the value is the quotient of two numbers, as in 3 out of 4."""
    part, whole = first.amounts[0], second.amounts[0]
    if unit not in _RATE_UNITS or not whole:
        return False
    share = part / whole * (100 if unit == "percent" else 1)
    return abs(value - share) <= share * _CLOSE
