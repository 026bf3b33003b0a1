"""The database as the application sees it: one way to read, one way to write."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from anyio import to_thread
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from app.database.as_of import Past, revision_at
from app.database.engines import Limits, commit_counter, write_options
from app.database.failures import took_too_long
from app.database.prepared import STATEMENT
from app.database.servers import Side, Standby, reaching, require_reached
from app.database.snapshots import RevisionChanged
from app.database.sqlite import keep_more_pages, timed
from app.database.urls import hosts_of, parse_database_url, parse_read_url
from app.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

LOOP_SECONDS = 0.05
"""How long SQLite may hold the event loop with one read."""


class Readable(Protocol):
    """What an address is answered from: the database as it is, or as a revision left it."""

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query of one statement that touches few rows."""

    async def scan(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query that may touch every row, in a thread and a snapshot, so that other requests go on."""

    def connect(self) -> Connection:
        """A connection that sees one snapshot, to be closed by the caller."""


class Database:
    """Connections to one database.

    A query is a plain function whose first argument is a connection. A read of the API is one statement, several that find
    that they saw one revision, or several in a transaction of their own: no answer mixes two revisions (ADR 1).
    Where there are standbys, each read is answered by the first that can, or else by the primary.
    A read may take ``statement_seconds``; 0 is no limit. What changes something has none, nor has a command.
    """

    def __init__(self, settings: Settings, *, statement_seconds: float = 0.0) -> None:
        self.url = parse_database_url(settings.database_url.get_secret_value())
        read_urls = parse_read_url(settings.read_url, self.url)
        wait_seconds = settings.database_wait_seconds
        connect_seconds = wait_seconds / max(1, len(hosts_of(self.url)) + len(read_urls))
        limits = Limits(settings.database_pool_size, wait_seconds, connect_seconds, statement_seconds=statement_seconds)
        self.pool_size = limits.pool_size
        self._primary = Side(self.url, limits)
        self.engine = self._primary.engine
        self._every_standby = [Standby(url, limits) for url in read_urls]
        self._standbys: Sequence[Standby] = self._every_standby
        self._least = 0
        self._loop_connection: Connection | None = None
        self._commit_counter: Callable[[], int] | None = None

    @property
    def engines(self) -> list[Engine]:
        """Every engine that a pool of connections is behind: of each server, one or two."""
        return [engine for side in (self._primary, *self._every_standby) for engine in side.engines]

    @property
    def standbys(self) -> Sequence[Standby]:
        """The servers that reads are asked of before the primary, in this order."""
        return self._standbys

    @property
    def has_standbys(self) -> bool:
        """Whether a read may be answered by another server than a write."""
        return bool(self._standbys)

    @property
    def primary(self) -> "Database":
        """The same database, read on the primary: every change that was acknowledged is seen."""
        return _Seen(self, standbys=(), least=0) if self._standbys else self

    def at_least(self, revision: int) -> "Database":
        """The same database, read where a revision has arrived, or else on the primary."""
        return _Seen(self, standbys=self._standbys, least=revision) if self._standbys else self

    def _asked(self) -> Iterator[Standby]:
        """The standbys to ask, in the same order each time: while the first one answers, all reads go to that server."""
        return (standby for standby in self._standbys if standby.may_answer())

    async def as_of(self, moment: str | None) -> Readable:
        """The database as a revision or a time left it; as it is where none is given. Raises InvalidParameters."""
        if moment is None:
            return self
        for standby in self._asked():
            with standby.passing_over():
                return Past(standby, await standby.scan(standby.engine.connect, reaching(self._least, revision_at), moment))
        return Past(self._primary, await self._primary.scan(self._primary.engine.connect, revision_at, moment))

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query of one statement that touches few rows."""
        if not self.waits:
            return await self._read_on_the_loop(query, *args, **kwargs)
        for standby in self._asked():
            with standby.passing_over():
                return await standby.read(reaching(self._least, query), *args, **kwargs)
        return await self._primary.read(query, *args, **kwargs)

    async def read_several(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query of several statements that touch few rows, again in a snapshot where it raises RevisionChanged.

        Beginning a snapshot, or handing a query to a thread, takes as long as such a statement.
        """
        try:
            return await self.read(query, *args, **kwargs)
        except RevisionChanged:
            return await self.scan(query, *args, **kwargs)

    async def _read_on_the_loop(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What turns out to be no short read is read again in a thread, so that other requests go on."""
        connection = self._connection_of_the_loop()
        try:
            with timed(connection, LOOP_SECONDS):
                return query(connection, *args, **kwargs)
        except DBAPIError as error:
            if not took_too_long(error):
                raise
        return await self.scan(query, *args, **kwargs)

    @property
    def waits(self) -> bool:
        """Whether a read is waited for; otherwise it is answered at once."""
        return self._primary.statement_engine is not None

    def read_at_once(self, query: Callable[[Connection], T]) -> T:
        """Run a query of one statement where reads are answered at once."""
        return query(self._connection_of_the_loop())

    def count_commits(self) -> int:
        """A number that differs once any other connection has committed, where reads are answered at once."""
        if self._commit_counter is None:
            self._commit_counter = commit_counter(self._connection_of_the_loop())
        return self._commit_counter()

    def _connection_of_the_loop(self) -> Connection:
        """SQLite answers on the event loop over one connection that is kept: taking one from a pool costs more than a query."""
        if self._loop_connection is None:
            self._loop_connection = self.engine.connect().execution_options(profiles_transaction=STATEMENT)
            keep_more_pages(self._loop_connection)
        return self._loop_connection

    async def scan(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query that may touch every row, in a thread and a snapshot, so that other requests go on."""
        for standby in self._asked():
            with standby.passing_over():
                return await standby.scan(standby.engine.connect, reaching(self._least, query), *args, **kwargs)
        return await self._primary.scan(self._primary.engine.connect, query, *args, **kwargs)

    def connect(self) -> Connection:
        """A connection that sees one snapshot, for streams. Whoever takes it closes it."""
        for standby in self._asked():
            with standby.passing_over():
                return self._connect_to(standby)
        return self.engine.connect()

    def _connect_to(self, standby: Standby) -> Connection:
        connection = standby.engine.connect()
        try:
            require_reached(connection, self._least)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one snapshot of the primary, for commands."""
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
        """A connection in a transaction that is committed at the end, or rolled back whole on an error."""
        with self.engine.connect().execution_options(**write_options(self.engine)) as connection, connection.begin():
            yield connection

    @contextmanager
    def trying(self) -> Iterator[Connection]:
        """As ``writing``, but nothing stays: for a look at what a change would do."""
        with self.engine.connect().execution_options(**write_options(self.engine)) as connection, connection.begin() as change:
            yield connection
            change.rollback()

    async def close(self) -> None:
        if self._loop_connection is not None:
            self._loop_connection.close()
        for side in (self._primary, *self._every_standby):
            await side.close()


class _Seen(Database):
    """A database over the connections of another one, read through the standbys that it is given."""

    def __init__(self, database: Database, *, standbys: Sequence[Standby], least: int) -> None:
        vars(self).update(vars(database))
        self._standbys = standbys
        self._least = least
