"""A query as it is matched, whichever version of the specification it was written for."""

from dataclasses import dataclass, field
from typing import Literal

from app.api.reconcile.properties import NAMES, is_property
from app.records.validation import shown
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
    ids_required: bool = False
    excluded_ids: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    other_types_allowed: bool = False
    ignored: list[str] = field(default_factory=list)
    """Notes on what the query says without effect, other than unknown properties."""

    def notes(self) -> list[str]:
        """What is ignored, for people."""
        unknown = {one.property_id: one.required for one in self.conditions if not is_property(one.property_id)}
        return list(dict.fromkeys((*(note_on_unknown(*each) for each in unknown.items()), *self.ignored)))


def note_on_unknown(property_id: str, required: bool = False) -> str:  # noqa: FBT001, FBT002
    """The note on a property that does not exist."""
    near = nearest(property_id, NAMES)
    meant = f" Did you mean {near}?" if near else ""
    effect = "no company meets the required condition" if required else "it was ignored"
    return (
        f"{shown(property_id)} is not a property, so {effect}. Known are {', '.join(NAMES)}, identifier:<scheme> and "
        f"metric:<name>.{meant}"
    )
