"""Where SQLite and PostgreSQL differ: column types, connections, locks, errors.

What takes more room has a module of its own: app/database/bulk_insert.py, app/database/sqlite.py, app/search/full_text.py and
app/database/diagnostics.py. Everything else is written once and gives the same answer on both.
"""

import math
import sqlite3
import typing
from collections.abc import Callable
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
    SQLColumnExpression,
    String,
    Text,
    TypeDecorator,
    cast,
    create_engine,
    event,
    literal,
    text,
)
from sqlalchemy.engine import URL, Dialect, ExceptionContext
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from app.database.bulk_insert import copy_rows
from app.database.prepared import STATEMENT
from app.database.sqlite import set_up_connections

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
    """Connections at most; seconds to wait at most for one or a lock, and for a server to take one; seconds to keep one.

    ``statement_seconds`` is how long a statement that reads may take; 0 is no limit.
    """

    pool_size: int
    wait_seconds: float
    connect_seconds: float
    recycle_seconds: int = -1
    statement_seconds: float = 0.0


def create_sync_engine(url: URL, limits: Limits) -> Engine:
    """The engine for commands, writes and streams; on SQLite for every read too."""
    if url.get_backend_name() == SQLITE:
        most, wait = limits.pool_size, limits.wait_seconds
        engine = create_engine(
            url, pool_size=most, max_overflow=most, pool_timeout=wait, connect_args={"timeout": wait}, hide_parameters=True
        )
        set_up_connections(engine, limits.statement_seconds)
        return engine
    engine = create_engine(url, isolation_level="REPEATABLE READ", pool_pre_ping=True, **_pooled(limits))
    event.listen(engine, "handle_error", _leave_a_server_that_takes_no_writes)
    event.listen(engine, "do_executemany", copy_rows)
    if limits.statement_seconds:
        event.listen(engine, "begin", _let_a_writer_take_its_time)
    return engine


def create_statement_engine(url: URL, limits: Limits) -> AsyncEngine | None:
    """The engine for requests that one statement answers, on PostgreSQL, where the answer is waited for.

    None on SQLite: its answers take microseconds and come on the event loop itself (docs/adr/0001).
    """
    if url.get_backend_name() == SQLITE:
        return None
    options = {"profiles_transaction": STATEMENT}
    nothing_to_undo = {"pool_reset_on_return": None}  # where each statement is a transaction of its own
    return create_async_engine(url, isolation_level="AUTOCOMMIT", execution_options=options, **nothing_to_undo, **_pooled(limits))


def _pooled(limits: Limits) -> dict[str, Any]:
    return {
        "pool_size": limits.pool_size,
        "hide_parameters": True,  # in the messages of errors, which are logged: they may be of anyone's data
        "max_overflow": 0,
        "pool_timeout": limits.wait_seconds,
        "pool_recycle": limits.recycle_seconds,
        "connect_args": _postgresql_arguments(limits),
    }


def _postgresql_arguments(limits: Limits) -> dict[str, str | int]:
    milliseconds = round(limits.wait_seconds * 1000)
    statement_milliseconds = math.ceil(limits.statement_seconds * 1000)
    return {
        "connect_timeout": max(2, round(limits.connect_seconds)),
        "tcp_user_timeout": milliseconds,  # for a server that is cut off: nothing else ends the wait for its answer
        "options": f"-c lock_timeout={milliseconds} -c statement_timeout={statement_milliseconds} -c timezone=UTC",
        "application_name": "company-profiles",
    }


def _leave_a_server_that_takes_no_writes(context: ExceptionContext) -> None:
    """Its connections count as broken, so that the next ones are made anew, to where the primary is by then."""
    if type(context.original_exception).__name__ == "ReadOnlySqlTransaction":
        context.is_disconnect = True


def _let_a_writer_take_its_time(connection: Connection) -> None:
    """A change is bounded by what its body may hold, and must not fail where a large one takes long."""
    if connection.get_execution_options().get("profiles_transaction") == "write":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")


def write_options(engine: Engine) -> dict[str, str]:
    """How a writer's transaction runs. On PostgreSQL each statement sees what was committed before it, so that a writer
    who waited for the lock on the newest revision goes on from what the other one left.
    """
    isolation = {"isolation_level": "READ COMMITTED"} if engine.dialect.name == POSTGRESQL else {}
    return {"profiles_transaction": "write", **isolation}


def lock_for_migration(connection: Connection) -> None:
    """Let one process migrate at a time; SQLite's write lock does so already. Ends with the transaction.

    A table's lock is waited for a short time only: whoever comes meanwhile, readers too, waits behind it.
    """
    if connection.dialect.name == POSTGRESQL:
        connection.execute(text("SELECT pg_advisory_xact_lock(4207112358)"))
        connection.execute(text("SET LOCAL lock_timeout = '2s'"))


def enable_write_ahead_log(engine: Engine) -> None:
    """On SQLite, let readers go on while one writes. The setting stays in the file."""
    if engine.dialect.name == SQLITE:
        with engine.connect().execution_options(profiles_transaction=STATEMENT) as connection:
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


class joined_lines(FunctionElement[str]):  # noqa: N801 - it stands in statements as SQL's own functions do
    """The texts of a column put together, each on a line; null where there is none.

    SQLAlchemy's ``aggregate_strings`` writes its separator into the statement anew each time, which takes longer than this.
    """

    inherit_cache: bool | None = True
    type: TypeEngine[str] = Text()


@compiles(joined_lines, SQLITE)
def _joined_by_sqlite(element: joined_lines, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    return f"group_concat({compiler.process(element.clauses, **options)}, char(10))"


@compiles(joined_lines, POSTGRESQL)
def _joined_by_postgresql(element: joined_lines, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    return f"string_agg({compiler.process(element.clauses, **options)}, chr(10))"


class nth_row(FunctionElement[Any]):  # noqa: N801 - it stands in statements as SQL's own functions do
    """The value of a column in one of the rows that are put together, counted from one; null where there are fewer."""

    inherit_cache: bool | None = True

    def __init__(self, column: ColumnElement[Any], number: int) -> None:
        super().__init__(column, literal(number, Integer))
        self.type = column.type


@compiles(nth_row, SQLITE)
def _nth_by_sqlite(element: nth_row, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    column, number = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_extract(json_group_array({column}), '$[' || ({number} - 1) || ']')"


@compiles(nth_row, POSTGRESQL)
def _nth_by_postgresql(element: nth_row, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    column, number = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(array_agg({column}))[{number}]"


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


def took_too_long(error: DBAPIError) -> bool:
    """Whether the engine ended the statement because its time was over."""
    interrupted = getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
    return interrupted or type(error.orig).__name__ == "QueryCanceled"


def is_conflict_with_recovery(error: DBAPIError) -> bool:
    """Whether a standby is there and only ended this query, for the sake of what it replays."""
    return type(error.orig).__name__ in _CONFLICTS


def is_disk_full(error: BaseException | None) -> bool:
    """Whether a driver says that the database has no room to grow."""
    return not _NO_ROOM.isdisjoint((type(error).__name__, getattr(error, "sqlite_errorname", "")))
