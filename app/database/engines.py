"""How engines and transactions are set up on SQLite and PostgreSQL."""

import math
import time
from functools import partial
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import base as pools
from sqlalchemy.util import queue

from app.database.bulk_insert import copy_rows
from app.database.dialects import POSTGRESQL, SQLITE
from app.database.prepared import STATEMENT
from app.database.sessions import Preparing, Sessions
from app.database.sqlite import set_up_connections

# SQLAlchemy's pools read the wall clock. If it was ahead when connections broke and is then set back, every new connection would
# count as broken too and be replaced at each use; and a caller who waits for one would wait until the clock has caught up.
vars(pools)["time"] = SimpleNamespace(time=time.monotonic)
vars(queue)["_time"] = time.monotonic

_MOST_SECONDS_TO_CONNECT = 5
_WRITE_FACTOR, _LEAST_OF_WRITES = 10.0, 60.0


class Limits(NamedTuple):
    """Maximum connections; seconds to wait for one or for a lock, and to connect; maximum age of one in seconds.

    ``statement_seconds`` is the time limit of a read statement; 0 means no limit.
    """

    pool_size: int
    wait_seconds: float
    connect_seconds: float
    statement_seconds: float = 0.0
    prepared_statements: Preparing = "auto"
    recycle_seconds: int = -1


def create_sync_engine(url: URL, limits: Limits) -> Engine:
    """The engine for commands, writes and streams; on SQLite for all reads too."""
    if url.get_backend_name() == SQLITE:
        most, wait = limits.pool_size, limits.wait_seconds
        engine = create_engine(
            url, pool_size=most, max_overflow=most, pool_timeout=wait, connect_args={"timeout": wait}, hide_parameters=True
        )
        set_up_connections(engine, limits.statement_seconds)
        return engine
    engine = create_engine(url, isolation_level="REPEATABLE READ", pool_pre_ping=True, **_pooled(limits))
    event.listen(engine, "do_connect", partial(_connect, limits))
    event.listen(engine, "handle_error", _leave_a_server_that_takes_no_writes)
    event.listen(engine, "do_executemany", copy_rows)
    if limits.statement_seconds:
        event.listen(engine, "begin", partial(_watch, limits))
    _sessions(limits).set_up_transactions(engine)
    return engine


def create_statement_engine(url: URL, limits: Limits) -> AsyncEngine | None:
    """The engine for short reads on PostgreSQL, each statement a transaction of its own.

    None on SQLite, which answers in microseconds on the event loop itself (ADR 1).
    """
    if url.get_backend_name() == SQLITE:
        return None
    from app.database.waiting import WatchedAsyncConnection  # noqa: PLC0415 - the driver of one engine, which is optional

    options = {"profiles_transaction": STATEMENT}
    nothing_to_undo = {"pool_reset_on_return": None}  # each statement is a transaction of its own
    pooled = _pooled(limits)
    pooled["connect_args"]["async_creator_fn"] = partial(WatchedAsyncConnection.open, _silence_of_reads(limits))
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT", execution_options=options, **nothing_to_undo, **pooled)
    _sessions(limits).set_up_statements(engine.sync_engine)
    return engine


def _pooled(limits: Limits) -> dict[str, Any]:
    return {
        "pool_size": limits.pool_size,
        "hide_parameters": True,  # in error messages, which are logged: values may be personal data
        "max_overflow": 0,
        "pool_timeout": limits.wait_seconds,
        "pool_recycle": limits.recycle_seconds,
        "connect_args": _postgresql_arguments(limits),
    }


def _postgresql_arguments(limits: Limits) -> dict[str, Any]:
    return {
        "connect_timeout": min(_MOST_SECONDS_TO_CONNECT, max(2, round(limits.connect_seconds))),
        "tcp_user_timeout": _milliseconds(limits.wait_seconds),  # nothing else ends the wait for a server that was cut off
        "application_name": "company-profiles",
    }


def _sessions(limits: Limits) -> Sessions:
    return Sessions(
        lock=_milliseconds(limits.wait_seconds),
        statement=_milliseconds(limits.statement_seconds),
        preparing=limits.prepared_statements,
    )


def _milliseconds(seconds: float) -> int:
    return math.ceil(seconds * 1000)


def _leave_a_server_that_takes_no_writes(context: ExceptionContext) -> None:
    """Treat its connections as broken, so that new ones are opened, to the server that is the primary by then."""
    if type(context.original_exception).__name__ == "ReadOnlySqlTransaction":
        context.is_disconnect = True


def _connect(limits: Limits, _dialect: object, _record: object, _arguments: object, parameters: dict[str, Any]) -> object:
    from app.database.waiting import WatchedConnection  # noqa: PLC0415 - the driver of one engine, which is optional

    return WatchedConnection.open(_silence_of_reads(limits), **parameters)


def _silence_of_reads(limits: Limits) -> float:
    """How long a server may say nothing: its own limit of a statement, and a second to say that it is over. 0 means no limit."""
    return limits.statement_seconds and limits.statement_seconds + 1.0


def _watch(limits: Limits, connection: Connection) -> None:
    """A server that says nothing to a write for ten times as long as a read may take, and for a minute, is left."""
    is_write = connection.get_execution_options().get("profiles_transaction") == "write"
    watch = getattr(connection.connection.driver_connection, "watch", None)
    if watch is not None:
        watch.seconds = max(_LEAST_OF_WRITES, _WRITE_FACTOR * limits.statement_seconds) if is_write else _silence_of_reads(limits)


def write_options(engine: Engine) -> dict[str, str]:
    """Execution options of a write transaction. On PostgreSQL each statement sees what was committed before it, so that a writer
    that waited for the lock of the newest revision continues from the result of the previous writer.
    """
    isolation = {"isolation_level": "READ COMMITTED"} if engine.dialect.name == POSTGRESQL else {}
    return {"profiles_transaction": "write", **isolation}


def lock_for_migration(connection: Connection) -> None:
    """Let only one process migrate at a time, until the transaction ends. SQLite's write lock does so already.

    The wait for a table's lock is short, because all later statements, reads included, queue behind it.
    """
    if connection.dialect.name == POSTGRESQL:
        connection.execute(text("SELECT pg_advisory_xact_lock(4207112358)"))
        connection.execute(text("SET LOCAL lock_timeout = '2s'"))


def enable_write_ahead_log(engine: Engine) -> None:
    """On SQLite, let readers continue during a write. The setting is stored in the file."""
    if engine.dialect.name == SQLITE:
        with engine.connect().execution_options(profiles_transaction=STATEMENT) as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
