"""What the errors of both drivers mean."""

import sqlite3

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

DATABASE_ERRORS = (SQLAlchemyError, sqlite3.Error, OSError)
"""What reading from a database that is away or broken may raise, past SQLAlchemy too."""

_CONFLICTS = frozenset(("DeadlockDetected", "SerializationFailure"))
"""What a standby ends a query with that stands in the way of what the primary sent."""

_PASSING = _CONFLICTS | {
    "AdminShutdown", "CannotConnectNow", "ConnectionTimeout", "CrashShutdown", "LockNotAvailable", "OperationalError",
    "ReadOnlySqlTransaction",
}  # fmt: skip
"""Errors of both drivers that a database gives while it is away, starting, busy or being replaced by a standby."""

_NO_ROOM = frozenset(("DiskFull", "SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"))


def is_transient(error: DBAPIError) -> bool:
    """Whether the same statement may work in a moment."""
    return error.connection_invalidated or type(error.orig).__name__ in _PASSING


def timed_out(error: DBAPIError) -> bool:
    """Whether the engine ended the statement because its time was over."""
    interrupted = getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
    return interrupted or type(error.orig).__name__ == "QueryCanceled"


def is_conflict_with_recovery(error: DBAPIError) -> bool:
    """Whether a standby is there and only ended this query, for the sake of what it replays."""
    return type(error.orig).__name__ in _CONFLICTS


def is_disk_full(error: BaseException | None) -> bool:
    """Whether a driver says that the database has no room to grow."""
    return not _NO_ROOM.isdisjoint((type(error).__name__, getattr(error, "sqlite_errorname", "")))
