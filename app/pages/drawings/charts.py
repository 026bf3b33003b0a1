"""Charts of a company's metrics: one for each series of comparable values, where a source states the periods."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations, pairwise
from typing import Literal, NamedTuple

from app.pages.drawings.dates import DateMark, mark_of
from app.pages.drawings.years import Years
from app.records.metric import Metric
from app.values.dates import FactDate

_TOP, _BOTTOM, _HEIGHT = 28, 150, 174
"""Pixels: the highest and the lowest value, and the whole drawing with its years."""
_MOST_LABELS = 6
_ONE_DAY = datetime.timedelta(days=1)


class Point(NamedTuple):
    """A value at the period that its source states."""

    metric: Metric
    mark: DateMark
    y: float
    labelled: bool
    is_below: bool
    """Whether its label stands below it, because the label of a higher value for the same period stands above."""

    @property
    def x(self) -> float:
        """The middle of the period."""
        return round(self.mark.x + self.mark.width / 2, 2)


class Line(NamedTuple):
    """A line between two points: exact values of periods that follow each other, or values that disagree about one period."""

    kind: Literal["follows", "disagrees"]
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Series:
    """Values of one metric in one unit and scope, in the order of their periods, those without one last."""

    metrics: Sequence[Metric]
    height = _HEIGHT
    top = _TOP
    bottom = _BOTTOM

    @property
    def name(self) -> str:
        return self.metrics[0].name

    @property
    def unit(self) -> str:
        return self.metrics[0].unit

    @property
    def scope(self) -> str | None:
        return self.metrics[0].scope

    @cached_property
    def dated(self) -> list[tuple[Metric, FactDate]]:
        return [(metric, metric.period) for metric in self.metrics if metric.period is not None]

    @property
    def undated(self) -> list[Metric]:
        return [metric for metric in self.metrics if metric.period is None]

    @property
    def is_drawn(self) -> bool:
        """Whether there are two periods or more to compare."""
        return len({(period.earliest, period.latest) for _, period in self.dated}) > 1

    @cached_property
    def years(self) -> Years:
        return Years.around(period for _, period in self.dated)

    @property
    def base(self) -> float:
        """Where the axis is: at zero for amounts, at the first place for ranks."""
        return self._y(Decimal(1 if self.unit == "rank" else 0))

    @cached_property
    def points(self) -> list[Point]:
        labelled = {metric.slug for metric, _ in self.dated}
        if len(labelled) > _MOST_LABELS:
            by_value = sorted((metric for metric, _ in self.dated), key=lambda metric: metric.value)
            labelled = {by_value[0].slug, by_value[-1].slug, self.dated[-1][0].slug}
        highest: dict[tuple[object, object], Decimal] = {}
        for metric, period in self.dated:
            span = period.earliest, period.latest
            highest[span] = max(metric.value, highest.get(span, metric.value))
        return [
            Point(
                metric,
                mark_of(period, self.years),
                self._y(metric.value),
                metric.slug in labelled,
                metric.value < highest[period.earliest, period.latest],
            )
            for metric, period in self.dated
        ]

    @property
    def lines(self) -> list[Line]:
        groups = disagreements(self.metrics)
        disputed = {metric.slug for group in groups for metric in group}  # a line through one of them would take its side
        exact = [one for one in self.points if one.metric.qualifier == "exact" and one.metric.slug not in disputed]
        following = [_line("follows", *pair) for pair in pairwise(exact) if _follow_each_other(*pair)]
        disagreeing = {frozenset((one.slug, other.slug)) for group in groups for one, other in combinations(group, 2)}
        pairs = (pair for pair in combinations(self.points, 2) if {point.metric.slug for point in pair} in disagreeing)
        return following + [_line("disagrees", *pair) for pair in pairs]

    def _y(self, value: Decimal) -> float:
        """Amounts start at zero. Ranks have the first place on top."""
        values = [metric.value for metric, _ in self.dated]
        low, high = (Decimal(1), max(values)) if self.unit == "rank" else (min(Decimal(0), *values), max(Decimal(0), *values))
        part = float((value - low) / (high - low)) if high > low else 0.0
        return round(_TOP + part * (_BOTTOM - _TOP), 1) if self.unit == "rank" else round(_BOTTOM - part * (_BOTTOM - _TOP), 1)


def _line(kind: Literal["follows", "disagrees"], one: Point, other: Point) -> Line:
    return Line(kind, one.x, one.y, other.x, other.y)


def _follow_each_other(one: Point, other: Point) -> bool:
    before, after = one.metric.period, other.metric.period
    if before is None or after is None or before.latest is None or after.earliest is None:
        return False
    return before.latest < datetime.date.max and before.latest + _ONE_DAY == after.earliest


def series_of(metrics: Iterable[Metric]) -> list[Series]:
    """The series of a company's metrics, in the order in which they come."""
    groups: dict[tuple[str, str, str | None], list[Metric]] = defaultdict(list)
    for metric in metrics:
        groups[metric.metric, metric.unit, metric.scope].append(metric)
    return [Series(group) for group in groups.values()]


def disagreements(metrics: Iterable[Metric]) -> list[list[Metric]]:
    """Groups of values of one metric, unit, scope and period that differ."""
    groups: dict[tuple[object, ...], list[Metric]] = defaultdict(list)
    for metric in metrics:
        if metric.period is not None:
            key = metric.metric, metric.unit, metric.scope, metric.period.earliest, metric.period.latest
            groups[key].append(metric)
    return [group for group in groups.values() if len({(metric.value, metric.qualifier) for metric in group}) > 1]
