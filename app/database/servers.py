"""The sides of a database: its primary, and the standbys that answer reads in its place (docs/operate/scaling.md)."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from sqlalchemy import Connection, Engine, Executable, event, select, text
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.util import greenlet_spawn

from app.database.dialects import POSTGRESQL
from app.database.engines import Limits, create_statement_engine, create_sync_engine
from app.database.failures import is_conflict_with_recovery, is_passing
from app.database.history_tables import shadowed
from app.database.models import RevisionHead
from app.database.snapshots import RevisionChanged
from app.database.sqlite import timed
from app.errors.problem import Problem
from app.errors.reading import InvalidParameters

P = ParamSpec("P")
T = TypeVar("T")

PAUSE_SECONDS = 5.0
"""For which a standby that was away is left alone."""
RECYCLE_SECONDS = 60
"""After which a connection to a standby is made anew, so that one that was promoted is left where the URL asks for standbys."""
_SCANS_AT_ONCE = 4
"""On SQLite. More threads only take turns on the processors, and each holds 2 MB of the database's pages and its own heap."""

logger = logging.getLogger("app")


def _read_the_past(
    connection: Connection, statement: Executable, multiparams: object, params: object, _options: object
) -> tuple[Executable, object, object]:
    return shadowed(connection, statement), multiparams, params


def _hide_values(context: ExceptionContext) -> None:
    """Takes the row that broke a rule out of PostgreSQL's message, which is logged: it may hold anyone's data."""
    for error in filter(None, (context.original_exception, context.sqlalchemy_exception)):
        error.args = tuple(part.partition("\nDETAIL:")[0] if isinstance(part, str) else part for part in error.args)


class Side:
    """Connections to one server; those to the primary go to whichever host of its URL takes writes."""

    def __init__(self, url: URL, limits: Limits) -> None:
        self.url = url
        self.engine = create_sync_engine(url, limits)
        self.past_engine = self.engine.execution_options(profiles_past=True)
        event.listen(self.past_engine, "before_execute", _read_the_past, retval=True)
        self.statement_engine = create_statement_engine(url, limits)
        self._turns = asyncio.Semaphore(limits.pool_size)
        self._wait_seconds = limits.wait_seconds
        self._scans = CapacityLimiter(_SCANS_AT_ONCE) if self.statement_engine is None else None
        for engine in self.engines:
            event.listen(engine, "handle_error", _hide_values)

    @property
    def engines(self) -> list[Engine]:
        """Each has a pool of connections of its own."""
        return [self.engine, *([self.statement_engine.sync_engine] if self.statement_engine is not None else [])]

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query of statements that touch few rows, where their answers are waited for.

        The connection is taken and given back in the greenlet that the query runs in: one for each takes as long as a read.
        Who waits for one has their turn: the pool gives one that comes back to whoever asks before the one that waited is awake.
        """
        if self.statement_engine is None:
            raise RuntimeError("SQLite is read at once")
        engine = self.statement_engine.sync_engine

        def run() -> T:
            with engine.connect() as connection:
                return query(connection, *args, **kwargs)

        await self._take_turn()
        try:
            return await greenlet_spawn(run)
        finally:
            self._turns.release()

    async def _take_turn(self) -> None:
        try:
            async with asyncio.timeout(self._wait_seconds if self._turns.locked() else None):
                await self._turns.acquire()
        except TimeoutError:
            raise PoolTimeout(f"no connection came back within {self._wait_seconds:g} seconds") from None

    async def scan(
        self,
        connect: Callable[[], Connection],
        query: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a query on a connection of its own in a thread, so that other requests go on."""

        def run() -> T:
            with connect() as connection, timed(connection):
                return query(connection, *args, **kwargs)

        return await to_thread.run_sync(run, limiter=self._scans)

    async def close(self) -> None:
        self.engine.dispose()
        if self.statement_engine is not None:
            await self.statement_engine.dispose()


class StandbyBehind(Exception):
    """A standby has not got a revision yet that a client has seen."""


class Standby(Side):
    """A server that follows the primary and may be away or behind: then the next side is asked."""

    def __init__(self, url: URL, limits: Limits) -> None:
        super().__init__(url, limits._replace(recycle_seconds=RECYCLE_SECONDS))
        self._is_away = False
        self._asked_at = 0.0

    def may_answer(self) -> bool:
        """Whether it is worth asking. One that was away is tried after the pause, by one request."""
        if not self._is_away:
            return True
        now = time.monotonic()
        if now - self._asked_at < PAUSE_SECONDS:
            return False
        self._asked_at = now
        return True

    @contextmanager
    def passing_over(self) -> Iterator[None]:
        """A block that ends quietly where the standby cannot answer; it returns from the function where it can.

        What a standby finds wrong with a request is passed over too: the primary may have the revision that it lacks.
        """
        try:
            yield
        except DBAPIError as error:
            if not is_passing(error):
                raise
            if not is_conflict_with_recovery(error):
                self._leave(error)
        except (StandbyBehind, InvalidParameters):
            self._is_away = False
        except (Problem, RevisionChanged):
            self._is_away = False
            raise
        else:
            self._is_away = False

    def _leave(self, error: DBAPIError) -> None:
        if not self._is_away:
            logger.warning("a standby is away: %s:%s: %s", self.url.host, self.url.port, type(error.orig).__name__)
        self._is_away, self._asked_at = True, time.monotonic()


def reaching(number: int, query: Callable[Concatenate[Connection, P], T]) -> Callable[Concatenate[Connection, P], T]:
    """A query that is run only where a revision has arrived, looked up on the same connection. It raises StandbyBehind."""
    if number == 0:
        return query

    def run(connection: Connection, /, *args: P.args, **kwargs: P.kwargs) -> T:
        require_reached(connection, number)
        return query(connection, *args, **kwargs)

    return run


def require_reached(connection: Connection, number: int) -> None:
    """Raises StandbyBehind where a revision has not arrived."""
    if number and connection.execute(select(RevisionHead.newest)).scalar_one() < number:
        raise StandbyBehind(number)


def is_standby(connection: Connection) -> bool:
    """Whether the server follows another one."""
    return connection.dialect.name == POSTGRESQL and bool(connection.scalar(text("SELECT pg_is_in_recovery()")))
