"""The database as the application sees it: one way to read, one way to write."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from anyio import to_thread
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.database.as_of import DatabaseAsOf, revision_at
from app.database.dialects import SQLITE
from app.database.engines import Limits, write_options
from app.database.failures import timed_out
from app.database.prepared import STATEMENT
from app.database.scans import Places
from app.database.servers import Replica, Server, once_replicated, require_replicated
from app.database.snapshots import SnapshotChanged
from app.database.sqlite import keep_more_pages, timed
from app.database.urls import hosts_of, parse_database_url, parse_read_url
from app.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

LOOP_SECONDS = 0.05
"""Time limit of a SQLite read on the event loop."""


def connections_of(settings: Settings) -> int:
    """The most connections that one deployment of the program opens to the primary (docs/operate/deployment.md).

    Each worker: a pool for short reads and one for streams, statistics and writes, a connection for health checks and one that
    records when keys were last used. The Prometheus exporter has one for all workers.
    """
    return settings.workers * (2 * settings.database_pool_size + 2) + (1 if settings.metrics_port else 0)


class Readable(Protocol):
    """What a request reads: the database as it is, or as a revision left it."""

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query of one or a few statements that touch few rows."""

    async def scan(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query that may touch every row: in a thread, so that other requests continue, and in one snapshot."""

    @property
    def exports(self) -> Places:
        """The places of responses that are sent while they are read."""

    def stream(self) -> Connection:
        """Open a connection on one snapshot, to read from while a response is sent. The caller has a place and closes it."""


class Database:
    """Connections to one database.

    A query is a plain function whose first argument is a connection. A read of the API is one statement, several that check
    that they saw one revision, or several in one transaction: no response mixes two revisions (ADR 1).
    If there are replicas, the first available one serves a read, otherwise the primary does.
    A read may take ``statement_seconds``; 0 means no limit. Writes and commands have no limit.
    """

    def __init__(self, settings: Settings, *, statement_seconds: float = 0.0) -> None:
        self.url = parse_database_url(settings.database_url.get_secret_value())
        read_urls = parse_read_url(settings.read_url, self.url)
        self._turn = threading.Lock()
        self._wait_seconds = wait_seconds = settings.database_wait_seconds
        connect_seconds = wait_seconds / max(1, len(hosts_of(self.url)) + len(read_urls))
        preparing = settings.prepared_statements
        limits = Limits(settings.database_pool_size, wait_seconds, connect_seconds, statement_seconds, preparing)
        self.pool_size = limits.pool_size
        self._primary = Server(self.url, limits)
        self.engine = self._primary.engine
        self._every_replica = [Replica(url, limits) for url in read_urls]
        self._replicas: Sequence[Replica] = self._every_replica
        self._least = 0
        self._loop_connection: Connection | None = None

    @property
    def engines(self) -> list[Engine]:
        """Every engine, each with a connection pool of its own: one or two for each server."""
        return [engine for server in (self._primary, *self._every_replica) for engine in server.engines]

    @property
    def replicas(self) -> Sequence[Replica]:
        """The servers that a read tries before the primary, in this order."""
        return self._replicas

    @property
    def has_replicas(self) -> bool:
        """Whether reads may go to another server than writes."""
        return bool(self._replicas)

    @property
    def primary(self) -> "Database":
        """The same database, read from the primary, which has every acknowledged change."""
        return _View(self, replicas=(), least=0) if self._replicas else self

    def at_least(self, revision: int) -> "Database":
        """The same database, read from a replica that has a revision, otherwise from the primary."""
        return _View(self, replicas=self._replicas, least=revision) if self._replicas else self

    def _available(self) -> Iterator[Replica]:
        """The replicas to try, always in the same order: all reads go to one server while it is available."""
        return (replica for replica in self._replicas if replica.is_available())

    async def as_of(self, moment: str | None) -> Readable:
        """The database as a revision or a time left it; without one, as it is. Raises InvalidParameters."""
        if moment is None:
            return self
        for replica in self._available():
            with replica.failover():
                return DatabaseAsOf(replica, await replica.read(once_replicated(self._least, revision_at), moment))
        return DatabaseAsOf(self._primary, await self.primary.read(revision_at, moment))

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query of one or a few statements that touch few rows.

        A query that raises SnapshotChanged, or that holds SQLite's event loop for too long, is run again by ``scan``: to begin
        a snapshot, or to hand a query to a thread, takes as long as a short statement.
        """
        try:
            if self.waits:
                return await self._read_from_server(query, *args, **kwargs)
            connection = self.loop_connection()
            with timed(connection, LOOP_SECONDS):
                return query(connection, *args, **kwargs)
        except SnapshotChanged:
            pass
        except DBAPIError as error:
            if self.waits or not timed_out(error):
                raise
        return await self.scan(query, *args, **kwargs)

    async def _read_from_server(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        for replica in self._available():
            with replica.failover():
                return await replica.read(once_replicated(self._least, query), *args, **kwargs)
        return await self._primary.read(query, *args, **kwargs)

    @property
    def waits(self) -> bool:
        """Whether a read waits for a server. SQLite reads at once, on the event loop."""
        return self._primary.statement_engine is not None

    def loop_connection(self) -> Connection:
        """The one connection that SQLite uses on the event loop: to take one from a pool costs more than a query."""
        if self._loop_connection is None:
            self._loop_connection = self.engine.connect().execution_options(profiles_transaction=STATEMENT)
            keep_more_pages(self._loop_connection)
        return self._loop_connection

    async def scan(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query that may touch every row: in a thread, so that other requests continue, and in one snapshot."""
        for replica in self._available():
            with replica.failover():
                return await replica.scan(replica.engine.connect, once_replicated(self._least, query), *args, **kwargs)
        return await self._primary.scan(self._primary.engine.connect, query, *args, **kwargs)

    @property
    def exports(self) -> Places:
        """The places of responses that are sent while they are read."""
        return self._primary.exports

    def stream(self) -> Connection:
        """Open a connection on one snapshot, to read from while a response is sent. The caller has a place and closes it."""
        for replica in self._available():
            with replica.failover():
                return self._stream_from(replica)
        return self.engine.connect()

    def _stream_from(self, replica: Replica) -> Connection:
        connection = replica.engine.connect()
        try:
            require_replicated(connection, self._least)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection on one snapshot of the primary, for commands."""
        with self.engine.connect() as connection:
            yield connection

    async def write(self, change: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a change in a thread and a transaction, which is committed before this returns."""

        def run() -> T:
            with self.writing() as connection:
                return change(connection, *args, **kwargs)

        return await to_thread.run_sync(run)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in a transaction that is committed at the end, or rolled back on an error."""
        with self._turn_to_write(), self._connect_to_write() as connection, connection.begin():
            yield connection

    @contextmanager
    def trying(self) -> Iterator[Connection]:
        """Like ``writing``, but always rolled back: for a dry run."""
        with self._turn_to_write(), self._connect_to_write() as connection, connection.begin() as change:
            yield connection
            change.rollback()

    def _connect_to_write(self) -> Connection:
        return self.engine.connect().execution_options(**write_options(self.engine))

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        """On SQLite the writers of a process take turns. SQLite itself lets them sleep and try again, which wastes the lock."""
        if self.engine.dialect.name != SQLITE:
            yield
            return
        if not self._turn.acquire(timeout=self._wait_seconds):
            raise PoolTimeout(f"no other writer ended within {self._wait_seconds:g} seconds")
        try:
            yield
        finally:
            self._turn.release()

    def require_separate_statements(self) -> None:
        """Raises PreparedStatementsMixed if this prepares statements behind a pooler that mixes those of its clients."""
        for server in (self._primary, *self._every_replica):
            server.require_separate_statements()

    async def close(self) -> None:
        if self._loop_connection is not None:
            self._loop_connection.close()
        for server in (self._primary, *self._every_replica):
            await server.close()


class _View(Database):
    """A database over the connections of another one, read through the replicas that it is given."""

    def __init__(self, database: Database, *, replicas: Sequence[Replica], least: int) -> None:
        vars(self).update(vars(database))
        self._replicas = replicas
        self._least = least
