"""The revision log: every change to the dataset, numbered from 1 in one order.

The number of a revision is given out under the lock on the one row of ``revision_head``, which is held
to the end of the transaction: revisions are committed in the order of their numbers.
"""

import datetime
from collections.abc import Callable
from functools import lru_cache
from types import TracebackType
from typing import Literal, NamedTuple, Self

from sqlalchemy import Connection, select, update

from app.database.bulk_insert import insert_rows
from app.database.models import Base, Revision, RevisionHead
from app.values.resources import Kind

Action = Literal["create", "update", "delete"]
Clock = Callable[[], datetime.datetime]
_MARK = ',"revision":'


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def stamped(content: str, number: int, recorded_at: datetime.datetime) -> str:
    """A resource's content (a JSON object) as the document that is served: with its revision and the time of that."""
    return f'{content[:-1]}{_MARK}{number},"updated_at":"{_written(recorded_at)}"}}'


@lru_cache(maxsize=16)
def _written(moment: datetime.datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def content_of(document: str) -> str:
    """The content that a document was stamped from. Inside a JSON string the mark's quotes would be escaped."""
    return document.rpartition(_MARK)[0] + "}"


class Entry(NamedTuple):
    """A revision that was appended: its number and the document that it wrote, None after a delete."""

    number: int
    document: str | None


class RevisionLog:
    """Appends revisions inside the write transaction of ``connection``, which the caller commits or rolls back.

    Use it as a context manager: the head is locked on entry, and moved at the end if anything was appended.
    Every revision of one log has the same actor (at most 100 characters), reason (at most 300) and time.
    """

    def __init__(self, connection: Connection, *, actor: str, reason: str, clock: Clock = now) -> None:
        if not 1 <= len(actor) <= 100 or not 1 <= len(reason) <= 300:
            raise ValueError("an actor has 1 to 100 characters and a reason 1 to 300")
        self._connection = connection
        self._actor = actor
        self._reason = reason
        self._clock = clock
        self._rows: list[dict[str, object]] = []

    def __enter__(self) -> Self:
        self._connection.execute(update(RevisionHead).where(RevisionHead.id == 1).values(newest=RevisionHead.newest))
        newest = self._connection.scalar(select(RevisionHead.newest).where(RevisionHead.id == 1))
        if newest is None:
            raise RuntimeError("the database has no revision head; migrate it first")
        self.before = self.newest = newest
        self.recorded_at = max(self._clock().astimezone(datetime.UTC).replace(microsecond=0), self._previous_time())
        return self

    def _previous_time(self) -> datetime.datetime:
        """Times ascend with the numbers even where a clock was set back: reading at a time relies on it."""
        previous = self._connection.scalar(select(Revision.recorded_at).where(Revision.number == self.newest))
        return previous.replace(tzinfo=datetime.UTC) if previous else datetime.datetime.min.replace(tzinfo=datetime.UTC)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None and self.newest > self.before:
            self.flush()
            self._connection.execute(update(RevisionHead).where(RevisionHead.id == 1).values(newest=self.newest))

    def append(self, action: Action, kind: Kind, url: str, content: str | None, resource_id: int | None = None) -> Entry:
        """Numbers a change and keeps it for the next flush. Without a ``resource_id`` the number is the id of what is created."""
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
        """Writes the revisions that are kept, before the rows that refer to them are written."""
        if self._rows:
            insert_rows(self._connection, Base.metadata.tables["revisions"], self._rows)
            self._rows.clear()
