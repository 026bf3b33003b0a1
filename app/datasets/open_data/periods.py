"""Days and spans of days as the shortest EDTF text with exactly that meaning."""

import calendar
import datetime

from app.records.validation import Value

_PARTS = {3: 33, 6: 40}
"""By number of months (a quarter, a half year): the code of the first one in EDTF level 2."""


def day(text: str) -> datetime.date | None:
    """The day at the start of an ISO 8601 date or time, as written; None if there is none."""
    try:
        return datetime.date.fromisoformat(text[:10]) if len(text) == 10 or text[10:11] == "T" else None
    except ValueError:
        return None


def span(start: datetime.date, end: datetime.date) -> str:
    """The EDTF text of the days from ``start`` to ``end``, both included."""
    first, last = start.isoformat(), end.isoformat()
    if start == end:
        return first
    if start.day != 1 or end.day != calendar.monthrange(end.year, end.month)[1]:
        return f"{first}/{last}"
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if months == 1:
        return first[:7]
    if months % 12 == 0 and start.month == 1:
        return first[:4] if months == 12 else f"{first[:4]}/{last[:4]}"
    if months in _PARTS and (start.month - 1) % months == 0:
        return f"{first[:4]}-{_PARTS[months] + (start.month - 1) // months}"
    return f"{first[:7]}/{last[:7]}"


def edtf_of(date: Value) -> str:
    """The EDTF text of a dataset date."""
    return str(date["edtf"] if isinstance(date, dict) else date)
