"""Sort orders of lists: the keys that rows are sorted by, and the condition that continues after a row.

Lists use keyset pagination: a page starts after the sort key of the last row, found in an index,
so page 18,000 costs as much as page 1, and rows added in between shift nothing.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Label,
    SQLColumnExpression,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
)
from sqlalchemy.types import TypeEngine

from app.database.column_types import ExactDecimal, numeric_order
from app.http.lists.cursors import KeyValue


@dataclass(frozen=True)
class SortKey:
    """One part of an order: an expression that is never null, its direction, and how a cursor writes its values."""

    expression: SQLColumnExpression[KeyValue]
    descending: bool
    read: Callable[[str], KeyValue]
    is_number: bool = False

    @property
    def type(self) -> TypeEngine[Any]:
        """Of the values of cursors."""
        return ExactDecimal() if self.is_number else cast("ColumnElement[KeyValue]", self.expression).type

    def operand(self, value: KeyValue | BindParameter[Any]) -> ColumnElement[Any]:
        """A value as it is compared. The database converts a number as it does the column's: SQLite's doubles may be one
        unit off Python's.
        """
        typed = value if isinstance(value, BindParameter) else literal(value, self.type)
        return numeric_order(typed) if self.is_number else typed

    def placeholder(self, name: str) -> BindParameter[Any]:
        """The parameter for a value."""
        return bindparam(name, type_=self.type)

    def after(self, value: ColumnElement[Any]) -> ColumnElement[bool]:
        return self.expression < value if self.descending else self.expression > value

    def not_before(self, value: ColumnElement[Any]) -> ColumnElement[bool]:
        return self.expression <= value if self.descending else self.expression >= value

    def ordered(self) -> SQLColumnExpression[KeyValue]:
        return self.expression.desc() if self.descending else self.expression.asc()


SortKeyMaker = Callable[[bool], SortKey]


def by_text(column: SQLColumnExpression[str]) -> SortKeyMaker:
    return lambda descending: SortKey(column, descending, str)


def by_optional_text(column: SQLColumnExpression[str | None]) -> SortKeyMaker:
    """Rows without it come last in both directions."""
    return lambda descending: SortKey(func.coalesce(column, literal_column("''" if descending else "'~'")), descending, str)


def by_number(column: SQLColumnExpression[Decimal]) -> SortKeyMaker:
    return lambda descending: SortKey(numeric_order(column), descending, Decimal, is_number=True)


def by_id(column: SQLColumnExpression[int]) -> SortKeyMaker:
    """Whole numbers, such as ids and places in an order. A cursor may have no other than the type of the column."""
    most = 2**63 - 1 if isinstance(cast("ColumnElement[int]", column).type, BigInteger) else 2**31 - 1
    return lambda descending: SortKey(column, descending, partial(_read_id, most))


def _read_id(most: int, text: str) -> int:
    number = int(text)
    if not 0 <= number <= most:
        raise ValueError("out of range")
    return number


OptionalDate = SQLColumnExpression[datetime.date | None]


def undated(descending: bool) -> ColumnElement[datetime.date]:
    """The day that stands for "undated", so that undated rows come last in both directions: the literals of the indexes."""
    return literal_column("'0001-01-01'" if descending else "'9999-12-31'")


def first_day(earliest: OptionalDate, latest: OptionalDate, *, descending: bool = False) -> SQLColumnExpression[datetime.date]:
    """The first day that a date may mean, as the indexes have it."""
    return func.coalesce(earliest, latest, undated(descending))


def by_date(earliest: OptionalDate, latest: OptionalDate) -> SortKeyMaker:
    """Undated rows come last in both directions."""
    return lambda descending: SortKey(first_day(earliest, latest, descending=descending), descending, datetime.date.fromisoformat)


@dataclass(frozen=True)
class SortOrder:
    """A total order: the requested keys, each once, and the id last."""

    keys: tuple[SortKey, ...]

    @cached_property
    def readers(self) -> Sequence[Callable[[str], KeyValue]]:
        """Functions that read the values of a cursor."""
        return [key.read for key in self.keys]

    @cached_property
    def columns(self) -> Sequence[Label[KeyValue]]:
        """The keys as columns of a page, for the cursor of the next page."""
        return [key.expression.label(f"key_{i}") for i, key in enumerate(self.keys)]

    @cached_property
    def ordering(self) -> Sequence[SQLColumnExpression[KeyValue]]:
        """The ORDER BY clause."""
        return [key.ordered() for key in self.keys]

    @classmethod
    def parse(cls, sort: str, known: Mapping[str, SortKeyMaker], identity: SQLColumnExpression[int]) -> "SortOrder":
        """Read ``-founded,name``; the names were validated with the parameters. A repeated key is ignored.

        The id has the direction of the last key, so that an index on both is read in one direction.
        """
        descends: dict[str, bool] = {}
        for part in sort.split(","):
            descends.setdefault(part.removeprefix("-"), part.startswith("-"))
        keys = [known[name](descending) for name, descending in descends.items()]
        return cls((*keys, by_id(identity)(keys[-1].descending)))

    def after(self, values: Sequence[KeyValue | BindParameter[Any]]) -> ColumnElement[bool]:
        """The rows after the one with these values.

        The leading bound repeats what the alternatives imply, because planners can seek by it but not by the OR.
        """
        operands = [key.operand(value) for key, value in zip(self.keys, values, strict=True)]
        alternatives = [
            and_(
                *(key.expression == operand for key, operand in zip(self.keys[:i], operands[:i], strict=True)),
                self.keys[i].after(operands[i]),
            )
            for i in range(len(self.keys))
        ]
        return and_(self.keys[0].not_before(operands[0]), or_(*alternatives))

    @cached_property
    def placeholders(self) -> Sequence[BindParameter[Any]]:
        """The parameters for the values of a cursor."""
        return [key.placeholder(f"after_{i}") for i, key in enumerate(self.keys)]

    def values_after(self, values: Sequence[KeyValue]) -> dict[str, object]:
        """The values of the placeholders, from those of a cursor."""
        return {placeholder.key: value for placeholder, value in zip(self.placeholders, values, strict=True)}
