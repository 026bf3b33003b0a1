"""When values are comparable, and what to say if they are not."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Reason(StrEnum):
    """Why the values of a row are not comparable."""

    MISSING_VALUE = "missing_value"
    UNITS_DIFFER = "units_differ"
    SCOPE_DIFFERS = "scope_differs"
    PERIOD_UNKNOWN = "period_unknown"
    PERIOD_UNCERTAIN = "period_uncertain"
    PERIODS_DO_NOT_OVERLAP = "periods_do_not_overlap"
    PERIODS_DIFFER = "periods_differ"
    QUALIFIER_NOT_EXACT = "qualifier_not_exact"
    QUALIFIERS_DIFFER = "qualifiers_differ"
    VALUES_DISAGREE = "values_disagree"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    Reason.MISSING_VALUE: "Only one of the companies has this metric.",
    Reason.UNITS_DIFFER: "The values are in different units.",
    Reason.SCOPE_DIFFERS: "The values are about different markets, products or places, or not all of them say about which.",
    Reason.PERIOD_UNKNOWN: "A source does not say which period its value is of.",
    Reason.PERIOD_UNCERTAIN: "A period is uncertain, or open at an end.",
    Reason.PERIODS_DO_NOT_OVERLAP: "The periods have no day in common.",
    Reason.PERIODS_DIFFER: "The periods overlap and are not the same.",
    Reason.QUALIFIER_NOT_EXACT: "A value is a bound or an estimate, not an exact number.",
    Reason.QUALIFIERS_DIFFER: "The sources qualify their values differently.",
    Reason.VALUES_DISAGREE: "Sources give different values for one company.",
}


@dataclass(frozen=True)
class Observed:
    """An observation: what decides whether it is comparable, and what is shown of it."""

    id: int
    company: str
    slug: str
    metric: str
    name: str
    value: Decimal
    unit: str
    qualifier: str
    stated_as: str | None
    scope: str | None
    edtf: str | None
    text: str | None
    earliest: datetime.date | None
    latest: datetime.date | None
    uncertain: bool
    equivalent_value: Decimal | None
    equivalent_unit: str | None
    equivalent_stated_as: str | None

    @property
    def bounds(self) -> tuple[str, str]:
        """The period as a sort key: open starts and ends come last."""
        return str(self.earliest or self.latest or "~"), str(self.latest or "~")


def reasons_against(cells: Sequence[Sequence[Observed]]) -> list[Reason]:
    """Why the values of a row are not comparable, in the order of the list above; empty if they are.

    A cell holds the observations of one company, the one that is shown first; an empty one is no obstacle
    to comparing the others.
    """
    shown = [cell[0] for cell in cells if cell]
    found = {
        Reason.MISSING_VALUE: len(shown) < 2,
        Reason.UNITS_DIFFER: len({one.unit for one in shown}) > 1,
        Reason.SCOPE_DIFFERS: len({one.scope for one in shown}) > 1,
        Reason.PERIOD_UNKNOWN: any(one.edtf is None for one in shown),
        Reason.PERIOD_UNCERTAIN: any(_is_vague(one) for one in shown),
        Reason.QUALIFIER_NOT_EXACT: any(one.qualifier != "exact" for one in shown),
        Reason.QUALIFIERS_DIFFER: len({one.qualifier for one in shown}) > 1,
        Reason.VALUES_DISAGREE: any(_disagree(cell) for cell in cells),
        **_between_periods([one for one in shown if one.edtf is not None]),
    }
    return [reason for reason in Reason if found[reason]]


def reasons_apart(cells: Sequence[Sequence[Observed]], elsewhere: Sequence[Observed]) -> list[Reason]:
    """Why a row of one company is not comparable with the other companies' values of the metric in other rows.

    Each of those is set against it alone: how they differ from each other is said where they stand.
    """
    found = {reason for cell in cells if cell for other in elsewhere for reason in reasons_against([cell, [other]])}
    return [reason for reason in Reason if reason in found]


def _is_vague(one: Observed) -> bool:
    return one.edtf is not None and (one.uncertain or one.earliest is None or one.latest is None)


def _disagree(cell: Sequence[Observed]) -> bool:
    return len({(one.value, one.qualifier) for one in cell}) > 1


def _between_periods(dated: Sequence[Observed]) -> dict[Reason, bool]:
    latest_start = max((one.earliest or datetime.date.min for one in dated), default=datetime.date.min)
    earliest_end = min((one.latest or datetime.date.max for one in dated), default=datetime.date.max)
    apart = latest_start > earliest_end
    return {
        Reason.PERIODS_DO_NOT_OVERLAP: apart,
        Reason.PERIODS_DIFFER: not apart and len({(one.earliest, one.latest) for one in dated}) > 1,
    }
