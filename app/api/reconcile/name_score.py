"""How well the names of a company fit a given one, which may consist of two names."""

from collections.abc import Collection, Iterable
from functools import cached_property
from typing import NamedTuple

from app.api.reconcile.aliases import Alias, split_alias
from app.api.reconcile.names import Name, normalise_name, similarity

FITS = 88.0
"""The minimum similarity of two names that may mean the same company."""
ONE_OF_TWO = 96.0
"""The maximum score of a company that has only one of two given names."""
FORMER_OF_TWO = 92.0
"""The maximum if that one is the second of "X, formerly Y"."""
SHORT_NAME = 83.5
"""The score of a company whose name starts with the given one, before its country adds to it."""
MOST_WITH_SHORT_NAME = 20
"""If as many companies start with the given name, there may be others that were not read."""
_SHORTEST = 5
_SHORTEST_EAST_ASIAN = 2
_COMMON = frozenset(
    (
        "advanced", "allied", "america", "american", "asia", "associated", "bank", "central", "china", "city", "consolidated",
        "east", "eastern", "euro", "europe", "european", "federal", "first", "general", "great", "hong", "imperial", "india",
        "indian", "industrial", "japan", "korea", "mutual", "national", "nippon", "north", "northern", "pacific", "premier",
        "public", "royal", "saint", "south", "southern", "standard", "state", "universal", "united", "west", "western", "world",
    )
)  # fmt: skip
"""Words that so many names start with that a country does not distinguish them."""


class Fit(NamedTuple):
    """How well a company fits, from 0 to 100, and whether it may be a match."""

    similarity: float
    certain: bool = True


class _OneName:
    """A name, and its similarity to others, each computed once."""

    def __init__(self, name: Name) -> None:
        self.name = name
        self._known: dict[str, float] = {}

    def best(self, names: Iterable[str]) -> float:
        """The similarity of the best of a company's names, from 0 to 100."""
        return max(map(self._similarity, names), default=0.0)

    def _similarity(self, other: str) -> float:
        known = self._known.get(other)
        if known is None:
            known = self._known[other] = similarity(self.name, normalise_name(other))
        return known


class NameScore:
    """A given name, and how well companies fit it."""

    def __init__(self, text: str) -> None:
        self.name = normalise_name(text)
        self.alias = split_alias(text) if self.name.core else None
        self.found: Collection[Iterable[str]] = ()
        """The names of each company that was found."""
        self._whole = _OneName(self.name)
        self._parts = [_OneName(part) for part in (self.alias.first, self.alias.second) if part] if self.alias else []

    @property
    def names(self) -> list[Name]:
        """The names to look for. Companies that are called by both start like the first."""
        return [part.name for part in self._parts] or [self.name]

    def best(self, names: Collection[str]) -> float:
        """How well a company with these names fits, from 0 to 100."""
        return self.fit(names).similarity if self.alias else self._whole.best(names)

    def fit(self, names: Collection[str]) -> Fit:
        """How well a company with these names fits."""
        whole = Fit(self._whole.best(names))
        return whole if self.alias is None else max(whole, self._fit_of_two(self.alias, names))

    def _fit_of_two(self, alias: Alias, names: Collection[str]) -> Fit:
        """Both names should fit. One alone is a match unless the other may be that of a different company."""
        first, second = self._parts[0].best(names), self._parts[1].best(names) if alias.second else 0.0
        if min(first, second) >= FITS:
            return Fit(max(first, second))
        first, second = min(first, ONE_OF_TWO), min(second, FORMER_OF_TWO if alias.same else ONE_OF_TWO)
        return Fit(first) if first >= second else Fit(second, certain=alias.same or _is_start(alias.first, names))

    def is_short_for(self, names: Iterable[str]) -> bool:
        """Whether one of the names starts with the words of the given one, which few companies do."""
        return _is_start(self.name, names) and self._is_rare_start

    @cached_property
    def _is_rare_start(self) -> bool:
        return _may_be_short(self.name) and sum(_is_start(self.name, names) for names in self.found) < MOST_WITH_SHORT_NAME


def _is_start(start: Name, names: Iterable[str]) -> bool:
    """Whether one of the names consists of the words of ``start`` and others after them."""
    given = start.core
    cores = (normalise_name(name).core for name in names)
    return any(len(core) > len(given) and core[: len(given)] == given for core in cores)


def _may_be_short(name: Name) -> bool:
    least = _SHORTEST_EAST_ASIAN if name.is_east_asian else _SHORTEST
    return len(name.joined) >= least and name.is_distinctive and not _COMMON.issuperset(name.core)
