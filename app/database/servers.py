"""The servers of a database: its primary, and the replicas that serve reads in its place (docs/operate/scaling.md)."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, Executable, event, select, text
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.util import greenlet_spawn

from app.database.dialects import POSTGRESQL
from app.database.engines import Limits, create_statement_engine, create_sync_engine
from app.database.failures import ended_while_idle, is_conflict_with_recovery, is_transient
from app.database.history_tables import with_history
from app.database.models import RevisionHead
from app.database.scans import Job, Places
from app.database.sessions import require_separate_statements
from app.database.snapshots import SnapshotChanged
from app.database.sqlite import timed
from app.errors.problem import Problem
from app.errors.reading import InvalidParameters

P = ParamSpec("P")
T = TypeVar("T")

PAUSE_SECONDS = 5.0
"""How long a replica that failed is not tried again."""
RECYCLE_SECONDS = 60
"""Age at which a connection to a replica is replaced, so that a promoted replica is left if the URL asks for standbys."""
_SCANS_AT_ONCE = 4
"""On SQLite. More threads would only share the processors, and each holds 2 MB of database pages and a heap of its own."""

logger = logging.getLogger("app")


def _read_history(
    connection: Connection, statement: Executable, multiparams: object, params: object, _options: object
) -> tuple[Executable, object, object]:
    return with_history(connection, statement), multiparams, params


def _hide_values(context: ExceptionContext) -> None:
    """Remove the offending row from PostgreSQL's message, which is logged: it may hold personal data."""
    for error in filter(None, (context.original_exception, context.sqlalchemy_exception)):
        error.args = tuple(part.partition("\nDETAIL:")[0] if isinstance(part, str) else part for part in error.args)


class Server:
    """Connections to one server. Those to the primary go to the host of its URL that accepts writes."""

    def __init__(self, url: URL, limits: Limits) -> None:
        self.url = url
        self.engine = create_sync_engine(url, limits)
        self.history_engine = self.engine.execution_options(profiles_history=True)
        event.listen(self.history_engine, "before_execute", _read_history, retval=True)
        self.statement_engine = create_statement_engine(url, limits)
        self._prepares_behind_poolers = limits.prepared_statements == "on" and self.statement_engine is not None
        self._turns = asyncio.Semaphore(limits.pool_size)
        self._wait_seconds = limits.wait_seconds
        places = _SCANS_AT_ONCE if self.statement_engine is None else max(1, limits.pool_size // 2)
        self._scans = Places(places, limits.wait_seconds)
        self._scan_seconds = limits.statement_seconds
        exports = limits.pool_size if self.statement_engine is None else max(1, limits.pool_size * 3 // 10)
        self.exports = Places(exports, limits.wait_seconds, most_of_kind=exports)
        """Each response that is sent while it is read holds a connection."""
        for engine in self.engines:
            event.listen(engine, "handle_error", _hide_values)

    @property
    def engines(self) -> list[Engine]:
        """One or two engines, each with a connection pool of its own."""
        return [self.engine, *([self.statement_engine.sync_engine] if self.statement_engine is not None else [])]

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query of statements that touch few rows, and wait for the server.

        The connection is taken and returned in the greenlet that runs the query: a greenlet for each step takes as long as a
        read. Waiters are served in order. The pool alone would hand a returned connection to the next caller, before the
        waiting task has woken up.
        """
        if self.statement_engine is None:
            raise RuntimeError("SQLite is read on the event loop")
        engine = self.statement_engine.sync_engine

        def run() -> T:
            with engine.connect() as connection:
                return query(connection, *args, **kwargs)

        await self._take_turn()
        try:
            self.require_available()
            try:
                return await greenlet_spawn(run)
            except DBAPIError as error:
                if not ended_while_idle(error):
                    raise
                return await greenlet_spawn(run)  # the pool has dropped all its older connections
        finally:
            self._turns.release()

    def require_available(self) -> None:
        """Raises ReplicaAway if the server became unavailable while this waited for its turn."""

    async def _take_turn(self) -> None:
        try:
            async with asyncio.timeout(self._wait_seconds if self._turns.locked() else None):
                await self._turns.acquire()
        except TimeoutError:
            raise PoolTimeout(f"no connection became free within {self._wait_seconds:g} seconds") from None

    async def scan(
        self,
        connect: Callable[[], Connection],
        query: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a query in a thread, on a connection of its own, so that other requests continue. It may wait for a place."""
        job = Job(self._scan_seconds)

        def run() -> T:
            self.require_available()
            with connect() as connection, timed(connection), job.on(connection):
                return query(connection, *args, **kwargs)

        return await self._scans.run(getattr(query, "__name__", "query"), job, run)

    def require_separate_statements(self) -> None:
        """Raises PreparedStatementsMixed if this prepares statements behind a pooler that mixes those of its clients."""
        if self._prepares_behind_poolers:
            require_separate_statements(self.engine)

    async def close(self) -> None:
        self.engine.dispose()
        if self.statement_engine is not None:
            await self.statement_engine.dispose()


class ReplicaAway(PoolTimeout):
    """A replica became unavailable while a read waited for a connection to it."""


class ReplicaBehind(Exception):
    """A replica lacks a revision that the client has seen."""


class Replica(Server):
    """A read replica. If it is unavailable or behind, the next server is asked.

    One that failed is tried again in a thread: no request waits for it, which a frozen server would make long.
    """

    def __init__(self, url: URL, limits: Limits) -> None:
        super().__init__(url, limits._replace(recycle_seconds=RECYCLE_SECONDS))
        self._is_away = False
        self._tried_at = 0.0

    def is_available(self) -> bool:
        """Whether to read from this replica. If it failed, it is tried again when the pause is over."""
        now = time.monotonic()
        if self._is_away and now - self._tried_at >= PAUSE_SECONDS:
            self._tried_at = now
            threading.Thread(target=self._try_again, name="replica", daemon=True).start()
        return not self._is_away

    def require_available(self) -> None:
        if self._is_away:
            raise ReplicaAway

    def require_separate_statements(self) -> None:
        with self.failover():
            super().require_separate_statements()

    def _try_again(self) -> None:
        with suppress(SQLAlchemyError), self.engine.connect():
            self._is_away = False

    @contextmanager
    def failover(self) -> Iterator[None]:
        """A block that swallows the error of a replica that cannot serve; otherwise the block returns from the function.

        Invalid parameters are swallowed too: the primary may have the revision that this replica lacks.
        """
        try:
            yield
        except DBAPIError as error:
            if not is_transient(error):
                raise
            if not is_conflict_with_recovery(error):
                self._leave(error)
        except ReplicaAway:
            pass
        except (ReplicaBehind, InvalidParameters):
            self._is_away = False
        except (Problem, SnapshotChanged):
            self._is_away = False
            raise
        else:
            self._is_away = False

    def _leave(self, error: DBAPIError) -> None:
        if not self._is_away:
            logger.warning("replica unavailable: %s:%s: %s", self.url.host, self.url.port, type(error.orig).__name__)
        self._is_away, self._tried_at = True, time.monotonic()


def once_replicated(number: int, query: Callable[Concatenate[Connection, P], T]) -> Callable[Concatenate[Connection, P], T]:
    """A query that first checks, on the same connection, that the server has a revision. Raises ReplicaBehind."""
    if number == 0:
        return query

    @wraps(query)
    def run(connection: Connection, /, *args: P.args, **kwargs: P.kwargs) -> T:
        require_replicated(connection, number)
        return query(connection, *args, **kwargs)

    return run


def require_replicated(connection: Connection, number: int) -> None:
    """Raises ReplicaBehind if the server lacks a revision."""
    if number and connection.execute(select(RevisionHead.newest)).scalar_one() < number:
        raise ReplicaBehind(number)


def is_replica(connection: Connection) -> bool:
    """Whether the server is a replica of another one."""
    return connection.dialect.name == POSTGRESQL and bool(connection.scalar(text("SELECT pg_is_in_recovery()")))
