"""What to write for a date in a notation that newspapers, registers and accountants use, and EDTF does not know.

Nothing is converted silently: a message says what to write, and for an ambiguous notation it says how each meaning is written.
"""

import datetime
import re
from calendar import monthrange
from collections.abc import Callable

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_YEAR = r"([12]\d{3})"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_ORDINALS = {"1": 1, "2": 2, "3": 3, "4": 4, "first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
_ORDINAL = r"(first|second|third|fourth|last|[1-4])(?:st|nd|rd|th)?"
_SEASONS = {"spring": 0, "summer": 1, "autumn": 2, "fall": 2, "winter": 3}
_PARTS = {
    "year": 12,
    "fiscal year": 12,
    "financial year": 12,
    "twelve months": 12,
    "nine months": 9,
    "half": 6,
    "half year": 6,
    "six months": 6,
    "quarter": 3,
    "three months": 3,
}
_OF = r"(?: of)?(?: the year)? "
_RANGE = r" ?(?:-|to|until|and|through) ?"


def advice(text: str) -> str | None:
    """What to write instead of a text that is not EDTF, such as "2023-35". None if the notation is unknown."""
    plain = " ".join(re.sub(r"[‐-―−]", "-", text.casefold()).replace(",", " ").replace("_", " ").split())  # noqa: RUF001
    plain = re.sub(r"^(?:in|during|on) ", "", re.sub(r"\bthe ", "", plain))
    for pattern, write in _NOTATIONS:
        found = pattern.fullmatch(plain)
        written = write(found) if found else None
        if written:
            return written
    return None


def ambiguous(edtf: str) -> str | None:
    """What to write instead of an EDTF text that people also use for something else. None if it has one meaning.

    2023-24 is winter 2023 in EDTF, and a financial year elsewhere.
    """
    found = re.fullmatch(r"([0-9]{2})([0-9]{2})-(2[1-4])", edtf)
    if not found or not 0 < int(found[3]) - int(found[2]) <= 10:
        return None
    season = ("spring", "summer", "autumn", "winter")[int(found[3]) - 21]
    year = found[1] + found[2]
    return (
        f"write {year}/{found[1]}{found[3]} for the years, {year}-04/{int(year) + 1}-03 for a financial year from April to "
        f"March, or {{edtf: {edtf}, text: {season} {year}}} for the season"
    )


def _month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def _date(year: str, month: int, day: int) -> str | None:
    return f"{year}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= monthrange(int(year), month)[1] else None


def _quarter(year: str, number: str) -> str:
    return f"{year}-{32 + _ORDINALS[number]}"


def _half(year: str, number: str) -> str | None:
    return f"{year}-{39 + min(_ORDINALS[number], 2)}" if _ORDINALS[number] != 3 else None


def _season(year: str, name: str) -> str:
    code = 25 + _SEASONS[name]
    return f"{year}-{code} for the northern hemisphere, or {year}-{code + 4} for the southern"


def _years(first: str, last: str) -> str | None:
    """Two years. The second of two digits, such as 2023/24, may also be a financial year."""
    if len(last) == 4:
        return f"{first}/{last}"
    end = first[:2] + last
    if int(last) != (int(first) + 1) % 100:
        return f"{first}/{end}" if end > first else None
    return _financial(str(int(first) + 1))


def _month_or_years(year: str, number: str) -> str:
    years = _years(year, number)
    return f"{year}-{number} for the month, or {years}" if years else f"{year}-{number}"


def _financial(year: str) -> str:
    before = int(year) - 1
    return (
        f"{before}-04/{year}-03 for a financial year from April to March (or its own first and last month), or {before}/{year} "
        "for both calendar years"
    )


def _fiscal(year: str) -> str:
    full = year if len(year) == 4 else f"20{year}"
    before = int(full) - 1
    return f"{full} if it is the calendar year, or its first and last month, such as {before}-10/{full}-09"


def _numeric(one: str, two: str, year: str, dotted: str) -> str | None:
    """Day and month in an order that dots and large numbers tell, and slashes do not."""
    day_first, month_first = _date(year, int(two), int(one)), _date(year, int(one), int(two))
    if "." in dotted or month_first is None or day_first == month_first:
        return day_first
    return month_first if day_first is None else f"{day_first} if the day comes first, or {month_first} if the month does"


def _ended(months: int, day: str | None, month: str, year: str) -> str | None:
    number = _month(month)
    last = monthrange(int(year), number)[1]
    end = datetime.date(int(year), number, last)
    first = end.year * 12 + end.month - months
    if day and int(day) != last:
        return None
    return f"{first // 12}-{first % 12 + 1:02}/{year}-{number:02}"


def _part_of_year(part: str, year: str) -> str:
    return {"early": f"{year}-40", "mid": f"{year}-04/{year}-09", "late": f"{year}-41"}[part]


def _part_of_decade(part: str, decade: str) -> str:
    first = {"early": 0, "mid": 3, "late": 5}[part]
    return f"{decade}{first}/{decade}{first + 4}"


def _decade(decade: str) -> str:
    return f"{decade[:3]}X for the decade, or {decade[:2]}XX for the century" if decade[2] == "0" else f"{decade[:3]}X"


def _century(number: str, part: str | None = None) -> str:
    start = (int(number) - 1) * 100
    first, last = {None: (1, 100), "early": (1, 40), "mid": (30, 70), "late": (60, 100)}[part]
    return f"{start + first:04}/{start + last:04}"


def _week(year: str, week: str) -> str | None:
    try:
        monday = datetime.date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        return None
    return f"{monday}/{monday + datetime.timedelta(6)}"


_Write = Callable[[re.Match[str]], str | None]
_NOTATIONS: list[tuple[re.Pattern[str], _Write]] = [
    (re.compile(pattern), write)
    for pattern, write in (
        (rf"{_YEAR}[ -]?q([1-4])", lambda m: _quarter(m[1], m[2])),
        (rf"q([1-4])[ /-]?{_YEAR}", lambda m: _quarter(m[2], m[1])),
        (rf"([1-4])q[ /-]?{_YEAR}", lambda m: _quarter(m[2], m[1])),
        (rf"{_ORDINAL} quarter{_OF}{_YEAR}", lambda m: _quarter(m[2], m[1])),
        (rf"{_YEAR}[ -]?h([12])", lambda m: _half(m[1], m[2])),
        (rf"h([12])[ /-]?{_YEAR}", lambda m: _half(m[2], m[1])),
        (rf"([12])h[ /-]?{_YEAR}", lambda m: _half(m[2], m[1])),
        (rf"{_ORDINAL} half{_OF}{_YEAR}", lambda m: _half(m[2], m[1])),
        (
            rf"{_YEAR}[ -]?t([1-3])",
            lambda m: f"{m[1]}-{32 + int(m[2])} for the quarter, or {m[1]}-{36 + int(m[2])} for four months",
        ),
        (
            rf"t([1-3])[ /-]?{_YEAR}",
            lambda m: f"{m[2]}-{32 + int(m[1])} for the quarter, or {m[2]}-{36 + int(m[1])} for four months",
        ),
        (rf"(spring|summer|autumn|fall|winter){_OF}{_YEAR}", lambda m: _season(m[2], m[1])),
        (rf"{_YEAR} (spring|summer|autumn|fall|winter)", lambda m: _season(m[1], m[2])),
        (
            rf"(?:fy|fye|fiscal(?: year)?|financial year) ?{_YEAR} ?[/-] ?(\d{{2}}|\d{{4}})",
            lambda m: _financial(m[1][:2] + m[2][-2:]),
        ),
        (r"(?:fy|fye|fiscal(?: year)?|financial year) ?'?(\d{4}|\d{2})", lambda m: _fiscal(m[1])),
        (rf"{_YEAR}/(0[1-9]|1[0-2])", lambda m: _month_or_years(m[1], m[2])),
        (rf"{_YEAR}{_RANGE}(\d{{2}})", lambda m: _years(m[1], m[2])),
        (rf"{_YEAR} ?/ ?(\d{{2}})", lambda m: _years(m[1], m[2])),
        (rf"(?:from |between )?{_YEAR}{_RANGE}{_YEAR}", lambda m: _years(m[1], m[2])),
        (rf"{_MONTH}{_RANGE}{_MONTH} {_YEAR}", lambda m: f"{m[3]}-{_month(m[1]):02}/{m[3]}-{_month(m[2]):02}"),
        (rf"{_MONTH} {_YEAR}{_RANGE}{_MONTH} {_YEAR}", lambda m: f"{m[2]}-{_month(m[1]):02}/{m[4]}-{_month(m[3]):02}"),
        (r"([12]\d{2}0) ?'?s", lambda m: _decade(m[1])),
        (r"(early|mid|late)[ -]([12]\d{2})0'?s", lambda m: _part_of_decade(m[1], m[2])),
        (r"(\d{1,2})(?:st|nd|rd|th) century", lambda m: _century(m[1])),
        (r"(early|mid|late)[ -](\d{1,2})(?:st|nd|rd|th) century", lambda m: _century(m[2], m[1])),
        (
            rf"(?:c\.? ?|ca\.? |circa |about |around |approx(?:imately|\.)? |roughly |some time around |~ ?){_YEAR}",
            lambda m: f"{m[1]}~",
        ),
        (rf"(?:possibly|probably|perhaps|maybe) {_YEAR}", lambda m: f"{m[1]}?"),
        (rf"before {_YEAR}", lambda m: f"../{int(m[1]) - 1}"),
        (rf"(?:until|till|by|up to|no later than) {_YEAR}", lambda m: f"../{m[1]}"),
        (rf"after {_YEAR}", lambda m: f"{int(m[1]) + 1}/.."),
        (rf"(?:since|from) {_YEAR}(?: onwards?)?", lambda m: f"{m[1]}/.."),
        (rf"{_YEAR} ?(?:-|to) ?(?:present|now|today)?", lambda m: f"{m[1]}/.."),
        (rf"(early|mid|late)[ -]{_YEAR}", lambda m: _part_of_year(m[1], m[2])),
        (rf"(?:early |mid[ -]|late )?{_MONTH} {_YEAR}", lambda m: f"{m[2]}-{_month(m[1]):02}"),
        (rf"{_YEAR} {_MONTH}", lambda m: f"{m[1]}-{_month(m[2]):02}"),
        (rf"{_DAY} (?:of )?{_MONTH} {_YEAR}", lambda m: _date(m[3], _month(m[2]), int(m[1]))),
        (rf"{_MONTH} {_DAY} {_YEAR}", lambda m: _date(m[3], _month(m[1]), int(m[2]))),
        (rf"{_DAY}-{_MONTH}-{_YEAR}", lambda m: _date(m[3], _month(m[2]), int(m[1]))),
        (r"(\d{1,2})([./-])(\d{1,2})\2" + _YEAR, lambda m: _numeric(m[1], m[3], m[4], m[2])),
        (rf"{_YEAR}([./])(\d{{1,2}})\2(\d{{1,2}})", lambda m: _date(m[1], int(m[3]), int(m[4]))),
        (rf"{_YEAR}(\d{{2}})(\d{{2}})", lambda m: _date(m[1], int(m[2]), int(m[3]))),
        (rf"(0?[1-9]|1[0-2])[./-]{_YEAR}", lambda m: f"{m[2]}-{int(m[1]):02}"),
        (rf"{_YEAR}-?w(\d{{1,2}})", lambda m: _week(m[1], m[2])),
        (rf"(?:week|calendar week|cw) (\d{{1,2}}) {_YEAR}", lambda m: _week(m[2], m[1])),
        (
            rf"({'|'.join(_PARTS)})(?: (?:ended|ending|to))(?: {_DAY})? {_MONTH}(?: {_DAY})? {_YEAR}",
            lambda m: _ended(_PARTS[m[1]], m[2] or m[4], m[3], m[5]),
        ),
        (
            rf"(\d{{1,2}}) months (?:ended|ending|to)(?: {_DAY})? {_MONTH}(?: {_DAY})? {_YEAR}",
            lambda m: _ended(int(m[1]), m[2] or m[4], m[3], m[5]),
        ),
        (r"([12]\d{3})年(\d{1,2})月(\d{1,2})[日号]", lambda m: _date(m[1], int(m[2]), int(m[3]))),
        (r"([12]\d{3})年(\d{1,2})月", lambda m: f"{m[1]}-{int(m[2]):02}"),
        (r"([12]\d{3})年", lambda m: m[1]),
        (r"'?(\d{2})", lambda m: f"the year with four digits, such as 19{m[1]} or 20{m[1]}"),
        (r"(?:n\.?d\.?|unknown|undated|none|tbd|tba|n/a)", lambda _: "no date at all (null) if it is unknown"),
    )
]
"""Notations, the first that fits counts. ``the`` and commas were removed from the text."""
