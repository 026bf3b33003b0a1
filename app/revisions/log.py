"""The revision log: every change to the dataset, numbered from 1 in one order.

Only the withdrawal of a text changes what was logged (ADR 13).

A writer numbers its revisions under the lock on the only row of ``revision_head`` and holds that lock until it commits.
Revisions therefore become visible in the order of their numbers.
"""

import datetime
import logging
import secrets
from collections.abc import Sequence
from functools import lru_cache
from types import TracebackType
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field
from sqlalchemy import Connection, bindparam, exists, or_, select, update
from typing_extensions import TypeAliasType

from app.database.bulk_insert import insert_rows
from app.database.functions import wal_timeline
from app.database.models import Base, Revision, RevisionHead
from app.values.dates import Clock, now
from app.values.resources import Kind

Action = TypeAliasType(
    "Action", Annotated[Literal["create", "update", "delete"], Field(description="What a revision does to a resource.")]
)
_MARK = ',"revision":'
_NO_HEAD = "the database has no revision head; migrate it first"

logger = logging.getLogger("app")


def stamped(content: str, number: int, recorded_at: datetime.datetime) -> str:
    """The content of a resource (a JSON object) as the served document: with its revision and the time of that revision."""
    return f'{content[:-1]}{_MARK}{number},"updated_at":"{rfc3339(recorded_at)}"}}'


@lru_cache(maxsize=16)
def rfc3339(moment: datetime.datetime) -> str:
    """A moment in UTC as responses write it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def content_of(document: str) -> str:
    """The content of a stamped document. Inside a JSON string the quotes of the mark would be escaped."""
    return document.rpartition(_MARK)[0] + "}"


class Head(NamedTuple):
    """The newest revision of a dataset, and the name of the dataset."""

    newest: int
    dataset: str


class Reading(NamedTuple):
    """What a writer read before it took the lock: at which revision, and which resources and URLs it depends on."""

    newest: int
    resources: Sequence[int]
    urls: Sequence[str]


_HEAD = select(RevisionHead.newest, RevisionHead.dataset).where(RevisionHead.id == 1)
_LOCK = _HEAD.add_columns(RevisionHead.timeline, wal_timeline()).with_for_update()
_MOST_LATER = 1_000
"""Revisions to search for a change of what was read. After more of them, reading again is as fast."""
_RECORDED_AT = select(Revision.recorded_at).where(Revision.number == bindparam("newest")).scalar_subquery()
_UNDER_THE_LOCK = select(
    _RECORDED_AT.label("recorded_at"),
    exists()
    .where(
        Revision.number > bindparam("seen"),
        or_(
            Revision.resource_id.in_(bindparam("resources", expanding=True)), Revision.url.in_(bindparam("urls", expanding=True))
        ),
    )
    .label("is_changed"),
)


def read_head(connection: Connection) -> Head:
    """The newest revision."""
    row = connection.execute(_HEAD).one_or_none()
    if row is None:
        raise RuntimeError(_NO_HEAD)
    return Head(*row)


class _Locked(NamedTuple):
    """The head; no other writer gets past it until the transaction ends.

    On SQLite the transaction of a writer has locked the whole database since it began.
    """

    newest: int
    dataset: str
    timeline: int | None
    server_timeline: int | None

    @property
    def may_lack_revisions(self) -> bool:
        """Whether another server than the last writer's is the primary now. A standby cannot know what it never received."""
        return self.timeline is not None and self.timeline != self.server_timeline


def _lock_head(connection: Connection) -> _Locked:
    row = connection.execute(_LOCK).one_or_none()
    if row is None:
        raise RuntimeError(_NO_HEAD)
    return _Locked(*row)


class Entry(NamedTuple):
    """An appended revision: its number and its document, which is None after a delete."""

    number: int
    document: str | None


class RevisionLog:
    """Appends revisions inside the write transaction of ``connection``, which the caller commits or rolls back.

    Use it as a context manager: it locks the head on entry. Every revision of one log has the same actor (at most 100
    characters), reason (at most 300) and time. ``reading`` is what the caller read before, and ``reading_holds`` says under
    the lock whether that is still so. ``readable_dataset`` is the name of the dataset that clients have read, to compare their
    conditions with.
    """

    def __init__(
        self, connection: Connection, *, actor: str, reason: str, clock: Clock = now, reading: Reading | None = None
    ) -> None:
        if not 1 <= len(actor) <= 100 or not 1 <= len(reason) <= 300:
            raise ValueError("an actor has 1 to 100 characters and a reason 1 to 300")
        self._connection = connection
        self._actor = actor
        self._reason = reason
        self._clock = clock
        self._reading = reading
        self._rows: list[dict[str, object]] = []

    def __enter__(self) -> Self:
        head = self._head = _lock_head(self._connection)
        self.before = self.newest = newest = head.newest
        self.readable_dataset = head.dataset
        self._next_dataset = secrets.token_hex(4) if head.may_lack_revisions else head.dataset
        seen, resources, urls = self._reading or Reading(newest, (), ())
        is_near = newest - seen <= _MOST_LATER
        values = {"newest": newest, "seen": seen if is_near else newest, "resources": resources, "urls": urls}
        row = self._connection.execute(_UNDER_THE_LOCK, values).one()
        self.reading_holds = self._reading is not None and is_near and not row.is_changed
        # Times ascend with the numbers even if the clock was set back: reading at a time relies on it.
        previous = row.recorded_at or datetime.datetime(1, 1, 1, tzinfo=datetime.UTC)
        self.recorded_at = max(self._clock().astimezone(datetime.UTC).replace(microsecond=0), previous)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            self.flush()
            self._report_new_name()

    @property
    def dataset(self) -> str:
        """The name of the dataset after this transaction.

        The first change on another timeline gives it a new one: numbers that a failover lost are given out again.
        """
        return self._next_dataset if self.newest > self.before else self.readable_dataset

    def append(self, action: Action, kind: Kind, url: str, content: str | None, resource_id: int | None = None) -> Entry:
        """Numbers a change, to be written by the next flush. Without a ``resource_id`` the number is the id of a new resource."""
        self.newest += 1
        document = None if content is None else stamped(content, self.newest, self.recorded_at)
        self._rows.append(
            {
                "number": self.newest,
                "recorded_at": self.recorded_at,
                "actor": self._actor,
                "reason": self._reason,
                "action": action,
                "kind": kind,
                "resource_id": resource_id or self.newest,
                "url": url,
                "document": document,
            }
        )
        return Entry(self.newest, document)

    def flush(self) -> None:
        """Writes the appended revisions, before the rows that refer to them, and moves the head."""
        if self._rows:
            insert_rows(self._connection, Base.metadata.tables["revisions"], self._rows)
            values = {"number": self.newest, "named": self._next_dataset, "on": self._head.server_timeline}
            self._connection.execute(_MOVE, values)
            self._rows.clear()

    def rename_dataset(self) -> None:
        """Gives the dataset a new name, since past revisions read differently now: no ETag of the former name matches."""
        self._next_dataset = secrets.token_hex(4)
        self._connection.execute(update(RevisionHead).where(RevisionHead.id == 1).values(dataset=self._next_dataset))

    def _report_new_name(self) -> None:
        old, new = self.readable_dataset, self.dataset
        if old != new and self._head.may_lack_revisions:
            logger.warning(
                "failover: timeline %s of the database server follows %s, so revisions after %s may be lost;"
                " the dataset %s is now %s, and clients read it anew",
                *(self._head.server_timeline, self._head.timeline, self.before, old, new),
            )


_MOVE = (
    update(RevisionHead)
    .where(RevisionHead.id == 1)
    .values(newest=bindparam("number"), dataset=bindparam("named"), timeline=bindparam("on"))
)
