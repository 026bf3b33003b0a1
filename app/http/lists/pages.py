"""Lists in pages: the statement of a page, and what is read from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeVarTuple

from sqlalchemy import BindParameter, Connection, Null, ScalarSelect, Select, func, not_, null, select
from sqlalchemy.exc import NoResultFound

from app.database.functions import joined_lines, nth_row
from app.database.models import RevisionHead
from app.database.prepared import PreparedStatement, Values
from app.http.conditional import Stamp
from app.http.lists.cursors import KeyValue, decode_cursor, encode_cursor
from app.http.lists.sorting import SortOrder

PageStatement = PreparedStatement[*tuple[Any, ...]]
"""Its one row is the documents, each on a line, how many these are, the database's name and newest revision, and the values
of a cursor for the next page."""


@dataclass(frozen=True)
class Page:
    """Documents of one page, each on a line, the cursor of the next one, the total where it was asked for, and the revision
    read. JSON as it is stored has no line break.
    """

    lines: str
    next_cursor: str | None
    total: int | None
    stamp: Stamp

    @cached_property
    def documents(self) -> list[str]:
        return self.lines.split("\n") if self.lines else []


def newest_stamp(connection: Connection) -> Stamp:
    """The newest revision, by a statement of its own."""
    return Stamp.of_newest(*connection.execute(select(RevisionHead.dataset, RevisionHead.newest)).one())


Columns = TypeVarTuple("Columns")


class PageRequest(NamedTuple):
    """Which page of a list: after which cursor, how many items, whether all are counted, and what its cursors belong to."""

    cursor: str | None
    limit: int
    total: bool
    scope: str


def among_page(rows: Select[*Columns], order: SortOrder, wanted: PageRequest) -> Select[*Columns]:
    """The rows of a page, in order, and one more that tells whether there is a next page."""
    after = None if wanted.cursor is None else decode_cursor(wanted.cursor, order.readers, wanted.scope)
    return rows_after(rows, order, wanted.limit, after)


def rows_after(
    rows: Select[*Columns], order: SortOrder, limit: int, after: Sequence[KeyValue | BindParameter[Any]] | None
) -> Select[*Columns]:
    """As ``among_page``, after the values of a cursor, or what stands for them."""
    continued = rows if after is None else rows.where(order.after(after))
    return continued.order_by(*order.ordering).limit(limit + 1)


_HEAD = select(RevisionHead.dataset).scalar_subquery(), select(RevisionHead.newest).scalar_subquery()


def page_statement(rows: Select[str], order: SortOrder, wanted: PageRequest) -> Select[Any]:
    """A select of documents as a page, in one statement, so that page, total and revision are of one snapshot.

    Every row tells the revision: a join around the page that keeps it for an empty one costs as much as reading fifty rows.
    """
    return among_page(rows.add_columns(*_HEAD, _count(rows, wanted), *order.columns), order, wanted)


def kept_page(rows: Select[str], order: SortOrder, limit: int, *, is_continued: bool) -> PageStatement:
    """A page without a total, for a statement that is kept: the values of a cursor are given when it is run.

    It is one row, since fifty take twice as long to fetch. Both engines put together what a subquery with a limit gives in
    the order of that.
    """
    after = order.placeholders if is_continued else None
    document, *keys = rows_after(rows.add_columns(*order.columns), order, limit, after).subquery("page").c
    return PreparedStatement(select(joined_lines(document), func.count(), *_HEAD, *(nth_row(key, limit) for key in keys)))


def _count(rows: Select[str], wanted: PageRequest) -> ScalarSelect[int] | Null:
    return select(func.count()).select_from(rows.subquery("counted")).scalar_subquery() if wanted.total else null()


def read_page(
    connection: Connection,
    rows: Select[str],
    order: SortOrder,
    wanted: PageRequest,
    kept: tuple[PageStatement | Select[Any] | None, Values],
) -> Page:
    """Read a page, by the statement that there is for it already if there is one, with the values of its parameters."""
    statement, values = kept
    if isinstance(statement, PreparedStatement):
        return _read_kept(connection, statement, order, wanted, values)
    page = page_statement(rows, order, wanted) if statement is None else statement
    found: Sequence[Sequence[Any]] = connection.execute(page, values).all()
    if not found:
        nothing = select(*_HEAD, _count(rows, wanted)).where(not_(page.exists()))
        return _empty_page(connection, nothing, values) or read_page(connection, rows, order, wanted, kept)
    _, dataset, newest, count, *_ = found[0]
    limit = wanted.limit
    next_cursor = encode_cursor(found[limit - 1][4:], wanted.scope) if len(found) > limit else None
    return Page("\n".join(row[0] for row in found[:limit]), next_cursor, count, stamp_of(dataset, newest))


def _read_kept(connection: Connection, statement: PageStatement, order: SortOrder, wanted: PageRequest, values: Values) -> Page:
    given = values if wanted.cursor is None else {**values, **order.values_after(wanted.cursor, wanted.scope)}
    ((lines, count, dataset, newest, *last),) = statement.rows(connection, given)
    if count <= wanted.limit:
        return Page(lines or "", None, None, stamp_of(dataset, newest))
    return Page(lines[: lines.rindex("\n")], encode_cursor(last, wanted.scope), None, stamp_of(dataset, newest))


def _empty_page(connection: Connection, nothing: Select[Any], values: Values) -> Page | None:
    """A statement of its own must say of which revision nothing was found. None where rows have come since."""
    empty = connection.execute(nothing, values).one_or_none()
    return None if empty is None else Page("", None, empty[2], stamp_of(*empty[:2]))


def stamp_of(dataset: str | None, newest: int | None) -> Stamp:
    """The newest revision, as columns tell it. Raises NoResultFound without the row that a database has while it has tables."""
    if dataset is None or newest is None:
        raise NoResultFound("the database lacks the row that names its newest revision")
    return Stamp.of_newest(dataset, newest)
