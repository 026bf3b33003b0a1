"""Which observations of several companies stand in one row.

Observations of one metric are set side by side where unit, scope and period are the same. What is left is paired as
nearly as may be, so that a reader sees that the other company has a value too; such a row says what differs.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence

from app.compare.reasons import Observed

Row = list[list[Observed]]
"""For each company its observations, the one that is shown first. Several have the same unit, scope and period."""

_Key = Callable[[Observed], Hashable]

_SAME: _Key = lambda one: (one.unit, one.scope, one.earliest, one.latest)  # noqa: E731 - one of a table of keys
_NEARER_FIRST: tuple[_Key, ...] = (
    lambda one: (one.unit, one.earliest, one.latest) if one.edtf else one.id,
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
    same: dict[Hashable, dict[str, list[Observed]]] = defaultdict(lambda: defaultdict(list))
    for one in sorted(observations, key=_surest_first):
        same[_SAME(one)][one.company].append(one)
    rows = [cells for cells in same.values() if len(cells) > 1]
    left = [(company, cell) for cells in same.values() if len(cells) == 1 for company, cell in cells.items()]
    left.sort(key=lambda entry: (entry[1][0].edtf is not None, entry[1][0].bounds), reverse=True)
    for key in _NEARER_FIRST:
        paired, left = _pair(left, key)
        rows += paired
    rows += [{company: cell} for company, cell in left]
    return [[cells.get(company, []) for company in companies] for cells in rows]


def _pair(
    left: Sequence[tuple[str, list[Observed]]], key: _Key
) -> tuple[list[dict[str, list[Observed]]], list[tuple[str, list[Observed]]]]:
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


def _surest_first(one: Observed) -> tuple[bool, bool, int]:
    return one.uncertain, one.qualifier != "exact", one.id


def _place(row: Row) -> tuple[str, str, str, tuple[str, str], int]:
    first = next(cell[0] for cell in row if cell)
    return first.metric, first.unit, first.scope or "", first.bounds, first.id
