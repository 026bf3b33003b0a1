"""The SQL of changes: the revision log after a revision, by number."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import BigInteger, ColumnElement, Connection, Integer, String, bindparam, or_, select, true

from app.api.changes.parameters import ChangeFilters
from app.database.column_types import in_utc
from app.database.database import Database
from app.database.models import Revision, RevisionHead
from app.database.prepared import PreparedStatement
from app.errors.reading import InvalidParameters
from app.http.conditional import Stamp
from app.http.lists.pages import newest_stamp

COLUMNS = ("revision", "recorded_at", "actor", "reason", "action", "kind", "url")
WINDOW = 10_000
"""Revisions that one page with filters examines. No index covers the filters: this bounds the cost, however long the log is."""


class Item(NamedTuple):
    """One change: its number, its action, and all of it as JSON."""

    number: int
    action: str
    json: str


@dataclass(frozen=True)
class Changes:
    """The changes after a revision, in one snapshot.

    Every revision up to ``reached`` has been examined; ``complete`` means that there are no later ones.
    """

    items: list[Item]
    reached: int
    complete: bool
    stamp: Stamp


async def find_changes(database: Database, filters: ChangeFilters, since: int, limit: int) -> Changes:
    """At most ``limit`` changes after a revision. Raises InvalidParameters if it is newer than the newest."""
    read = database.scan if filters.filtered else database.read
    return await read(read_changes, filters, since, limit)


def read_changes(connection: Connection, filters: ChangeFilters, since: int, limit: int) -> Changes:
    """Like ``find_changes``, in one statement, so that the changes and the newest number are of one snapshot."""
    values = _values(filters) | {"since": since, "until": since + WINDOW, "page_rows": limit + 1}
    rows = _prepared(filters).rows(connection, values)
    stamp = Stamp.of_newest(*rows[0][:2])
    require_reached(since, stamp, "since")
    items = [_item(row[2:]) for row in rows[:limit] if row[2] is not None]
    if len(rows) > limit:
        return Changes(items, items[-1].number, complete=False, stamp=stamp)
    reached = min(since + WINDOW, stamp.revision) if filters.filtered else stamp.revision
    return Changes(items, reached, complete=reached == stamp.revision, stamp=stamp)


def read_newest_changes(connection: Connection, filters: ChangeFilters, before: int, limit: int) -> Changes:
    """The last changes before a revision, the newest first. Every revision from ``reached`` on has been examined.

    The log only grows, so what was read after the stamp is what it was then.
    """
    stamp = newest_stamp(connection)
    until = min(before - 1, stamp.revision)
    since = max(until - WINDOW, 0) if filters.filtered else 0
    values = _values(filters) | {"until": until, "since": since, "page_rows": limit + 1}
    rows = _prepared(filters, newest_first=True).rows(connection, values)
    items = [_item(row[2:]) for row in rows[:limit] if row[2] is not None]
    reached = items[-1].number if len(rows) > limit else since + 1
    return Changes(items, reached, complete=reached == 1, stamp=stamp)


def _values(filters: ChangeFilters) -> dict[str, object]:
    """The values of the filters. A slug holds nothing that LIKE would take for a wildcard."""
    values: dict[str, object] = {"action": filters.action}
    values |= {f"kind_{number}": kind for number, kind in enumerate(filters.kind)}
    values |= {f"company_{number}": f"/v1/companies/{slug}" for number, slug in enumerate(filters.company)}
    return values | {f"of_company_{number}": f"/v1/companies/{slug}/%" for number, slug in enumerate(filters.company)}


_COLUMNS = (
    Revision.number, Revision.recorded_at, Revision.actor, Revision.reason, Revision.action, Revision.kind, Revision.url,
    Revision.document,
)  # fmt: skip


def _prepared(filters: ChangeFilters, *, newest_first: bool = False) -> PreparedStatement[*tuple[Any, ...]]:
    return _statement(len(filters.kind), len(filters.company), filters.action is not None, newest_first=newest_first)


@lru_cache(maxsize=64)
def _statement(
    kinds: int,
    companies: int,
    has_action: bool,  # noqa: FBT001 - part of a key
    *,
    newest_first: bool = False,
) -> PreparedStatement[*tuple[Any, ...]]:
    """The newest revision, and the changes of a page, if there are any."""
    conditions: list[ColumnElement[bool]] = []
    if kinds:
        conditions.append(Revision.kind.in_([bindparam(f"kind_{number}", type_=String) for number in range(kinds)]))
    if has_action:
        conditions.append(Revision.action == bindparam("action", type_=String))
    if companies:
        own = Revision.url.in_([bindparam(f"company_{number}", type_=String) for number in range(companies)])
        of_facts = (Revision.url.like(bindparam(f"of_company_{number}", type_=String)) for number in range(companies))
        conditions.append(or_(own, *of_facts))
    if conditions or newest_first:
        conditions.append(Revision.number <= bindparam("until", type_=BigInteger))
    found = select(*_COLUMNS).where(Revision.number > bindparam("since", type_=BigInteger), *conditions)
    order = Revision.number.desc() if newest_first else Revision.number
    page = found.order_by(order).limit(bindparam("page_rows", type_=Integer)).subquery("page")
    statement = select(RevisionHead.dataset, RevisionHead.newest, page).outerjoin_from(RevisionHead, page, true())
    return PreparedStatement(statement.order_by(page.c.number.desc() if newest_first else page.c.number))


def require_reached(number: int, stamp: Stamp, field: str) -> None:
    """Raises InvalidParameters if a client has seen a revision that this dataset lacks: it then read another dataset."""
    if number > stamp.revision:
        message = (
            f"there is no revision {number} yet; the newest is {stamp.revision}."
            " If you have seen it, the dataset was replaced: start again with since=0"
        )
        raise InvalidParameters.on(field, message)


def _item(row: Sequence[Any]) -> Item:
    """The document is JSON already and goes into the change as it is. The time is text on SQLite, in UTC."""
    number, recorded_at, actor, reason, action, kind, url, document = row
    moment = recorded_at if isinstance(recorded_at, str) else str(in_utc(recorded_at))
    fields = {
        "revision": number,
        "recorded_at": f"{moment[:10]}T{moment[11:19]}Z",
        "actor": actor,
        "reason": reason,
        "action": action,
        "kind": kind,
        "url": url,
    }
    start = orjson.dumps(fields).decode().removesuffix("}")
    return Item(number, action, f'{start},"document":{document or "null"}}}')
