"""How a fuzzy date is drawn: what is certain as a solid shape, and what its source leaves open as open."""

from typing import Literal, NamedTuple

from app.pages.drawings.years import Years
from app.values.dates import FactDate

_NARROWEST = 0.8
"""Per cent. A month among a hundred years must stay visible."""


class DateMark(NamedTuple):
    """A tick of one day, or a bar over the days that a date may mean.

    ``capped`` has a line at each known end of an interval. An open end fades out and has an arrow. ``uncertain`` is hatched,
    ``approximate`` has a dashed outline.
    """

    form: Literal["tick", "bar"]
    x: float
    width: float
    capped: bool = False
    opens_left: bool = False
    opens_right: bool = False
    uncertain: bool = False
    approximate: bool = False

    @property
    def end(self) -> float:
        return round(self.x + self.width, 2)


def mark_of(date: FactDate, years: Years) -> DateMark:
    """The mark of a date on a scale that holds it."""
    is_interval = "/" in date.edtf
    uncertain = "?" in date.edtf or "%" in date.edtf
    approximate = "~" in date.edtf or "%" in date.edtf
    start = 0.0 if date.earliest is None else years.start_of(date.earliest)
    end = 100.0 if date.latest is None else years.end_of(date.latest)
    if date.earliest == date.latest and not (uncertain or approximate):
        return DateMark("tick", start, round(end - start, 2))
    width = max(round(end - start, 2), _NARROWEST)
    return DateMark(
        "bar",
        min(start, 100 - width),
        width,
        capped=is_interval and date.earliest is not None and date.latest is not None,
        opens_left=date.earliest is None,
        opens_right=date.latest is None,
        uncertain=uncertain,
        approximate=approximate,
    )
