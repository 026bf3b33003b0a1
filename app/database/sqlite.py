"""Connections to SQLite: how each is set up, how a transaction begins, and how long one may work on a read.

PostgreSQL keeps the time of a statement itself (``statement_timeout``); SQLite asks a clock of ours while it works.
"""

import math
import sqlite3
import time
import typing
from collections.abc import Callable

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from app.database.prepared import STATEMENT

_OPCODES = 1000
"""Instructions of SQLite's machine between two looks at the clock: some tens of microseconds. A short read has fewer."""


class _Clock:
    """What SQLite asks whether to stop (https://sqlite.org/c3ref/progress_handler.html). It runs for one read at a time."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds or math.inf
        self.ends = math.inf

    def is_over(self) -> bool:
        return time.monotonic() > self.ends


def set_up_connections(engine: Engine, statement_seconds: float) -> None:
    """Have each connection keep the rules of this program. A read may take so many seconds; 0 is no limit."""

    def set_up(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        _set_up(connection)
        clock = record.info["clock"] = _Clock(statement_seconds)
        connection.set_progress_handler(clock.is_over, _OPCODES)

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", _begin)


def _set_up(connection: sqlite3.Connection) -> None:
    """Transactions are ours to begin (the driver's own begin late); every rule of the schema is on.

    ``synchronous=FULL`` makes a commit durable before it is acknowledged, in WAL mode too.
    """
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=FULL")


def _begin(connection: Connection) -> None:
    """A writer takes the write lock at once: one that first reads and then writes could not wait for it."""
    mode = connection.get_execution_options().get("profiles_transaction", "read")
    if mode != STATEMENT:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if mode == "write" else "BEGIN")


def keep_more_pages(connection: Connection) -> None:
    """Let a connection that is kept hold 8 MB of the file's pages in place of 2: a page of a list is read from 50 of them."""
    connection.exec_driver_sql("PRAGMA cache_size=-8000")


class timed:  # noqa: N801 - it begins a block, as functions do that do so
    """A block in which SQLite ends a statement once the time for reads, or the one given, is over.

    The error is one that ``timed_out`` of app/database/failures.py knows; the connection can be used as before.
    For other engines it is just a block. A generator would take as long to begin and end one as a short read takes.
    """

    __slots__ = ("_clock", "_most_seconds")

    def __init__(self, connection: Connection, most_seconds: float = math.inf) -> None:
        self._clock: _Clock | None = connection.info.get("clock")
        self._most_seconds = most_seconds

    def __enter__(self) -> None:
        if self._clock is not None:
            self._clock.ends = time.monotonic() + min(self._clock.seconds, self._most_seconds)

    def __exit__(self, *_: object) -> None:
        if self._clock is not None:
            self._clock.ends = math.inf


def commit_counter(connection: Connection) -> Callable[[], int]:
    """A function that returns a number which changes when another connection commits.

    It bypasses SQLAlchemy, since every request calls it (https://sqlite.org/pragma.html#pragma_data_version).
    """
    driver = typing.cast("sqlite3.Connection", connection.connection.driver_connection)
    cursor = driver.cursor()
    return lambda: cursor.execute("PRAGMA data_version").fetchone()[0]
