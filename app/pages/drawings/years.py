"""A linear scale of years. Places are percentages of its width, so that a drawing needs no script to fit any screen."""

import datetime
from calendar import isleap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.values.dates import FactDate

_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_MOST_TICKS = 6
_ROOM_FOR_AN_ARROW = 0.08
"""The part of the scale beside an open end."""


@dataclass(frozen=True)
class Years:
    """From the start of a year to the start of another."""

    first: int
    last: int

    @classmethod
    def around(cls, dates: Iterable[FactDate]) -> "Years":
        """The whole years that hold every known bound, with room for what is open."""
        known = list(dates)
        days = [day for date in known for day in (date.earliest, date.latest) if day is not None]
        first, last = min(day.year for day in days), max(day.year for day in days) + 1
        room = max(1, round((last - first) * _ROOM_FOR_AN_ARROW))
        first -= room if any(date.earliest is None for date in known) else 0
        last += room if any(date.latest is None for date in known) else 0
        return cls(first, max(last, first + 2))

    def start_of(self, day: datetime.date) -> float:
        return self._at(day.year, day.timetuple().tm_yday - 1)

    def end_of(self, day: datetime.date) -> float:
        return self._at(day.year, day.timetuple().tm_yday)

    def _at(self, year: int, days: int) -> float:
        passed = year + days / (366 if isleap(year) else 365) - self.first
        return round(100 * passed / (self.last - self.first), 2)

    @property
    def ticks(self) -> Sequence[tuple[int, float]]:
        """Round years and their places."""
        width = self.last - self.first
        step = next((step for step in _STEPS if width / step <= _MOST_TICKS), width)
        start = -(-self.first // step) * step
        return [(year, self._at(year, 0)) for year in range(start, self.last + 1, step)]
