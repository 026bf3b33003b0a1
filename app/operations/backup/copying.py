"""Copying one SQLite database into another by pages, with SQLite's online backup (https://sqlite.org/backup.html)."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

STEP = 1000
"""Pages, usually of 4 kB, that are copied between two progress reports."""

_TAKEN = frozenset((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED))


class DatabaseBusy(Exception):
    """Another connection has held a lock on the database for longer than the time limit."""


@contextmanager
def connected(path: Path, mode: Literal["ro", "rw", "rwc"], wait_seconds: float = 0) -> Iterator[sqlite3.Connection]:
    """A connection that begins no transaction by itself; only ``rwc`` creates a missing file. Raises sqlite3.Error."""
    address = f"{path.absolute().as_uri()}?mode={mode}"
    with closing(sqlite3.connect(address, uri=True, timeout=wait_seconds, isolation_level=None)) as connection:
        yield connection


def page_count(connection: sqlite3.Connection) -> int:
    count: int = connection.execute("PRAGMA page_count").fetchone()[0]
    return count


def page_size(connection: sqlite3.Connection) -> int:
    size: int = connection.execute("PRAGMA page_size").fetchone()[0]
    return size


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """A block in which the connection sees the database as it is now, even if others commit meanwhile."""
    connection.execute("BEGIN")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the first read takes the snapshot
        yield
    finally:
        connection.rollback()


def copy_pages(
    source: sqlite3.Connection,
    target: sqlite3.Connection,
    *,
    advance: Callable[[int], None],
    when_locked: Callable[[], None] = lambda: None,
) -> None:
    """Replace the content of the target with that of the source, in one transaction: an error leaves the target unchanged.

    The source is read in one snapshot. Otherwise each commit to it would restart the copy from the first page, and with
    frequent commits the copy would never end. ``when_locked`` is called once, when others can no longer write to the target
    and still see its old content. ``advance`` gets the number of pages that were copied.
    Raises DatabaseBusy if the target's lock is not available, and sqlite3.Error.
    """
    copied = 0

    def report(status: int, remaining: int, total: int) -> None:
        nonlocal copied
        if status & 0xFF in _TAKEN:  # the driver would retry forever
            raise DatabaseBusy
        if copied == 0:
            when_locked()
        advance(total - remaining - copied)
        copied = total - remaining

    with snapshot(source):
        # Never all pages in one step: the first report must come before the commit.
        source.backup(target, pages=max(1, min(STEP, page_count(source) - 1)), progress=report)
