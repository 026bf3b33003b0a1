"""Writing rows in bulk: secondary indexes are dropped, rows written as they come, and the indexes made again."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import Protocol

import psycopg
from sqlalchemy.engine import URL

from app.database.dialects import SQLITE
from tests.bench.rows import Piece, Rows, Values, columns_of, make_rows, pieces

_SERIAL_COMPANIES = 2_000
_RUN_AHEAD = 4


class Sink(Protocol):
    """Where rows go."""

    def write(self, table: str, columns: Sequence[str], rows: Sequence[Values]) -> None: ...

    def commit(self) -> None: ...

    def finish(self) -> None:
        """Makes the indexes, and leaves the database as one that has been in use."""


class SqliteSink:
    """A file that nobody else has open."""

    def __init__(self, path: str) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-500000; PRAGMA temp_store=FILE;"
        )
        found = self._database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
        self._indexes = [definition for _, definition in found]
        for name, _ in found:
            self._database.execute(f"DROP INDEX {name}")
        self._database.execute("BEGIN")

    def write(self, table: str, columns: Sequence[str], rows: Sequence[Values]) -> None:
        places = ", ".join("?" * len(columns))
        self._database.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)  # noqa: S608

    def commit(self) -> None:
        self._database.execute("COMMIT")
        self._database.execute("BEGIN")

    def finish(self) -> None:
        self._database.execute("COMMIT")
        for definition in self._indexes:
            self._database.execute(definition)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.close()


class PostgresSink:
    """A database that nobody else is connected to; its user may switch the checks of references off."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url)
        self._connection.execute("SET session_replication_role = replica")
        found = self._connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        ).fetchall()
        self._indexes = [str(definition) for _, definition in found]
        for name, _ in found:
            self._connection.execute(f"DROP INDEX {name}".encode())
        self.commit()

    def write(self, table: str, columns: Sequence[str], rows: Sequence[Values]) -> None:
        with self._connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)

    def commit(self) -> None:
        self._connection.commit()

    def finish(self) -> None:
        for definition in self._indexes:
            self._connection.execute(definition.encode())
        self._connection.execute("SELECT setval(pg_get_serial_sequence('citations', 'id'), (SELECT max(id) FROM citations))")
        self._connection.commit()
        self._connection.autocommit = True
        self._connection.execute("VACUUM ANALYZE")
        self._connection.close()


def sink_of(url: URL) -> Sink:
    if url.get_backend_name() == SQLITE:
        return SqliteSink(url.database or "")
    return PostgresSink(url.set(drivername="postgresql").render_as_string(hide_password=False))


def write_everything(sink: Sink, companies: int, dialect: str) -> set[str]:
    """Writes every row of the made-up companies. Returns the words of names and titles."""
    words: set[str] = set()
    for rows in made(companies, dialect):
        for table, values in rows.by_table.items():
            sink.write(table, columns_of(table, dialect), values)
        sink.commit()
        words |= rows.words
    return words


def made(companies: int, dialect: str) -> Iterator[Rows]:
    """The rows in their order; of many companies in as many processes as there are cores."""
    work = pieces(companies, dialect)
    if companies <= _SERIAL_COMPANIES:
        yield from map(make_rows, work)
        return
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as processes:
        waiting = [processes.submit(make_rows, piece) for piece in islice(work, cores + _RUN_AHEAD)]
        while waiting:
            yield waiting.pop(0).result()
            waiting.extend(_submitted(processes, work))


def _submitted(processes: ProcessPoolExecutor, work: Iterator[Piece]) -> list[Future[Rows]]:
    """One piece more, while there is one: what is made and not yet written is held in memory."""
    return [processes.submit(make_rows, piece) for piece in islice(work, 1)]
