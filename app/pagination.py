"""Lists in pages: the order, the cursor and the condition that continues after it.

Paging is by keyset: a page starts after the sort key of the row before it, found in an index,
so page 18,000 costs what page 1 does and rows added meanwhile shift nothing.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Label,
    Null,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    and_,
    func,
    literal,
    literal_column,
    not_,
    null,
    or_,
    select,
)
from sqlalchemy.exc import NoResultFound

from app.cursors import KeyValue, Operand, decode_cursor, encode_cursor
from app.dialects import ExactDecimal, numeric_order
from app.formats import Stamp
from app.models import RevisionHead


@dataclass(frozen=True)
class SortKey:
    """One part of an order: an expression that is never null, its direction, and how a cursor writes its values."""

    expression: SQLColumnExpression[KeyValue]
    descending: bool
    read: Callable[[str], Operand]

    def after(self, value: Operand) -> ColumnElement[bool]:
        return self.expression < value if self.descending else self.expression > value

    def not_before(self, value: Operand) -> ColumnElement[bool]:
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
    """The database converts a cursor's number as it does the column's: SQLite's doubles may be one unit off Python's."""

    def read(text: str) -> ColumnElement[Decimal]:
        return numeric_order(literal(Decimal(text), ExactDecimal))

    return lambda descending: SortKey(numeric_order(column), descending, read)


def by_id(column: SQLColumnExpression[int]) -> SortKeyMaker:
    return lambda descending: SortKey(column, descending, int)


OptionalDate = SQLColumnExpression[datetime.date | None]


def undated(descending: bool) -> ColumnElement[datetime.date]:
    """The day that stands for none, so that undated rows come last in both directions: the literals of the tables' indexes."""
    return literal_column("'0001-01-01'" if descending else "'9999-12-31'")


def first_day(earliest: OptionalDate, latest: OptionalDate, *, descending: bool = False) -> SQLColumnExpression[datetime.date]:
    """The first day that a date may mean, as the tables' indexes have it."""
    return func.coalesce(earliest, latest, undated(descending))


def by_date(earliest: OptionalDate, latest: OptionalDate) -> SortKeyMaker:
    """Undated rows come last in both directions."""
    return lambda descending: SortKey(first_day(earliest, latest, descending=descending), descending, datetime.date.fromisoformat)


@dataclass(frozen=True)
class Order:
    """A complete order: the keys that were asked for, each once, and, last, the id.

    Most are kept from one request to the next: making the expressions costs as much as reading a page.
    """

    keys: tuple[SortKey, ...]

    @cached_property
    def readers(self) -> Sequence[Callable[[str], Operand]]:
        """What reads the values of a cursor."""
        return [key.read for key in self.keys]

    @cached_property
    def columns(self) -> Sequence[Label[KeyValue]]:
        """What a page's rows are selected with, for the cursor of the next page."""
        return [key.expression.label(f"key_{i}") for i, key in enumerate(self.keys)]

    @cached_property
    def ordering(self) -> Sequence[SQLColumnExpression[KeyValue]]:
        """What rows are ordered by."""
        return [key.ordered() for key in self.keys]

    @classmethod
    def parse(cls, sort: str, known: Mapping[str, SortKeyMaker], identity: SQLColumnExpression[int]) -> "Order":
        """Read ``-founded,name``; the names were validated with the parameters. The second mention of one decides nothing.

        The id goes the way of the last key, so that an index on both is read in one direction.
        """
        descends: dict[str, bool] = {}
        for part in sort.split(","):
            descends.setdefault(part.removeprefix("-"), part.startswith("-"))
        keys = [known[name](descending) for name, descending in descends.items()]
        return cls((*keys, by_id(identity)(keys[-1].descending)))

    def after(self, values: Sequence[Operand]) -> ColumnElement[bool]:
        """The rows after the one with these values.

        The leading bound repeats what the alternatives imply, since planners seek by it where they cannot by the "or".
        """
        alternatives = [
            and_(
                *(key.expression == value for key, value in zip(self.keys[:i], values[:i], strict=True)),
                self.keys[i].after(values[i]),
            )
            for i in range(len(self.keys))
        ]
        return and_(self.keys[0].not_before(values[0]), or_(*alternatives))


@dataclass(frozen=True)
class Page:
    """Documents of one page, the cursor of the next one, the total where it was asked for, and the revision read."""

    documents: list[str]
    next_cursor: str | None
    total: int | None
    stamp: Stamp


def newest_stamp(connection: Connection) -> Stamp:
    """The newest revision, for an answer that several statements of one snapshot are read for."""
    return Stamp.of_newest(*connection.execute(select(RevisionHead.dataset, RevisionHead.newest)).one())


Columns = TypeVarTuple("Columns")


class PageRequest(NamedTuple):
    """Which page of a list: after which cursor, how many items, whether all are counted, and what its cursors belong to."""

    cursor: str | None
    limit: int
    total: bool
    scope: str


def among_page(rows: Select[*Columns], order: Order, wanted: PageRequest) -> Select[*Columns]:
    """The rows of a page, in order, and one more that tells whether there is a next page."""
    if wanted.cursor is not None:
        rows = rows.where(order.after(decode_cursor(wanted.cursor, order.readers, wanted.scope)))
    return rows.order_by(*order.ordering).limit(wanted.limit + 1)


_HEAD = select(RevisionHead.dataset).scalar_subquery(), select(RevisionHead.newest).scalar_subquery()


def page_statement(rows: Select[str], order: Order, wanted: PageRequest) -> Select[Any]:
    """A select of documents as a page, in one statement, so that page, total and revision are of one snapshot.

    Every row tells the revision: a join around the page that keeps it for an empty one costs as much as reading fifty rows.
    """
    return among_page(rows.add_columns(*_HEAD, _count(rows, wanted), *order.columns), order, wanted)


def _count(rows: Select[str], wanted: PageRequest) -> ScalarSelect[int] | Null:
    return select(func.count()).select_from(rows.subquery("counted")).scalar_subquery() if wanted.total else null()


Values = Mapping[str, object]
"""What a statement that is kept is given for its parameters."""


def read_page(
    connection: Connection, rows: Select[str], order: Order, wanted: PageRequest, kept: tuple[Select[Any] | None, Values]
) -> Page:
    """Read a page, by the statement that is kept for it if there is one, with the values of its parameters."""
    statement, values = kept
    page = page_statement(rows, order, wanted) if statement is None else statement
    while not (found := connection.execute(page, values).all()):
        # A statement of its own must say of which revision nothing was found; else rows have come since, and are read.
        nothing = select(*_HEAD, _count(rows, wanted)).where(not_(page.exists()))
        empty = connection.execute(nothing, values).one_or_none()
        if empty is not None:
            return Page([], None, empty[2], _stamp(*empty[:2]))
    _, dataset, newest, count, *_ = found[0]
    limit = wanted.limit
    next_cursor = encode_cursor(found[limit - 1][4:], wanted.scope) if len(found) > limit else None
    return Page([row[0] for row in found[:limit]], next_cursor, count, _stamp(dataset, newest))


def _stamp(dataset: str | None, newest: int | None) -> Stamp:
    """Raises NoResultFound where the row is missing that a database has as long as it has tables."""
    if dataset is None or newest is None:
        raise NoResultFound("the database lacks the row that names its newest revision")
    return Stamp.of_newest(dataset, newest)
