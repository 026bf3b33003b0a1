"""Whether words and a date are the same time: a record must not contradict itself."""

import datetime
import re
from collections.abc import Callable

from app.values.date_notations import advice

_Bounds = tuple[datetime.date | None, datetime.date | None, bool]
_LONGEST = 60
_VAGUE = re.compile(r"\b(?:early|mid|late)\b", re.IGNORECASE)
_WITH_A_YEAR = re.compile(r"\d{4}|\d(?:st|nd|rd|th) century", re.IGNORECASE)
_PLAIN = re.compile(r"[12]\d{3}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|1\d|2[0-8]))?)?")
_MOMENT = r"(?:\.\.|\d{2}[\dX]{2}(?:-\d\d(?:-\d\d)?)?[?~]?)"
_EDTF = re.compile(rf"(?<![\w/.-]){_MOMENT}(?:/{_MOMENT})?(?![\w/-])")
_NO_BORDERS = re.compile(r"[?~]|-(?:3[3-9]|4[01])$")
"""Uncertain dates, and parts of a year: those of a financial year have the same names."""


def is_another_time(text: str, bounds: _Bounds, read: Callable[[str], _Bounds]) -> bool:
    """Whether words exclude every day of a date. False if they are in no notation that is understood."""
    meanings = _meanings(text)
    return bool(meanings) and not any(_may_agree(bounds, read(edtf)) for edtf in meanings)


def _meanings(text: str) -> list[str]:
    """The EDTF texts of what words may mean; none if they are vague or unknown."""
    if _PLAIN.fullmatch(text):
        return [text]
    if len(text) > _LONGEST or _VAGUE.search(text) or not _WITH_A_YEAR.search(text):
        return []
    found: list[str] = _EDTF.findall(advice(text) or "")
    return [] if any(_NO_BORDERS.search(edtf) for edtf in found) else found


def _may_agree(one: _Bounds, other: _Bounds) -> bool:
    first, last = datetime.date.min, datetime.date.max
    return (one[0] or first) <= (other[1] or last) and (other[0] or first) <= (one[1] or last)
