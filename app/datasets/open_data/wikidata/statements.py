"""Wikidata statements: ranks, quantities, qualifiers and references.

The format is described at https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from app.datasets.open_data.left_out import LeftOut
from app.datasets.open_data.reading import Malformed, items, mapping, words
from app.datasets.open_data.wikidata import items as known
from app.records.validation import Value, read_number
from app.values.numbers import exact

_AMOUNT = re.compile(r"\+?(-?\d+(?:\.\d+)?)")


SOME_VALUE: Value = {"snaktype": "somevalue"}
"""The value that Wikidata states to exist without knowing it."""


class Unsupported(ValueError):
    """A well-formed statement that this database cannot store. The text gives the reason, for the counts."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with a value of the property ``name``, and its path. Qualifiers and references are values by property."""

    name: str
    path: str
    identity: str
    value: Value
    preferred: bool
    qualifiers: dict[str, list[Value]]
    references: list[dict[str, list[Value]]]

    @property
    def suffix(self) -> str:
        """The start of the statement's own id, which is stable when other statements are added or removed."""
        return re.sub("[^0-9a-z]", "", self.identity.rpartition("$")[2].lower())[:8]

    @property
    def is_about(self) -> bool:
        """Whether the statement is marked as circa."""
        return [item_of(value) for value in self.qualifiers.get(known.CIRCUMSTANCES, [])] == [known.CIRCA]

    def has_ended(self, day: str) -> bool:
        """Whether it has an end that is not in the future. The end "no value" means that it lasts."""
        ends = [value for value in self.qualifiers.get(known.END, []) if isinstance(value, dict)]
        return any(value is SOME_VALUE or not day or str(value.get("time"))[1:11] <= day for value in ends)

    def require_qualifiers(self, *allowed: str, limiting: frozenset[str] | None = None) -> list[str]:
        """The qualifiers that only explain the statement. Raises Unsupported if one limits it.

        ``limiting`` is given for an amount, which more of them limit: those, and any that is not known.
        """
        others = self.qualifiers.keys() - {*allowed, *([known.CIRCUMSTANCES] if self.is_about else [])}
        limits = known.LIMITING.keys() | known.TIMES.keys()
        if limiting is not None:
            limits |= limiting | (others - known.NOT_LIMITING.keys())
        strange = sorted(others & limits)
        if strange:
            words = (known.LIMITING | known.TIMES | known.NOT_LIMITING).get(strange[0])
            raise Unsupported(f"with qualifier {strange[0]}, {f'{words}, which limits it' if words else 'which may limit it'}")
        return sorted(others)

    @property
    def limit(self) -> str | None:
        """The qualifier that is known to limit the statement, in words; None if there is none."""
        name = next((name for name in sorted(self.qualifiers) if name in known.LIMITING), None)
        return f"with qualifier {name}, {known.LIMITING[name]}, which limits it" if name else None


def statements(claims: dict[str, Value], name: str, path: str, left_out: LeftOut) -> list[Statement]:
    """The statements of a property, sorted by id. Raises Malformed."""
    found = []
    for index, claim in enumerate(items(claims.get(name) or [], f"{path}.{name}")):
        place = f"{path}.{name}[{index}]"
        statement = mapping(claim, place)
        if statement.get("rank") == "deprecated":
            left_out.pass_over(f"claims.{name}", "deprecated", statement.get("mainsnak"), place)
            continue
        value = _snak_value(statement.get("mainsnak"), f"{place}.mainsnak")
        if value is None or (value is SOME_VALUE and not _has_bounds(name, statement)):
            reason = "unknown (some value)" if value else "no value"
            left_out.refuse(f"claims.{name}", reason, statement.get("mainsnak"), place)
            continue
        qualifiers = _snaks(statement.get("qualifiers") or {}, f"{place}.qualifiers")
        references = [
            _snaks(mapping(reference, f"{place}.references[{number}]").get("snaks") or {}, f"{place}.references[{number}].snaks")
            for number, reference in enumerate(items(statement.get("references") or [], f"{place}.references"))
        ]
        identity = words(statement.get("id"), f"{place}.id")
        found.append(Statement(name, place, identity, value, statement.get("rank") == "preferred", qualifiers, references))
    return sorted(found, key=lambda statement: statement.identity)


def _has_bounds(name: str, statement: dict[str, Value]) -> bool:
    """Whether it states an event at an unknown time, but says when at the earliest or latest."""
    qualifiers = statement.get("qualifiers")
    return name in known.EVENTS and isinstance(qualifiers, dict) and not known.BOUNDS.isdisjoint(qualifiers)


def best(found: list[Statement], left_out: LeftOut, day: str = "") -> list[Statement]:
    """The statements of preferred rank, or all if there are none, without those that have ended by a day (ISO 8601)."""
    current = [statement for statement in found if statement.name in known.EVENTS or not statement.has_ended(day)]
    preferred = [statement for statement in current if statement.preferred]
    chosen = preferred or current
    for statement in found:
        if statement not in current:
            left_out.pass_over(f"claims.{statement.name}", "ended", statement.value, statement.path)
        elif statement not in chosen:
            left_out.pass_over(f"claims.{statement.name}", "not preferred", statement.value, statement.path)
    return chosen


def _snaks(value: Value, path: str) -> dict[str, list[Value]]:
    """Values by property; "no value" is None, "some value" SOME_VALUE."""
    return {
        name: [_snak_value(snak, f"{path}.{name}[{index}]") for index, snak in enumerate(items(snaks, f"{path}.{name}"))]
        for name, snaks in mapping(value, path).items()
    }


def _snak_value(value: Value, path: str) -> Value:
    snak = mapping(value, path)
    if snak.get("snaktype") != "value":
        return SOME_VALUE if snak.get("snaktype") == "somevalue" else None
    given = mapping(snak.get("datavalue"), f"{path}.datavalue").get("value")
    if given is None:
        raise Malformed(f"{path}.datavalue.value", "is missing")
    return given


def value_of(claim: Value) -> Value:
    """The value of a statement that is not read; the whole statement if it has none."""
    snak = claim.get("mainsnak") if isinstance(claim, dict) else None
    given = snak.get("datavalue") if isinstance(snak, dict) else None
    return given.get("value") if isinstance(given, dict) else claim


def item_of(value: Value) -> str:
    """The number of the item that is the value; empty if the value is not an item."""
    if not isinstance(value, dict) or value is SOME_VALUE:
        return ""
    return str(value.get("id") or f"Q{value.get('numeric-id', '')}")


class Amount(NamedTuple):
    """A quantity: its number, the item of its unit, and the margin that it states. ``filed`` are these as in the file."""

    number: Decimal
    item: str
    qualifier: str
    filed: str


def amount_of(statement: Statement) -> Amount:
    """The quantity of a statement. Raises Unsupported."""
    quantity = statement.value if isinstance(statement.value, dict) else {}
    match = _AMOUNT.fullmatch(str(quantity.get("amount", "")))
    if not match:
        raise Unsupported("not a number")
    try:
        number = exact(Decimal(read_number(match[1])))
    except ValueError as fault:
        raise Unsupported(f"a number that {fault}") from None
    item = str(quantity.get("unit", "")).rpartition("/")[2] or known.NO_UNIT
    bounds = [str(quantity[name]) for name in ("lowerBound", "upperBound") if isinstance(quantity.get(name), str)]
    is_about = statement.is_about or bool({*bounds} - {quantity.get("amount")})
    filed = match[1] + (f" ({' to '.join(bound.removeprefix('+') for bound in bounds)})" if bounds else "")
    circa = "circa " if statement.is_about else ""
    return Amount(number, item, "about" if is_about else "exact", circa + filed)
