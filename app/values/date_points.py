"""Years, months and days as people write them, in EDTF."""

import datetime
import re
from calendar import monthrange
from collections.abc import Callable

from app.values.date_words import MONTHS

_MONTHS = tuple(month[:3].lower() for month in MONTHS)
MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)\.?"
)
YEAR = r"([12]\d{3})"
DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.? ")
_NUMERIC = re.compile(rf"(\d{{1,2}})([./-])(\d{{1,2}})\2{YEAR}")


def month_number(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def point(text: str) -> str | None:
    """The EDTF text of a year, a month or a day with one meaning, in lower case without commas; None for other text."""
    plain = _WEEKDAY.sub("", text)
    return next((edtf for pattern, write in _POINTS if (found := pattern.fullmatch(plain)) and (edtf := write(found))), None)


def date(year: str, month: int, day: int) -> str | None:
    return f"{year}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= monthrange(int(year), month)[1] else None


def days_of(numeric: re.Match[str]) -> list[str]:
    """The days that two numbers and a year may mean. With dots the day comes first."""
    one, mark, two, year = numeric[1], numeric[2], numeric[3], numeric[4]
    day_first, month_first = date(year, int(two), int(one)), date(year, int(one), int(two))
    days = [day_first] if mark == "." else [day_first, month_first]
    return [day for day in dict.fromkeys(days) if day]


def _only_day(numeric: re.Match[str]) -> str | None:
    days = days_of(numeric)
    return days[0] if len(days) == 1 else None


def _month(year: str, month: int) -> str | None:
    return f"{year}-{month:02}" if 1 <= month <= 12 else None


def ambiguous_days(text: str) -> str | None:
    found = _NUMERIC.fullmatch(text)
    days = days_of(found) if found else []
    return f"{days[0]} if the day comes first, or {days[1]} if the month does" if len(days) == 2 else None


def day_of_week(year: int, week: int, day: int) -> str | None:
    try:
        return datetime.date.fromisocalendar(year, week, day).isoformat()
    except ValueError:
        return None


def _day_of_year(year: int, number: int) -> str | None:
    day = datetime.date(year, 1, 1) + datetime.timedelta(number - 1)
    return day.isoformat() if number and day.year == year else None


def before(edtf: str) -> str:
    """The year, month or day before one."""
    return _moved(edtf, -1)


def after(edtf: str) -> str:
    """The year, month or day after one."""
    return _moved(edtf, 1)


def _moved(edtf: str, number: int) -> str:
    if len(edtf) == 4:
        return str(int(edtf) + number)
    if len(edtf) == 7:
        return months(edtf, number)
    return (datetime.date.fromisoformat(edtf) + datetime.timedelta(number)).isoformat()


def months(edtf: str, number: int) -> str:
    """The month that is a number of months later."""
    count = int(edtf[:4]) * 12 + int(edtf[5:7]) - 1 + number
    return f"{count // 12}-{count % 12 + 1:02}"


_POINTS: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]]] = [
    (re.compile(pattern), write)
    for pattern, write in (
        (YEAR, lambda m: m[1]),
        (rf"(?:early |mid[ -]|late )?{MONTH}[ -]{YEAR}", lambda m: _month(m[2], month_number(m[1]))),
        (rf"{YEAR}[ -]{MONTH}", lambda m: _month(m[1], month_number(m[2]))),
        (rf"{DAY}[ -](?:of )?{MONTH}[ -]{YEAR}", lambda m: date(m[3], month_number(m[2]), int(m[1]))),
        (rf"{MONTH} {DAY} {YEAR}", lambda m: date(m[3], month_number(m[1]), int(m[2]))),
        (rf"{YEAR}-(\d\d)", lambda m: _month(m[1], int(m[2]))),
        (rf"(0?[1-9]|1[0-2])[./-]{YEAR}", lambda m: _month(m[2], int(m[1]))),
        (rf"{YEAR}\.(0[1-9]|1[0-2])", lambda m: _month(m[1], int(m[2]))),
        (rf"{YEAR}([./-])(\d{{1,2}})\2(\d{{1,2}})", lambda m: date(m[1], int(m[3]), int(m[4]))),
        (rf"{YEAR}(\d\d)(\d\d)", lambda m: date(m[1], int(m[2]), int(m[3]))),
        (_NUMERIC.pattern, _only_day),
        (rf"{YEAR}-(\d{{3}})", lambda m: _day_of_year(int(m[1]), int(m[2]))),
        (rf"{YEAR}-?w(\d\d)-?([1-7])", lambda m: day_of_week(int(m[1]), int(m[2]), int(m[3]))),
        (r"([12]\d{3})年", lambda m: m[1]),
        (r"([12]\d{3})年(\d{1,2})月", lambda m: _month(m[1], int(m[2]))),
        (r"([12]\d{3})年(\d{1,2})月(\d{1,2})[日号]", lambda m: date(m[1], int(m[2]), int(m[3]))),
        (r"ad ([1-9]\d{0,3})|([1-9]\d{0,3}) (?:ad|ce)", lambda m: f"{int(m[1] or m[2]):04}"),
    )
]
