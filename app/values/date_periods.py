"""Periods as newspapers, registers and accountants name them, in EDTF: what to write for each meaning."""

import datetime
from calendar import monthrange

from app.values.date_points import day_of_week, months

_ORDINALS = {"1": 1, "2": 2, "3": 3, "4": 4, "first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
_SEASONS = {"spring": 0, "summer": 1, "autumn": 2, "fall": 2, "winter": 3}
_CENTURIES = {"sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "twenty-first": 21}


def full_year(year: str) -> str:
    """A year of two digits is the nearest one to 2000, as companies write their last years."""
    return year if len(year) == 4 else f"{19 if int(year) > 50 else 20}{year}"


def quarter(year: str, ordinal: str) -> str:
    return f"{full_year(year)}-{32 + _ORDINALS[ordinal]}"


def half(year: str, ordinal: str) -> str | None:
    return f"{full_year(year)}-{39 + min(_ORDINALS[ordinal], 2)}" if _ORDINALS[ordinal] != 3 else None


def third(year: str, number: str) -> str:
    return f"{year}-{32 + int(number)} for the quarter, or {year}-{36 + int(number)} for four months"


def quarters(first_year: str, first: str, last_year: str, last: str) -> str:
    return f"{full_year(first_year)}-{3 * int(first) - 2:02}/{full_year(last_year)}-{3 * int(last):02}"


def first_months(year: str, number: str) -> str | None:
    return f"{full_year(year)}-01/{full_year(year)}-{int(number):02}" if 1 < int(number) <= 12 else None


def season(year: str, name: str) -> str:
    code = 25 + _SEASONS[name]
    return f"{year}-{code} for the northern hemisphere, or {year}-{code + 4} for the southern"


def season_of(hemisphere: str, name: str, year: str) -> str:
    southern = hemisphere.startswith(("south", "austral"))
    return f"{year}-{25 + _SEASONS[name] + (4 if southern else 0)}"


def season_over_new_year(year: str, last: str) -> str | None:
    """Winter of the northern hemisphere, or summer of the southern: the months are the same."""
    return f"{year}-12/{int(year) + 1}-02" if int(last[-2:]) == (int(year) + 1) % 100 else None


def years(first: str, last: str) -> str | None:
    """Two years. Two that follow each other, such as 2023/24, may also be a financial year."""
    end = last if len(last) == 4 else first[:2] + last
    if int(end) % 100 == (int(first) + 1) % 100 and abs(int(end) - int(first)) in (1, 99):
        return financial(str(int(first) + 1))
    return f"{first}/{end}" if end > first else None


def month_or_years(year: str, number: str) -> str:
    both = years(year, number) if len(number) == 2 else years(year, year[2] + number)
    month = f"{year}-{int(number):02}"
    return f"{month} for the month, or {both}" if both else month


def financial(year: str) -> str:
    before = int(year) - 1
    return (
        f"{before}-04/{year}-03 for a financial year from April to March (or its own first and last month), or {before}/{year} "
        "for both calendar years"
    )


def fiscal(year: str) -> str:
    full = full_year(year)
    return f"{full} if it is the calendar year, or its first and last month, such as {int(full) - 1}-10/{full}-09"


def part_of_fiscal(letter: str, ordinal: str, year: str) -> str | None:
    """A quarter or half of a financial year; the example is one that ends in March."""
    full, length = full_year(year), 3 if letter == "q" else 6
    of_calendar = quarter(full, ordinal) if letter == "q" else half(full, ordinal)
    number = _ORDINALS[ordinal] if letter == "q" else min(_ORDINALS[ordinal], 2)
    start = months(f"{int(full) - 1}-04", length * (number - 1))
    return of_calendar and (
        f"{of_calendar} if the financial year is the calendar year, or the first and last month, such as"
        f" {start}/{months(start, length - 1)}"
    )


def month_of_fiscal(month: str, year: str) -> str | None:
    """FY3/2023 is the financial year that ended in March 2023."""
    return ended(12, None, int(month), full_year(year)) if 1 <= int(month) <= 12 else None


def ended(length: int, day: str | None, month: int, year: str) -> str | None:
    """A number of months, up to the end of one."""
    if not length or (day and int(day) != monthrange(int(year), month)[1]):
        return None
    last = f"{year}-{month:02}"
    return f"{months(last, 1 - length)}/{last}"


def weeks_ended(weeks: str, day: str | None) -> str | None:
    if day is None or len(day) != len("2023-01-28"):
        return None
    last = datetime.date.fromisoformat(day)
    return f"{last - datetime.timedelta(7 * int(weeks) - 1)}/{last}"


def part_of_year(part: str, year: str) -> str:
    return {"early": f"{year}-40", "mid": f"{year}-04/{year}-09", "late": f"{year}-41"}[part]


def end_of_year(part: str, year: str) -> str:
    if part in ("end", "year-end", "close"):
        return f"{year}-12-31 for the last day, or {year}-41 for late {year}"
    return f"{year}-01-01 for the first day, or {year}-40 for early {year}"


def part_of_decade(part: str, decade: str) -> str:
    first = {"early": 0, "mid": 3, "late": 5}[part]
    return f"{decade}{first}/{decade}{first + 4}"


def decade(year: str) -> str:
    return f"{year[:3]}X for the decade, or {year[:2]}XX for the century" if year[2] == "0" else f"{year[:3]}X"


def decade_of_some_century(digit: str) -> str:
    return f"the decade with its century, such as 19{digit}X or 18{digit}X"


def century(number: str, part: str | None = None) -> str:
    first, last = {None: (1, 100), "early": (1, 40), "mid": (30, 70), "late": (60, 100)}[part]
    return _of_century(number, first, last)


def part_of_century(ordinal: str, unit: str, number: str) -> str | None:
    length = 50 if unit == "half" else 25
    last = length * (_ORDINALS[ordinal] if ordinal != "last" else 100 // length)
    return _of_century(number, last - length + 1, last) if last <= 100 else None


def _of_century(number: str, first: int, last: int) -> str:
    start = (_CENTURIES.get(number) or int(number)) * 100 - 100
    return f"{start + first:04}/{start + last:04}"


def centuries(first: str, last: str) -> str:
    return f"{century(first)[:4]}/{century(last)[5:]}"


def week(year: str, number: str) -> str | None:
    monday = day_of_week(int(year), int(number), 1)
    return monday and f"{monday}/{day_of_week(int(year), int(number), 7)}"
