"""The SQL of the changes: the revision log after a revision, in the order of the numbers."""

from dataclasses import dataclass
from typing import NamedTuple

import orjson
from sqlalchemy import ColumnElement, Connection, Row, or_, select, true

from app.api.changes.parameters import ChangeFilters
from app.database.database import Database
from app.database.models import Revision, RevisionHead
from app.errors.problem import FieldError
from app.errors.reading import InvalidParameters
from app.http.conditional import Stamp
from app.http.lists.pages import newest_stamp

COLUMNS = ("revision", "recorded_at", "actor", "reason", "action", "kind", "url")
WINDOW = 10_000
"""Revisions that one page with filters looks at. No index has the filters: this bounds the cost in a log of any length."""


class Item(NamedTuple):
    """One change: its number, what was done, and all of it as JSON."""

    number: int
    action: str
    json: str


@dataclass(frozen=True)
class Changes:
    """What was found after a revision, in one snapshot.

    Everything up to ``reached`` has been looked at; ``complete`` says that this is all there is.
    """

    items: list[Item]
    reached: int
    complete: bool
    stamp: Stamp


async def find_changes(database: Database, filters: ChangeFilters, since: int, limit: int) -> Changes:
    """At most ``limit`` changes after a revision. Raises InvalidParameters where that is newer than the newest."""
    read = database.scan if filters.filtered else database.read
    return await read(read_changes, filters, since, limit)


def read_changes(connection: Connection, filters: ChangeFilters, since: int, limit: int) -> Changes:
    """As ``find_changes``, in one statement, so that the changes and the newest number are of one snapshot."""
    found = select(Revision.__table__).where(Revision.number > since, *_conditions(filters))
    if filters.filtered:
        found = found.where(Revision.number <= since + WINDOW)
    page = found.order_by(Revision.number).limit(limit + 1).subquery("page")
    statement = select(RevisionHead.dataset, RevisionHead.newest, page).outerjoin_from(RevisionHead, page, true())
    rows = connection.execute(statement.order_by(page.c.number)).all()
    stamp = Stamp.of_newest(*rows[0][:2])
    require_reached(since, stamp, "since")
    items = [_item(row) for row in rows[:limit] if row.number is not None]
    if len(rows) > limit:
        return Changes(items, items[-1].number, complete=False, stamp=stamp)
    reached = min(since + WINDOW, stamp.revision) if filters.filtered else stamp.revision
    return Changes(items, reached, complete=reached == stamp.revision, stamp=stamp)


def read_stamp(connection: Connection) -> Stamp:
    """The newest revision, and the name of the dataset."""
    return newest_stamp(connection)


def require_reached(number: int, stamp: Stamp, field: str) -> None:
    """Raises InvalidParameters where a client has seen a revision that this dataset has not reached: it has seen another one."""
    if number > stamp.revision:
        message = (
            f"there is no revision {number} yet; the newest is {stamp.revision}."
            " If you have seen it, the dataset was replaced: start again with since=0"
        )
        raise InvalidParameters.of([FieldError(field=field, message=message)])


def _conditions(filters: ChangeFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Revision.kind.in_(filters.kind)] if filters.kind else []
    if filters.action:
        conditions.append(Revision.action == filters.action)
    if filters.company:
        addresses = [f"/v1/companies/{slug}" for slug in filters.company]
        # A slug holds nothing that LIKE would take for a wildcard.
        conditions.append(or_(Revision.url.in_(addresses), *(Revision.url.like(f"{address}/%") for address in addresses)))
    return conditions


def _item(row: Row[tuple[object, ...]]) -> Item:
    """The document is JSON already and goes into the change as it is."""
    fields = {
        "revision": row.number,
        "recorded_at": f"{row.recorded_at:%Y-%m-%dT%H:%M:%SZ}",
        "actor": row.actor,
        "reason": row.reason,
        "action": row.action,
        "kind": row.kind,
        "url": row.url,
    }
    start = orjson.dumps(fields).decode().removesuffix("}")
    return Item(row.number, row.action, f'{start},"document":{row.document or "null"}}}')
