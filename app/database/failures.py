"""What errors of both drivers mean: transient, timed out, disk full."""

import sqlite3

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

DATABASE_ERRORS = (SQLAlchemyError, sqlite3.Error, OSError)
"""Errors that a read may raise if the database is unavailable or broken, some of them not wrapped by SQLAlchemy."""

_CONFLICTS = frozenset(("DeadlockDetected", "SerializationFailure"))
"""A replica cancels a query with these if it conflicts with changes from the primary."""

_PASSING = _CONFLICTS | {
    "AdminShutdown", "CannotConnectNow", "ConnectionTimeout", "CrashShutdown", "IdleInTransactionSessionTimeout",
    "IdleSessionTimeout", "LockNotAvailable", "OperationalError", "ProtocolViolation", "ReadOnlySqlTransaction",
    "TransactionTimeout",
}  # fmt: skip
"""Errors of a database that is unavailable, starting, busy or failing over to a replica, or that ends sessions at a limit of its
administrator. SQLAlchemy knows that such an end invalidates a connection, but not while the connection is made.
ProtocolViolation is what PgBouncer raises if it has no server."""

_NO_ROOM = frozenset(("DiskFull", "SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"))


def is_transient(error: DBAPIError) -> bool:
    """Whether the same statement may succeed a moment later."""
    return error.connection_invalidated or type(error.orig).__name__ in _PASSING


def ended_while_idle(error: DBAPIError) -> bool:
    """Whether PostgreSQL had ended the session before the statement, because nobody had used it (``idle_session_timeout``)."""
    return type(error.orig).__name__ == "IdleSessionTimeout"


def timed_out(error: DBAPIError) -> bool:
    """Whether the engine cancelled the statement at its time limit."""
    interrupted = getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
    return interrupted or type(error.orig).__name__ == "QueryCanceled"


def is_conflict_with_recovery(error: DBAPIError) -> bool:
    """Whether a replica is available and only cancelled this query, to replay changes from the primary."""
    return type(error.orig).__name__ in _CONFLICTS


def is_disk_full(error: BaseException | None) -> bool:
    """Whether the driver reports that the database cannot grow."""
    return not _NO_ROOM.isdisjoint((type(error).__name__, getattr(error, "sqlite_errorname", "")))


def sequence_is_behind(error: DBAPIError) -> bool:
    """Whether PostgreSQL gave a number that a row has already: logical replication copies rows and no sequences."""
    constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    return type(error.orig).__name__ == "UniqueViolation" and constraint == "pk_citations"
