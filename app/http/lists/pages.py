"""Lists in pages: the statements of a list, prepared once for each shape of it, and what is read with them."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar, TypeVarTuple

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Connection, Integer, Select, bindparam, func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import InstrumentedAttribute

from app.database.functions import joined_lines, nth_row
from app.database.models import RevisionHead
from app.database.prepared import PreparedStatement, Values
from app.http.conditional import Stamp
from app.http.lists.cursors import encode_cursor, receive_cursor
from app.http.lists.sorting import SortOrder

Columns = TypeVarTuple("Columns")
P = ParamSpec("P")
T = TypeVar("T", bound=BaseModel)
PageStatement = PreparedStatement[*tuple[Any, ...]]

_NOT_IN_STATEMENT = frozenset(
    ("as_of", "bom", "counts", "cursor", "defuse", "fields", "format", "growth", "group", "include", "limit", "total")
)
"""Parameters that no statement depends on."""
_MOST_SHAPES = 128
"""The statements of one shape take 50 KB of memory (a list of facts) to 300 KB (a search)."""
_SIZE = bindparam("page_size", type_=Integer)
_HEAD = [select(column).scalar_subquery() for column in (RevisionHead.dataset, RevisionHead.newest, RevisionHead.cursor_secret)]


@dataclass(frozen=True)
class Page:
    """Documents of one page, each on a line (stored JSON has no line break), and the revision that was read.

    ``next_cursor`` is None on the last page; ``total`` is None unless it was requested.
    """

    lines: str
    next_cursor: str | None
    total: int | None
    stamp: Stamp

    @cached_property
    def documents(self) -> list[str]:
        return self.lines.split("\n") if self.lines else []


class PageRequest(NamedTuple):
    """Which page of a list: after which cursor, how many items, whether to count all, and what its cursors belong to."""

    cursor: str | None
    limit: int
    total: bool
    scope: str


@dataclass(frozen=True)
class ListStatements:
    """The statements of a list. Filters, cursor and page size are bound parameters, so one set serves every request of a shape.

    ``rows`` are all documents of the list. ``page_rows`` are those of a page, as ``first_rows`` gives them, with the columns of
    the order; its argument is whether the page continues after a cursor. A list needs its own only where a page reads less.
    """

    rows: Select[*tuple[Any, ...]]
    order: SortOrder
    page_rows: Callable[[bool], Select[*tuple[Any, ...]]] | None = None

    @cached_property
    def first_page(self) -> PageStatement:
        return self._page(is_continued=False)

    @cached_property
    def next_page(self) -> PageStatement:
        return self._page(is_continued=True)

    @cached_property
    def count(self) -> PreparedStatement[int]:
        return PreparedStatement(select(func.count()).select_from(self.rows.subquery("counted")))

    def _page(self, *, is_continued: bool) -> PageStatement:
        """One row: the documents, each on a line, how many these are, the revision, and the cursor of the next page.

        To fetch fifty rows takes twice as long. Both engines aggregate the rows of a limited subquery in its order.
        """
        if self.page_rows is None:
            page = first_rows(self.rows.add_columns(*self.order.columns), self.order, is_continued=is_continued)
        else:
            page = self.page_rows(is_continued)
        document, *keys = page.subquery("page").c
        return PreparedStatement(select(joined_lines(document), func.count(), *_HEAD, *(nth_row(key, _SIZE) for key in keys)))

    def read(self, connection: Connection, wanted: PageRequest, values: Values) -> Page:
        """Read a page. Raises InvalidCursor."""
        given = {**values, "page_size": wanted.limit, "page_rows": wanted.limit + 1}
        statement = self.first_page
        received = None if wanted.cursor is None else receive_cursor(wanted.cursor, self.order.readers)
        if received is not None:
            given |= self.order.values_after(received.values)
            statement = self.next_page
        ((lines, count, dataset, newest, secret, *last),) = statement.rows(connection, given)
        if received is not None:
            received.require_seal(wanted.scope, secret)
        cursor = None
        if count > wanted.limit:
            lines, cursor = lines[: lines.rindex("\n")], encode_cursor(last, wanted.scope, secret)
        total = self.count.rows(connection, values)[0][0] if wanted.total else None
        return Page(lines or "", cursor, total, stamp_of(dataset, newest))


def first_rows(rows: Select[*Columns], order: SortOrder, *, is_continued: bool) -> Select[*Columns]:
    """The first rows, or the first after a cursor, in order: a page and one more, which shows that there is a next page."""
    continued = rows.where(order.after(order.placeholders)) if is_continued else rows
    return continued.order_by(*order.ordering).limit(bindparam("page_rows", type_=Integer))


@dataclass(frozen=True)
class _Shape:
    """What the text of a list's statements depends on: which filters are given, and the order. And parameters of that shape."""

    filters: tuple[tuple[str, object], ...]
    kind: type[BaseModel]
    parameters: BaseModel = field(compare=False)


def prepared(build: Callable[Concatenate[T, P], ListStatements], parameters: T, *arguments: Hashable) -> ListStatements:
    """The statements of a list, built once for parameters of the same shape: to build them takes longer than to run them.

    ``build`` must bind every value of the parameters by the name that ``values_of`` gives it.
    """
    given = parameters.model_fields_set - _NOT_IN_STATEMENT
    filters = tuple((name, _shape_of(name, getattr(parameters, name))) for name in sorted(given))
    return _prepared(build, _Shape(filters, type(parameters), parameters), arguments)


@lru_cache(maxsize=_MOST_SHAPES)
def _prepared(build: Callable[..., ListStatements], shape: _Shape, arguments: tuple[Hashable, ...]) -> ListStatements:
    return build(shape.parameters, *arguments)


_IN_STATEMENT = ("sort", "checked")
"""Parameters whose values, not only their presence, determine a statement."""


def _shape_of(name: str, value: object) -> object:
    if isinstance(value, list):
        return len(value)
    return value if value is None or isinstance(value, bool) or name in _IN_STATEMENT else "given"


def values_of(parameters: BaseModel) -> dict[str, object]:
    """The values of the filters by the names that statements bind them by: ``type`` if it is one, ``type_0`` … of a list."""
    values: dict[str, object] = {}
    for name in parameters.model_fields_set - _NOT_IN_STATEMENT:
        value = getattr(parameters, name)
        if isinstance(value, list):
            values |= {f"{name}_{number}": item for number, item in enumerate(value)}
        elif value is not None:
            values[name] = value
    return values


def one_of(column: InstrumentedAttribute[Any], name: str, values: Sequence[object]) -> ColumnElement[bool]:
    """The condition that a column has one of the values of a filter, which ``values_of`` gives by name and number."""
    return column.in_([bindparam(f"{name}_{number}", type_=column.type) for number in range(len(values))])


def newest_stamp(connection: Connection) -> Stamp:
    """The newest revision, by a statement of its own."""
    return Stamp.of_newest(*connection.execute(select(RevisionHead.dataset, RevisionHead.newest)).one())


def cursor_secret(connection: Connection) -> str:
    """The secret that cursors of this dataset are sealed with, by a statement of its own."""
    return connection.execute(select(RevisionHead.cursor_secret)).scalar_one()


def stamp_of(dataset: str | None, newest: int | None) -> Stamp:
    """The newest revision, from its columns. Raises NoResultFound if the row that every migrated database has is missing."""
    if dataset is None or newest is None:
        raise NoResultFound("the database lacks the row that names its newest revision")
    return Stamp.of_newest(dataset, newest)
