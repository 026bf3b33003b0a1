"""Which observations of several companies share a row.

Observations of one metric share a row if unit, scope and period are the same. The rest is paired as closely as possible, so that
a reader sees that the other company has a value too; such a row says what differs.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple

from app.api.compare.reasons import Observed


class Row(NamedTuple):
    """One row of the comparison.

    ``cells`` has for each company its observations, the one that is shown first. Several have the same unit, scope
    and period. ``elsewhere`` is, where one company is alone in the row, the nearest observation of each other company
    that has the metric: all of those are in other rows.
    """

    cells: list[list[Observed]]
    elsewhere: list[Observed]


_Cells = dict[str, list[Observed]]
_Key = Callable[[Observed], Hashable]

_SAME: _Key = lambda one: (one.unit, one.scope, one.earliest, one.latest)  # noqa: E731 - one of a table of keys
_NEARER_FIRST: tuple[_Key, ...] = (
    lambda one: (one.unit, one.earliest, one.latest) if one.edtf else one.id,
    lambda one: (one.unit, one.scope, one.bounds[0][:4]) if one.edtf else one.id,
    lambda one: (one.unit, one.scope),
    lambda one: one.unit,
    lambda one: (one.earliest, one.latest) if one.edtf else one.id,
    lambda one: one.metric,
)


def align(observations: Iterable[Observed], companies: Sequence[str]) -> list[Row]:
    """Every observation in exactly one row, rows by metric, unit, scope and period."""
    of_metric: dict[str, list[Observed]] = defaultdict(list)
    for one in observations:
        of_metric[one.metric].append(one)
    rows = [row for found in of_metric.values() for row in _rows(found, companies)]
    return sorted(rows, key=_place)


def _rows(observations: Sequence[Observed], companies: Sequence[str]) -> list[Row]:
    """The rows of one metric."""
    same: dict[Hashable, _Cells] = defaultdict(lambda: defaultdict(list))
    for one in sorted(observations, key=_surest_first):
        same[_SAME(one)][one.company].append(one)
    rows = [cells for cells in same.values() if len(cells) > 1]
    left = [(company, cell) for cells in same.values() if len(cells) == 1 for company, cell in cells.items()]
    left.sort(key=lambda entry: _newness(entry[1][0]), reverse=True)
    for key in _NEARER_FIRST:
        paired, left = _pair(left, key)
        rows += paired
    nearest = _Nearest(observations if left else ())
    return [
        *(Row([cells.get(company, []) for company in companies], []) for cells in rows),
        *(Row([cell if company == one else [] for company in companies], nearest.to(cell[0])) for one, cell in left),
    ]


def _pair(left: Sequence[tuple[str, list[Observed]]], key: _Key) -> tuple[list[_Cells], list[tuple[str, list[Observed]]]]:
    """Rows of at least two companies whose cells share a key, and what is left without one. Cells come newest first."""
    groups: dict[Hashable, dict[str, list[list[Observed]]]] = defaultdict(lambda: defaultdict(list))
    for company, cell in left:
        groups[key(cell[0])][company].append(cell)
    rows = []
    rest = []
    for waiting in groups.values():
        depth = max(len(cells) for cells in waiting.values())
        for i in range(depth):
            row = {company: cells[i] for company, cells in waiting.items() if i < len(cells)}
            if len(row) > 1:
                rows.append(row)
            else:
                rest += list(row.items())
    return rows, rest


class _Nearest:
    """Finds observations of one metric that are nearest to a given one; the newest of those that are equally near."""

    def __init__(self, observations: Iterable[Observed]) -> None:
        self._by_key: list[dict[Hashable, dict[str, Observed]]] = [defaultdict(dict) for _ in _NEARER_FIRST]
        for one in sorted(observations, key=_newness):
            for key, newest in zip(_NEARER_FIRST, self._by_key, strict=True):
                newest[key(one)][one.company] = one

    def to(self, one: Observed) -> list[Observed]:
        """The nearest one of each other company that has any."""
        found = {one.company: one}
        for key, newest in zip(_NEARER_FIRST, self._by_key, strict=True):
            found = newest[key(one)] | found
        return [other for company, other in found.items() if company != one.company]


def _newness(one: Observed) -> tuple[bool, tuple[str, str]]:
    return one.edtf is not None, one.bounds


def _surest_first(one: Observed) -> tuple[bool, bool, int]:
    return one.uncertain, one.qualifier != "exact", one.id


def _place(row: Row) -> tuple[str, str, str, tuple[str, str], int]:
    first = next(cell[0] for cell in row.cells if cell)
    return first.metric, first.unit, first.scope or "", first.bounds, first.id
