"""Dates in English words: what a date is called if its source gives no words of its own."""

import re
from functools import lru_cache

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SEASONS = ("spring", "summer", "autumn", "winter")
_PARTS_OF_YEAR = {
    **{21 + place: f"{season} {{}}" for place, season in enumerate(_SEASONS)},
    **{25 + place: f"{season} {{}} (northern hemisphere)" for place, season in enumerate(_SEASONS)},
    **{29 + place: f"{season} {{}} (southern hemisphere)" for place, season in enumerate(_SEASONS)},
    **{33 + place: f"{ordinal} quarter of {{}}" for place, ordinal in enumerate(("first", "second", "third", "fourth"))},
    37: "January to April {}",
    38: "May to August {}",
    39: "September to December {}",
    40: "first half of {}",
    41: "second half of {}",
}
"""The sub-year groupings of EDTF, by their codes."""
_MOMENT = re.compile(
    r"(?P<year>[0-9X]{4})(?:-(?P<month>[0-9X]{2})(?:-(?P<day>[0-9X]{2}))?)?(?:T(?P<time>[0-9:]{8})(?P<zone>.*?))?(?P<mark>[?~%]?)"
)
_OPEN = ("", "..")


@lru_cache(maxsize=65_536)
def in_words(edtf: str, *, is_period: bool = False) -> str:
    """A valid EDTF date in words. What happened at some time in an interval happened between two dates; a period lasts."""
    start, slash, end = edtf.partition("/")
    if not slash or start == end:
        return _moment(start)
    if end in _OPEN:
        return f"{_moment(start)} or later"
    if start in _OPEN:
        return f"{_moment(end)} or earlier"
    if is_period:
        return f"{_moment(start)} to {_moment(end)}"
    return f"between {_after_preposition(_moment(start))} and {_after_preposition(_moment(end))}"


def _moment(text: str) -> str:
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a valid EDTF date")
    words = _day_or_longer(found["year"], found["month"], found["day"])
    if found["time"]:
        words = f"{words}, {found['time']}{_zone(found['zone'])}"
    if found["mark"] in ("~", "%"):
        words = f"around {_after_preposition(words)}"
    return f"{words} (uncertain)" if found["mark"] in ("?", "%") else words


def _day_or_longer(year: str, month: str | None, day: str | None) -> str:
    if month is None:
        return _year(year)
    if "X" in month:
        unknown = f"on day {int(day)} of a month" if day and "X" not in day else f"month{' and day' if day else ''} not known"
        return f"{_year(year)} ({unknown})"
    if int(month) in _PARTS_OF_YEAR:
        return _PARTS_OF_YEAR[int(month)].format(_year(year))
    words = f"{MONTHS[int(month) - 1]} {_year(year) if 'X' not in year else f'in one of the years {_years(year)}'}"
    if day is None:
        return words
    return f"{words} (day not known)" if "X" in day else f"{int(day)} {words}"


def _year(year: str) -> str:
    """A decade is called by its digits, unless they are also those of a century: 200X is 2000–2009."""
    if "X" not in year:
        return year if year >= "1000" else f"AD {int(year)}"
    is_decade = "X" not in year[:3] and year[2] != "0"
    return f"{year[:3]}0s" if is_decade else _years(year)


def _years(year: str) -> str:
    """The first and last of the years that digits leave open; all of them if others lie between."""
    if "X" in year.rstrip("X"):
        return f"{year} (X is any digit)"
    return f"{year.replace('X', '0')}–{year.replace('X', '9')}"


def _zone(zone: str) -> str:
    if not zone:
        return ""
    return " UTC" if zone == "Z" else f" UTC{zone}"


def _after_preposition(words: str) -> str:
    """What has an article within a sentence gets one."""
    return f"the {words}" if re.match(r"(?:first|second|third|fourth) |\d{4}s", words) else words
