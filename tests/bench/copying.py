"""The engines' own way of taking rows in, timed: what a load is measured against."""

import sqlite3
import time
from collections.abc import Iterator

import psycopg

from app.database.dialects import POSTGRESQL, SQLITE
from app.database.models import Base
from tests.bench.rows import TEXT_INDEX, columns_of

_ROWS_AT_A_TIME = 10_000
_ALREADY_THERE = frozenset(("revision_head",))


def tables() -> list[str]:
    """In an order in which what is referred to comes first."""
    return [*(table.name for table in Base.metadata.sorted_tables if table.name not in _ALREADY_THERE), TEXT_INDEX]


def copy_with_sqlite3(source_url: str, target_url: str) -> float:
    """Copies every row by executemany, in one transaction. Returns the seconds that the writing took."""
    source = sqlite3.connect(source_url.removeprefix("sqlite:///"))
    target = sqlite3.connect(target_url.removeprefix("sqlite:///"), isolation_level=None)
    target.execute("PRAGMA foreign_keys=ON")
    target.execute("PRAGMA synchronous=FULL")
    target.execute("BEGIN IMMEDIATE")
    seconds = 0.0
    for table in tables():
        columns = columns_of(table, SQLITE)
        names, places = ", ".join(columns), ", ".join("?" * len(columns))
        cursor = source.execute(f"SELECT {names} FROM {table} ORDER BY rowid")  # noqa: S608
        while rows := cursor.fetchmany(_ROWS_AT_A_TIME):
            began = time.perf_counter()
            target.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608
            seconds += time.perf_counter() - began
    began = time.perf_counter()
    target.execute("COMMIT")
    seconds += time.perf_counter() - began
    target.close()
    source.close()
    return seconds


def copy_with_psycopg(source_url: str, target_url: str) -> float:
    """Copies every row by COPY, in one transaction. Returns the seconds that the writing took."""
    seconds = 0.0
    with psycopg.connect(source_url) as source, psycopg.connect(target_url) as target:
        for table in tables():
            columns = ", ".join(columns_of(table, POSTGRESQL))
            for rows in _batches(source, table, columns):
                began = time.perf_counter()
                with target.cursor().copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy:
                    for row in rows:
                        copy.write_row(row)
                seconds += time.perf_counter() - began
        began = time.perf_counter()
        target.commit()
        seconds += time.perf_counter() - began
    return seconds


def _batches(source: psycopg.Connection, table: str, columns: str) -> Iterator[list[tuple[object, ...]]]:
    """JSON columns are read as text, since psycopg writes no list of Python's as JSON."""
    as_text = columns.replace("authors", "authors::text")
    with source.cursor(name="rows") as cursor:
        cursor.execute(f"SELECT {as_text} FROM {table}".encode())  # noqa: S608
        while rows := cursor.fetchmany(_ROWS_AT_A_TIME):
            yield rows
