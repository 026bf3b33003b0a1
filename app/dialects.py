"""The one place where SQLite and PostgreSQL differ: column types, connections, locks.

Everything else is written once and gives the same answer on both.
"""

import sqlite3
import typing
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    REAL,
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    Numeric,
    Select,
    SQLColumnExpression,
    String,
    TypeDecorator,
    bindparam,
    cast,
    column,
    create_engine,
    event,
    select,
    text,
)
from sqlalchemy.engine import URL, Dialect, ExceptionContext
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.types import TypeEngine

SQLITE = "sqlite"
POSTGRESQL = "postgresql"

BigInt = BigInteger().with_variant(Integer, SQLITE)
"""SQLite's row number must be spelt INTEGER."""


def sortable_text(length: int) -> String:
    """Text compared code point by code point, as SQLite does; PostgreSQL's default order follows the server's locale."""
    return String(length).with_variant(String(length, collation="C"), POSTGRESQL)


class ExactDecimal(TypeDecorator[Decimal]):
    """An exact decimal: numeric on PostgreSQL, text on SQLite, whose own numbers are binary floats."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = Numeric
    cache_ok: bool | None = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(64) if dialect.name == SQLITE else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | str | None:
        return format(value, "f") if value is not None and dialect.name == SQLITE else value

    def process_result_value(self, value: Decimal | str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


_NUMERIC_ORDER = Numeric(asdecimal=True).with_variant(REAL(asdecimal=False), SQLITE)


def numeric_order(number: SQLColumnExpression[Decimal]) -> ColumnElement[Decimal]:
    """An exact decimal as something to sort and compare by.

    On SQLite the text is cast to a double: two decimals of at most 15 significant digits
    never share one, so the order is that of the exact numbers.
    """
    return cast(number, _NUMERIC_ORDER)


class Limits(NamedTuple):
    """Connections at most; seconds to wait at most for one or a lock, and for a server to take one; seconds to keep one."""

    pool_size: int
    wait_seconds: float
    connect_seconds: float
    recycle_seconds: int = -1


def create_sync_engine(url: URL, limits: Limits) -> Engine:
    """The engine for commands, writes and streams; on SQLite for every read too."""
    if url.get_backend_name() == SQLITE:
        most, wait = limits.pool_size, limits.wait_seconds
        engine = create_engine(url, pool_size=most, max_overflow=most, pool_timeout=wait, connect_args={"timeout": wait})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(url, isolation_level="REPEATABLE READ", pool_pre_ping=True, **_pooled(limits))
    event.listen(engine, "handle_error", _leave_a_server_that_takes_no_writes)
    return engine


def create_statement_engine(url: URL, limits: Limits) -> AsyncEngine | None:
    """The engine for requests that one statement answers, on PostgreSQL, where the answer is waited for.

    None on SQLite: its answers take microseconds and come on the event loop itself (docs/adr/0001).
    """
    if url.get_backend_name() == SQLITE:
        return None
    return create_async_engine(url, isolation_level="AUTOCOMMIT", **_pooled(limits))


def _pooled(limits: Limits) -> dict[str, Any]:
    return {
        "pool_size": limits.pool_size,
        "max_overflow": 0,
        "pool_timeout": limits.wait_seconds,
        "pool_recycle": limits.recycle_seconds,
        "connect_args": _postgresql_arguments(limits),
    }


def _postgresql_arguments(limits: Limits) -> dict[str, str | int]:
    milliseconds = round(limits.wait_seconds * 1000)
    return {
        "connect_timeout": max(2, round(limits.connect_seconds)),
        "tcp_user_timeout": milliseconds,  # for a server that is cut off: nothing else ends the wait for its answer
        "options": f"-c lock_timeout={milliseconds} -c timezone=UTC",
        "application_name": "company-profiles",
    }


def _leave_a_server_that_takes_no_writes(context: ExceptionContext) -> None:
    """Its connections count as broken, so that the next ones are made anew, to where the primary is by then."""
    if type(context.original_exception).__name__ == "ReadOnlySqlTransaction":
        context.is_disconnect = True


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Transactions are ours to begin (the driver's own begin late); every rule of the schema is on.

    ``synchronous=FULL`` makes a commit durable before it is acknowledged, in WAL mode too.
    """
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=FULL")


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the write lock at once: one that first reads and then writes could not wait for it."""
    mode = connection.get_execution_options().get("profiles_transaction", "read")
    if mode != "statement":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if mode == "write" else "BEGIN")


def write_options(engine: Engine) -> dict[str, str]:
    """How a writer's transaction runs. On PostgreSQL each statement sees what was committed before it, so that a writer
    who waited for the lock on the newest revision goes on from what the other one left.
    """
    isolation = {"isolation_level": "READ COMMITTED"} if engine.dialect.name == POSTGRESQL else {}
    return {"profiles_transaction": "write", **isolation}


def lock_for_migration(connection: Connection) -> None:
    """Let one process migrate at a time; SQLite's write lock does so already. Ends with the transaction."""
    if connection.dialect.name == POSTGRESQL:
        connection.execute(text("SELECT pg_advisory_xact_lock(4207112358)"))


def enable_write_ahead_log(engine: Engine) -> None:
    """On SQLite, let readers go on while one writes. The setting stays in the file."""
    if engine.dialect.name == SQLITE:
        with engine.connect().execution_options(profiles_transaction="statement") as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")


DATABASE_ERRORS = (SQLAlchemyError, sqlite3.Error, OSError)
"""What reading from a database that is away or broken may raise, past SQLAlchemy too."""


def commit_counter(connection: Connection) -> Callable[[], int]:
    """What gives SQLite's own count of other connections' commits (https://sqlite.org/pragma.html#pragma_data_version).

    It goes past SQLAlchemy, since it is asked on every request.
    """
    driver = typing.cast("sqlite3.Connection", connection.connection.driver_connection)
    cursor = driver.cursor()
    return lambda: cursor.execute("PRAGMA data_version").fetchone()[0]


def outside_ctes(dialect: str, table: str) -> str:
    """A table's name where a common table expression of that name is being made: SQLite would take that for itself."""
    return f"main.{table}" if dialect == SQLITE else table


def read_in_place(dialect: str, expression: CTE) -> CTE:
    """A common table expression whose indexes are used: each of its uses is planned with the query around it.

    Otherwise both engines would write out the whole table where a query uses it twice. SQLite did so from 3.35 on.
    """
    if dialect == SQLITE and sqlite3.sqlite_version_info < (3, 35):
        return expression
    return expression.prefix_with("NOT MATERIALIZED")


_CONFLICTS = frozenset(("DeadlockDetected", "SerializationFailure"))
"""What a standby ends a query with that stands in the way of what the primary sent."""
_PASSING = _CONFLICTS | {
    "AdminShutdown", "CannotConnectNow", "ConnectionTimeout", "CrashShutdown", "LockNotAvailable", "OperationalError",
    "ReadOnlySqlTransaction",
}  # fmt: skip
"""Errors of both drivers that a database gives while it is away, starting, busy or being replaced by a standby."""
_NO_ROOM = frozenset(("DiskFull", "SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"))


def is_passing(error: DBAPIError) -> bool:
    """Whether the same statement may work in a moment."""
    return error.connection_invalidated or type(error.orig).__name__ in _PASSING


def is_conflict_with_recovery(error: DBAPIError) -> bool:
    """Whether a standby is there and only ended this query, for the sake of what it replays."""
    return type(error.orig).__name__ in _CONFLICTS


def is_disk_full(error: BaseException | None) -> bool:
    """Whether a driver says that the database has no room to grow."""
    return not _NO_ROOM.isdisjoint((type(error).__name__, getattr(error, "sqlite_errorname", "")))


def create_text_index(connection: Connection) -> None:
    """The full-text index of three parts: an FTS5 table on SQLite, a ``tsvector`` under GIN on PostgreSQL.

    Both hold words as app/search/words.py cuts them; neither stems, drops stop words or folds on its own.
    """
    if connection.dialect.name == SQLITE:
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE search_text USING fts5 (names, titles, texts, tokenize = 'ascii', prefix = '2 3')"
        )
    else:
        connection.execute(text("CREATE TABLE search_text (id bigint PRIMARY KEY, terms tsvector NOT NULL)"))
        connection.execute(text("CREATE INDEX ix_search_text_terms ON search_text USING gin (terms)"))


TextRow = tuple[int, Mapping[str, Sequence[str]]]
"""The id of a resource, and the words of each part of it: names, titles, texts."""

_WEIGHTS = {"names": "A", "titles": "B", "texts": "C"}


def clear_text_index(connection: Connection, identities: Sequence[int]) -> None:
    """Take resources out of the text index."""
    column = "rowid" if connection.dialect.name == SQLITE else "id"
    connection.execute(text(f"DELETE FROM search_text WHERE {column} = :id"), [{"id": identity} for identity in identities])  # noqa: S608


def write_text_index(connection: Connection, rows: Sequence[TextRow]) -> None:
    """Put resources into the text index."""
    if connection.dialect.name == SQLITE:
        values = [{"id": identity, **{part: " ".join(parts[part]) for part in _WEIGHTS}} for identity, parts in rows]
        statement = "INSERT INTO search_text (rowid, names, titles, texts) VALUES (:id, :names, :titles, :texts)"
    else:
        values = [{"id": identity, "terms": _tsvector(parts)} for identity, parts in rows]
        statement = "INSERT INTO search_text (id, terms) VALUES (:id, CAST(:terms AS tsvector))"
    connection.execute(text(statement), values)


def _tsvector(parts: Mapping[str, Sequence[str]]) -> str:
    """A tsvector as text. A gap between parts keeps phrases from spanning two of them."""
    entries = []
    position = 0
    for part, weight in _WEIGHTS.items():
        for word in parts[part]:
            position += 1
            entries.append(f"'{word}':{position}{weight}")
        position += 1
    return " ".join(entries)


TextTerm = tuple[Sequence[str], bool]
"""Words that follow each other, and whether the last one may go on. They are letters and digits only, so nothing in
them is syntax of either engine."""


def text_query(dialect: str, terms: Sequence[TextTerm], parts: Sequence[str]) -> str:
    """The engine's own query for what has every term within the parts."""
    if dialect == SQLITE:
        phrases = (f'"{" ".join(words)}"{"*" if open_ended else ""}' for words, open_ended in terms)
        return f"{{{' '.join(parts)}}} : ({' AND '.join(phrases)})"
    weights = "".join(_WEIGHTS[part] for part in parts)
    lexemes = ([f"'{word}':{'*' if open_ended else ''}{weights}" for word in words] for words, open_ended in terms)
    return " & ".join(f"({' <-> '.join(term)})" for term in lexemes)


def matching_text(dialect: str, terms: Sequence[TextTerm], parts: Sequence[str], name: str) -> Select[int]:
    """The ids of resources in which every term occurs, within the parts. ``name`` is the parameter's, unique in a statement."""
    if dialect == SQLITE:
        statement = f"SELECT rowid AS id FROM search_text WHERE search_text MATCH :{name}"  # noqa: S608
    else:
        statement = f"SELECT id FROM search_text WHERE terms @@ CAST(:{name} AS tsquery)"  # noqa: S608
    query = bindparam(name, text_query(dialect, terms, parts), String)
    found = text(statement).bindparams(query).columns(column("id", BigInt)).subquery()
    return select(found.c.id)
