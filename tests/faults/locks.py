"""Somebody else who holds the lock that every writer needs."""

import contextlib
import sqlite3
from collections.abc import Iterator

import psycopg


@contextlib.contextmanager
def held_lock(url: str) -> Iterator[None]:
    """Until the end of the block nobody else writes."""
    if url.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
    else:
        with psycopg.connect(url) as other:
            other.execute("SELECT 1 FROM revision_head FOR UPDATE")
            yield
            other.rollback()
