"""A query as it is matched, whichever version of the specification it was written for."""

from dataclasses import dataclass, field
from typing import Literal

from app.api.reconcile.properties import NAMES, is_property
from app.values.text import nearest


@dataclass(frozen=True)
class Condition:
    """Values that a company should have for a property: any of them, all or none."""

    property_id: str
    texts: list[str]
    quantifier: Literal["any", "all", "none"] = "any"
    required: bool = False


@dataclass(frozen=True)
class MatchQuery:
    """Names, one of which is meant, and other known values."""

    names: list[str]
    conditions: list[Condition]
    limit: int
    ids: list[str] = field(default_factory=list)
    """Slugs of companies, one of which is meant."""
    types: list[str] = field(default_factory=list)
    other_types_allowed: bool = False

    def notes(self) -> list[str]:
        """What is ignored, for people."""
        unknown = dict.fromkeys(one.property_id for one in self.conditions if not is_property(one.property_id))
        return [note_on_unknown(property_id) for property_id in unknown]


def note_on_unknown(property_id: str) -> str:
    """The note on a property that does not exist."""
    near = nearest(property_id, NAMES)
    meant = f" Did you mean {near}?" if near else ""
    return (
        f"{property_id!r} is not a property, so it was ignored. Known are {', '.join(NAMES)}, identifier:<scheme> and "
        f"metric:<name>.{meant}"
    )
