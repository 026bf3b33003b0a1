"""What to write for a date in a notation that newspapers, registers and accountants use, and EDTF does not know.

Nothing is converted silently: a message says what to write, and for an ambiguous notation it says how each meaning is written.
"""

import re
from collections.abc import Callable

from app.values import date_periods as periods
from app.values.date_points import DAY, MONTH, YEAR, after, ambiguous_days, before, month_number, point
from app.values.date_words import in_words

_SHORT_YEAR = r"'?([12]\d{3}|\d{2})"
_ORDINAL = r"(first|second|third|fourth|last|[1-4])(?:st|nd|rd|th)?"
_CENTURY = r"(\d{1,2}|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty-first)(?:st|nd|rd|th)? (?:century|c\.)"
_SEASON = r"(spring|summer|autumn|fall|winter)"
_HEMISPHERE = r"(northern|southern|boreal|austral)"
_FISCAL = r"(?:fy|fye|fiscal(?: year)?|financial year)"
_OF = r"(?: of)?(?: the year)? "
_RANGE = r" ?(?:-|to|until|till|and|through|thru) ?"
_PARTS = {
    "year": 12, "fiscal year": 12, "financial year": 12, "fy": 12, "fye": 12, "ye": 12, "y/e": 12, "twelve months": 12,
    "nine months": 9, "half": 6, "half year": 6, "half-year": 6, "six months": 6, "quarter": 3, "three months": 3,
}  # fmt: skip
_TENS = {"twen": "2", "thir": "3", "for": "4", "fif": "5", "six": "6", "seven": "7", "eigh": "8", "nine": "9"}
_CHINESE = {"一": "1", "二": "2", "三": "3", "四": "4"}
_ENDED = rf"(?: (?:ended|ending|to))?(?: {DAY})? {MONTH}(?: {DAY})? {YEAR}"


def advice(text: str) -> str | None:
    """What to write instead of a text that is not EDTF, such as "2023-35". None if the notation is unknown."""
    plain = " ".join(re.sub(r"[‐-―−]", "-", text.casefold()).replace(",", " ").replace("_", " ").split())  # noqa: RUF001
    plain = re.sub(r"^(?:in|during|on|as at|as of) ", "", re.sub(r"\bthe ", "", plain))
    for pattern, write in _NOTATIONS:
        found = pattern.fullmatch(plain)
        written = write(found) if found else None
        if written:
            return written
    return None


def ambiguous(edtf: str) -> str | None:
    """What to write instead of an EDTF text that people also use for something else. None if it has one meaning.

    2024-25 is spring 2024 in EDTF, and a financial year elsewhere. Two years that follow each other always have several meanings,
    and so have years up to ten apart; but since 2000 a quarter, a half, or a season of one hemisphere is more often meant.
    """
    found = re.fullmatch(r"([0-9]{2})([0-9]{2})-(2[1-9]|3[0-9]|4[01])", edtf)
    distance = int(found[3]) - int(found[2]) if found else 0
    is_common_part = edtf >= "2000" and edtf[5:] > "24"
    if not found or not 0 < distance <= (1 if is_common_part else 10):
        return None
    year, last = found[1] + found[2], found[1] + found[3]
    financial = f"{year}-04/{last}-03 for a financial year from April to March, " if distance == 1 else ""
    return f"write {year}/{last} for the years, {financial}or {{edtf: {edtf}, text: {in_words(edtf)}}} for that"


def _with(template: str, move: Callable[[str], str] = str) -> Callable[[re.Match[str]], str | None]:
    """A year, month or day, or its neighbour, within an EDTF text."""

    def write(found: re.Match[str]) -> str | None:
        edtf = point(found[1])
        return edtf and template.format(move(edtf))

    return write


def _span(found: re.Match[str]) -> str | None:
    """From one year, month or day to another, whose month or year may be given once."""
    first, last = found[1], found[2]
    end = point(last)
    if end is None:
        return None
    if len(end) == 4 and re.fullmatch(YEAR, first):
        return periods.years(first, end)
    start = point(first) or point(f"{first} {end[:4]}") or (point(f"{first} {last.partition(' ')[2]}"))
    return f"{start}/{end}" if start and len(start) == len(end) and start < end else None


def _span_of_days(year: str, month: str, first: str, last: str) -> str | None:
    start, end = (point(f"{day} {month} {year}") for day in (first, last))
    return f"{start}/{end}" if start and end and start < end else None


def _month_span(found: re.Match[str]) -> str:
    return f"{found[3]}-{month_number(found[1]):02}/{found[3]}-{month_number(found[2]):02}"


def _ended(found: re.Match[str]) -> str | None:
    length = _PARTS[found[1]] if found[1] in _PARTS else int(found[1])
    return periods.ended(length, found[2] or found[4], month_number(found[3]), found[5])


_Write = Callable[[re.Match[str]], str | None]
_NOTATIONS: list[tuple[re.Pattern[str], _Write]] = [
    (re.compile(pattern), write)
    for pattern, write in (
        (rf"{YEAR}[ -]?q([1-4])", lambda m: periods.quarter(m[1], m[2])),
        (rf"(?:q([1-4])|([1-4])q)[ /-]?{_SHORT_YEAR}", lambda m: periods.quarter(m[3], m[1] or m[2])),
        (rf"{_ORDINAL} quarter{_OF}{YEAR}", lambda m: periods.quarter(m[2], m[1])),
        (rf"q([1-4]){_RANGE}q([1-4]) {_SHORT_YEAR}", lambda m: periods.quarters(m[3], m[1], m[3], m[2])),
        (rf"q([1-4]) {_SHORT_YEAR}{_RANGE}q([1-4]) {_SHORT_YEAR}", lambda m: periods.quarters(m[2], m[1], m[4], m[3])),
        (rf"{YEAR}[ -]?hy?([12])", lambda m: periods.half(m[1], m[2])),
        (rf"(?:hy?([12])|([12])h)[ /-]?{_SHORT_YEAR}", lambda m: periods.half(m[3], m[1] or m[2])),
        (rf"{_ORDINAL} half{_OF}{YEAR}", lambda m: periods.half(m[2], m[1])),
        (rf"(?:hy|half[ -]year) ?{YEAR}", lambda m: f"{m[1]}-40 for the first half, or {m[1]}-41 for the second"),
        (rf"(\d{{1,2}})m ?{_SHORT_YEAR}", lambda m: periods.first_months(m[2], m[1])),
        (rf"{YEAR} (\d{{1,2}})m", lambda m: periods.first_months(m[1], m[2])),
        (rf"(?:ytd|year[ -]to[ -]date) {YEAR}", lambda m: f"its first and last month, such as {m[1]}-01/{m[1]}-09"),
        (rf"{YEAR}[ -]?t([1-3])", lambda m: periods.third(m[1], m[2])),
        (rf"t([1-3])[ /-]?{YEAR}", lambda m: periods.third(m[2], m[1])),
        (rf"{_SEASON}{_OF}{YEAR}", lambda m: periods.season(m[2], m[1])),
        (rf"{YEAR} {_SEASON}", lambda m: periods.season(m[1], m[2])),
        (rf"{_HEMISPHERE} {_SEASON}{_OF}{YEAR}", lambda m: periods.season_of(m[1], m[2], m[3])),
        (rf"{_SEASON}{_OF}{YEAR} \({_HEMISPHERE} hemisphere\)", lambda m: periods.season_of(m[3], m[1], m[2])),
        (rf"(?:winter|summer){_OF}{YEAR} ?[/-] ?(\d\d|\d{{4}})", lambda m: periods.season_over_new_year(m[1], m[2])),
        (rf"{_FISCAL} ?{YEAR} ?[/-] ?(\d{{2}}|\d{{4}})", lambda m: periods.financial(m[1][:2] + m[2][-2:])),
        (rf"{_FISCAL} ?(\d{{1,2}})/(\d{{2}}|\d{{4}})", lambda m: periods.month_of_fiscal(m[1], m[2])),
        (rf"{_FISCAL} ?{_SHORT_YEAR}", lambda m: periods.fiscal(m[1])),
        (
            rf"(?:([qh])([1-4])|([1-4])([qh]))[ /]?(?:{_FISCAL} ?)?(?:{YEAR} ?[/-] ?)?{_SHORT_YEAR}",
            lambda m: periods.part_of_fiscal(m[1] or m[4], m[2] or m[3], m[6]),
        ),
        (rf"{_FISCAL} ?{_SHORT_YEAR} ?([qh])([1-4])", lambda m: periods.part_of_fiscal(m[2], m[3], m[1])),
        (rf"{_ORDINAL} (q|h)(?:uarter|alf) of {_FISCAL} ?{_SHORT_YEAR}", lambda m: periods.part_of_fiscal(m[2], m[1], m[3])),
        (rf"(?:cy|calendar(?: year)?) ?{YEAR}", lambda m: m[1]),
        (rf"{YEAR}[/-]([1-9])", lambda m: periods.month_or_years(m[1], m[2])),
        (rf"{YEAR}/(0[1-9]|1[0-2])", lambda m: periods.month_or_years(m[1], m[2])),
        (rf"(?:{YEAR}{_RANGE}|{YEAR} ?/ ?)(\d{{2}})", lambda m: periods.years(m[1] or m[2], m[3])),
        (rf"{MONTH} {DAY} ?- ?{DAY} {YEAR}", lambda m: _span_of_days(m[4], m[1], m[2], m[3])),
        (rf"{YEAR} or {YEAR}", lambda m: f"{m[1]}/{m[2]}" if m[1] < m[2] else None),
        (rf"{MONTH}{_RANGE}{MONTH} {YEAR}", _month_span),
        (rf"(\d{{1,2}})-(\d{{1,2}})/{YEAR}", lambda m: f"{m[3]}-{int(m[1]):02}/{m[3]}-{int(m[2]):02}"),
        (r"([12]\d{2}0) ?'?s", lambda m: periods.decade(m[1])),
        (r"(early|mid|late)[ -]([12]\d{2})0'?s", lambda m: periods.part_of_decade(m[1], m[2])),
        (r"([12]\d[1-9])0'?s(?:-| to | and )([12]\d[1-9])0'?s", lambda m: f"{m[1]}0/{m[2]}9"),
        (r"'?([1-9])0'?s", lambda m: periods.decade_of_some_century(m[1])),
        (r"(twen|thir|for|fif|six|seven|eigh|nine)ties", lambda m: periods.decade_of_some_century(_TENS[m[1]])),
        (_CENTURY, lambda m: periods.century(m[1])),
        (rf"(early|mid|late)[ -]{_CENTURY}", lambda m: periods.century(m[2], m[1])),
        (rf"{_ORDINAL} (half|quarter) of {_CENTURY}", lambda m: periods.part_of_century(m[1], m[2], m[3])),
        (rf"(\d{{1,2}})(?:st|nd|rd|th)?{_RANGE}{_CENTURY}", lambda m: periods.centuries(m[1], m[2])),
        (r"(?:circa |ca\.? |c\.? ?|about |around |approx(?:imately|\.)? |roughly |some time around |~ ?)(.+)", _with("{}~")),
        (r"(?:around |circa )([12]\d[1-9])0s", lambda m: f"{m[1]}X~"),
        (r"(?:possibly|probably|perhaps|maybe) (.+)", _with("{}?")),
        (r"(.+) \((?:uncertain|\?)\)", _with("{}?")),
        (rf"est\.? {YEAR}", lambda m: f"{m[1]} if it was established then, or {m[1]}~ if that is an estimate"),
        (r"(?:before|prior to|earlier than) (.+)", _with("../{}", before)),
        (r"(?:until|till|by|up to|no later than|not later than|at latest) (.+)", _with("../{}")),
        (r"(.+) (?:or earlier|or before|at latest)", _with("../{}")),
        (r"(?:after|later than) (.+)", _with("{}/..", after)),
        (r"(?:since|from|as from|as of|no earlier than|not before) (.+?)(?: onwards?)?", _with("{}/..")),
        (r"(.+?) (?:or later|or after|onwards?)", _with("{}/..")),
        (r"(.+?) ?(?:-|to) ?(?:present|now|today|date)?", _with("{}/..")),
        (rf"(early|mid|late)[ -]{YEAR}", lambda m: periods.part_of_year(m[1], m[2])),
        (rf"middle of {YEAR}", lambda m: periods.part_of_year("mid", m[1])),
        (rf"(end|year-end|close|beginning|start|turn)(?: of)? {YEAR}", lambda m: periods.end_of_year(m[1], m[2])),
        (r"(.+)", lambda m: point(m[1]) or ambiguous_days(m[1])),
        (
            rf"({YEAR}-\d\d-\d\d)[t ](\d\d:\d\d)(z?)",
            lambda m: f"{m[1]} for the day, or {m[1]}T{m[3]}:00{m[4].upper()} with seconds",
        ),
        (rf"{YEAR}-?w(\d{{1,2}})", lambda m: periods.week(m[1], m[2])),
        (rf"(?:week|calendar week|cw|kw|wk|w) ?(\d{{1,2}})(?: of)?[ /]{YEAR}", lambda m: periods.week(m[2], m[1])),
        (rf"({'|'.join(_PARTS)}){_ENDED}", _ended),
        (rf"(\d{{1,2}}) months{_ENDED}", _ended),
        (r"(\d{1,2}) weeks (?:ended|ending|to) (.+)", lambda m: periods.weeks_ended(m[1], point(m[2]))),
        (r"(?:from |between )?(.+?) (?:-|to|until|till|and|through|thru) (.+)", _span),
        (r"(?:from |between )?(.+?)-(.+)", _span),
        (rf"{MONTH}[ -]?'?(\d{{2}})", lambda m: f"{periods.full_year(m[2])}-{month_number(m[1]):02} if {m[2]} is the year"),
        (r"(\d{1,2}[./-]\d{1,2})[./-](\d{2})", lambda m: f"the year with four digits, such as {m[1]}/{periods.full_year(m[2])}"),
        (r"([12]\d{3})年(?:第)?([1-4一二三四])季度?", lambda m: periods.quarter(m[1], _CHINESE.get(m[2], m[2]))),
        (r"([12]\d{3})年([上下])半年", lambda m: f"{m[1]}-{40 if m[2] == '上' else 41}"),
        (r"([12]\d{3})年度", lambda m: f"{m[1]} if it is the calendar year, or {m[1]}-04/{int(m[1]) + 1}-03 from April to March"),
        (r"(\d{2})世[纪紀]([1-9])0年代", lambda m: f"{int(m[1]) - 1}{m[2]}X"),
        (r"(\d{2})世[纪紀]", lambda m: periods.century(m[1])),
        (r"([12]\d[1-9])0年代", lambda m: f"{m[1]}X"),
        (r"'?(\d{2})", lambda m: f"the year with four digits, such as 19{m[1]} or 20{m[1]}"),
        (r"\d+ ?(?:bc|bce)", lambda _: "no date (null), because years before 1 are not stored"),
        (
            r"(?:n\.?d\.?|unknown|undated|none|tbd|tba|n/a|not stated|s\.?d\.?)",
            lambda _: "no date at all (null) if it is unknown",
        ),
    )
]
"""Notations, the first that fits counts. ``the`` and commas were removed from the text."""
