"""The day that an instant was in a country, as far as it can be known.

A register keeps days. If it publishes one as an instant in UTC, that is midnight in the register's time zone:
2010-12-31T23:00:00Z is 1 January 2011 in Germany.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from app.datasets.open_data.periods import day

_WEST, _EAST = datetime.timedelta(hours=-12), datetime.timedelta(hours=14)
"""The offsets from UTC between which every time zone lies."""


@lru_cache(maxsize=4_096)
def local_days(text: str, country: str | None) -> str | None:
    """The EDTF text of the local day of an ISO 8601 date or time: an interval where days are possible; None if it is neither.

    A time with another offset than UTC is a local time, and midnight in UTC is a day without a time.
    """
    written = day(text)
    if written is None:
        return None
    if text == written.isoformat():
        return text
    try:
        instant = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    if instant.utcoffset() != datetime.timedelta(0) or instant.time() == datetime.time():
        return written.isoformat()
    try:
        days = sorted({moment.date() for moment in _local_times(instant, country)})
    except OverflowError:
        return written.isoformat()
    return days[0].isoformat() if len(days) == 1 else f"{days[0]}/{days[-1]}"


def _local_times(instant: datetime.datetime, country: str | None) -> Iterable[datetime.datetime]:
    zones = zones_by_country().get(country or "")
    return (instant.astimezone(zone) for zone in zones) if zones else (instant + _WEST, instant + _EAST)


@cache
def zones_by_country() -> dict[str, list[ZoneInfo]]:
    """The time zones of each country by its ISO 3166-1 code, from the time zone database."""
    zones = defaultdict(list)
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            country, _, name = line.split("\t")[:3]
            zones[country].append(ZoneInfo(name))
    return zones
