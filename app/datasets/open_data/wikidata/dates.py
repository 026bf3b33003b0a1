"""Dates of Wikidata statements: as precise as they are stated, and within the bounds that their qualifiers give."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from app.datasets.open_data.periods import edtf_of
from app.datasets.open_data.wikidata import items as known
from app.datasets.open_data.wikidata.statements import SOME_VALUE, Statement, Unsupported
from app.records.validation import Value
from app.values.dates import parse_date

_TIME = re.compile(r"\+0*(\d{4})-(\d\d)-(\d\d)T")
_DAY, _MONTH, _YEAR, _DECADE, _CENTURY = "11", "10", "9", "8", "7"
_BOUNDS = {known.EARLIEST: "earliest", known.START: "start", known.LATEST: "latest", known.END: "end"}
"""Qualifiers that bound the date of an event, in words."""


class StatedDate(NamedTuple):
    """A date as a dataset has it, and what the statement says in words and numbers."""

    date: Value
    stated: str


def date_of(value: Value, *, about: bool = False) -> Value:
    """The dataset date with the precision of the value. Raises Unsupported."""
    time = value if isinstance(value, dict) else {}
    match = _TIME.match(str(time.get("time", "")))
    precision = str(time.get("precision"))
    if not match or match[1] == "0000":
        raise Unsupported("outside the years 1 to 9999")
    year, month, day = match.groups()
    if precision in (_DAY, _MONTH) and not str(time.get("calendarmodel", known.GREGORIAN)).endswith(known.GREGORIAN):
        raise Unsupported("of the Julian calendar")
    if precision == _CENTURY:
        return _century((int(year) + 99) // 100, "~" if about else "")
    texts = {_DAY: f"{year}-{month}-{day}", _MONTH: f"{year}-{month}", _YEAR: year, _DECADE: f"{year[:3]}X"}
    if precision not in texts:
        raise Unsupported(f"of precision {precision}")
    if precision in (_DAY, _MONTH):
        _require_calendar(texts[precision])
    return texts[precision] + ("~" if about else "")


def _require_calendar(edtf: str) -> None:
    """Raises Unsupported if a date is not in the calendar, or if an interval ends before it starts."""
    try:
        parse_date(edtf)
    except ValueError as fault:
        raise Unsupported(str(fault)) from None


def _century(number: int, mark: str) -> Value:
    """The twentieth century ends with the year 2000."""
    if number == 100:
        raise Unsupported("outside the years 1 to 9999")
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    words = f"{'around the ' if mark else ''}{number}{ending} century"
    return {"edtf": f"{number * 100 - 99:04}{mark}/{number * 100:04}{mark}", "text": words}


def stated(date: Value) -> str:
    """A date in words if it has any, otherwise its EDTF text."""
    return str(date["text"]) if isinstance(date, dict) and date.get("text") else edtf_of(date)


def event_date(statement: Statement) -> StatedDate:
    """The date of an event: within its bounds, if it has any. Raises Unsupported."""
    date = None if statement.value is SOME_VALUE else date_of(statement.value, about=statement.is_about)
    bounds = {name: date_of(value) for name in _BOUNDS if (value := _only(statement, name)) is not None}
    said = [stated(date) if date else "at an unknown time", *(f"{_BOUNDS[name]} {stated(bounds[name])}" for name in bounds)]
    return StatedDate(_within(date, bounds) if bounds else date, ", ".join(said))


def note_of_future(date: Value, day: str) -> str | None:
    """The note of what is stated for a time after a day (ISO 8601)."""
    earliest = parse_date(edtf_of(date)).earliest if date else None
    return "Wikidata states this for a time to come." if earliest and earliest.isoformat() > day else None


def _only(statement: Statement, name: str) -> Value:
    """The value of a qualifier; None if it is absent, unknown or "no value". Raises Unsupported if there are several."""
    values = statement.qualifiers.get(name, [])
    if len(values) > 1:
        raise Unsupported("of several times")
    return values[0] if values and values[0] is not SOME_VALUE else None


def _within(date: Value, bounds: dict[str, Value]) -> str:
    """The time from the first to the last bound. The date itself bounds a side that no qualifier does. Raises Unsupported."""
    start = _first_of(bounds[known.EARLIEST] if known.EARLIEST in bounds else bounds.get(known.START, date))
    end = _last_of(bounds[known.LATEST] if known.LATEST in bounds else bounds.get(known.END, date))
    interval = f"{start or '..'}/{end or '..'}"
    try:
        earliest, latest, _ = parse_date(interval)
    except ValueError:
        raise Unsupported("with an earliest date after its latest") from None
    if date is not None:
        first, last, _ = parse_date(edtf_of(date))
        if (earliest and last and earliest > last) or (latest and first and first > latest):
            raise Unsupported("with bounds that exclude it")
    return start if start and start == end else interval


def _first_of(date: Value) -> str | None:
    return None if date is None else edtf_of(date).partition("/")[0].replace("X", "0")


def _last_of(date: Value) -> str | None:
    return None if date is None else edtf_of(date).rpartition("/")[2].replace("X", "9")


def period_of(statement: Statement) -> Value:
    """The period of a statement; None if it has none or if it is unknown. Raises Unsupported."""
    points = statement.qualifiers.get(known.POINT_IN_TIME, [])
    ends = [statement.qualifiers.get(name, []) for name in (known.START, known.END)]
    bounds = {name: date_of(value) for name in (known.EARLIEST, known.LATEST) if (value := _only(statement, name)) is not None}
    if len(points) > 1 or any(len(dates) > 1 for dates in ends) or sum(map(bool, (points or bounds, any(ends)))) > 1:
        raise Unsupported("of several times")
    if any(ends):
        return _from_to(ends)
    point = _only(statement, known.POINT_IN_TIME)
    date = None if point is None else date_of(point)
    return _within(date, bounds) if bounds else date


def _from_to(ends: Iterable[list[Value]]) -> str | None:
    """An EDTF interval: "no value" leaves an end open, and "some value" leaves it unknown. Raises Unsupported."""
    dates = [
        ".." if values[:1] in ([], [None]) else "" if values[0] is SOME_VALUE else edtf_of(date_of(values[0])) for values in ends
    ]
    if not any(date.strip(".") for date in dates):
        return None
    if any("X" in date or "/" in date for date in dates):
        raise Unsupported("from or to a time that is less precise than a year")
    _require_calendar("/".join(dates))
    return "/".join(dates)
