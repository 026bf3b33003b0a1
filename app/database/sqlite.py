"""Connections to SQLite: how each is set up, how a transaction begins, and the time limit of a read.

PostgreSQL limits statements itself (``statement_timeout``); SQLite calls a clock of ours while it works.
"""

import math
import sqlite3
import time
import typing
from collections.abc import Callable

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from app.database.prepared import STATEMENT

_OPCODES = 20_000
"""Virtual machine instructions between two calls of the clock: about a millisecond. A short read has fewer.

Each call waits for the interpreter's lock. At 1,000 instructions statistics took ten times as long beside threads that compute.
"""


class _Clock:
    """The progress handler that stops a statement (https://sqlite.org/c3ref/progress_handler.html), for one read at a time."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds or math.inf
        self.ends = math.inf

    def is_over(self) -> bool:
        return time.monotonic() > self.ends


def set_up_connections(engine: Engine, statement_seconds: float) -> None:
    """Set up each new connection. A read may take this many seconds; 0 means no limit."""

    def set_up(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        _set_up(connection)
        clock = record.info["clock"] = _Clock(statement_seconds)
        connection.set_progress_handler(clock.is_over, _OPCODES)

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", _begin)


def _set_up(connection: sqlite3.Connection) -> None:
    """We begin transactions (the driver would begin late), and enforce every foreign key.

    ``synchronous=FULL`` makes a commit durable before it is acknowledged, in WAL mode too.
    """
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=FULL")


def _begin(connection: Connection) -> None:
    """A writer takes the write lock at once: a transaction that reads first could not wait for it."""
    mode = connection.get_execution_options().get("profiles_transaction", "read")
    if mode != STATEMENT:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if mode == "write" else "BEGIN")


def keep_more_pages(connection: Connection) -> None:
    """Let a long-lived connection cache 8 MB of the file instead of 2: a page of a list is read from 50 file pages."""
    connection.exec_driver_sql("PRAGMA cache_size=-8000")


class timed:  # noqa: N801 - it begins a block, as functions do that do so
    """A block in which SQLite cancels a statement at the time limit of reads, or at the one given.

    ``timed_out`` of app/database/failures.py recognizes the error; the connection stays usable.
    On other engines it does nothing. A generator-based context manager would take as long as a short read.
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


def restart_time(connection: Connection) -> None:
    """Give the next statements of a ``timed`` block the time limit of reads again. Does nothing on other engines."""
    clock: _Clock | None = connection.info.get("clock")
    if clock is not None:
        clock.ends = time.monotonic() + clock.seconds


def stop_statement(connection: Connection) -> bool:
    """Cancel what SQLite runs in another thread, up to the end of its ``timed`` block. False on other engines."""
    clock: _Clock | None = connection.info.get("clock")
    if clock is not None:
        clock.ends = -math.inf
    return clock is not None


def commit_counter(connection: Connection) -> Callable[[], int]:
    """A function that returns a number which changes when another connection commits.

    It bypasses SQLAlchemy, since every request calls it (https://sqlite.org/pragma.html#pragma_data_version).
    """
    driver = typing.cast("sqlite3.Connection", connection.connection.driver_connection)
    cursor = driver.cursor()
    return lambda: cursor.execute("PRAGMA data_version").fetchone()[0]
