"""The database as the application sees it: one way to read, one way to write."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from anyio import to_thread
from sqlalchemy import Connection, Engine, Executable, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.dialects import POSTGRESQL, SQLITE, commit_counter, create_statement_engine, create_sync_engine, write_options
from app.past import revision_at, shadowed
from app.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")


class DatabaseUrlInvalid(ValueError):
    """The setting ``database_url`` cannot be used; the message says why, without a password."""


def parse_database_url(text: str) -> URL:
    """Read a database URL. ``postgresql://`` means the psycopg driver."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise DatabaseUrlInvalid(
            "PROFILES_DATABASE_URL is no database URL; write sqlite:///file.db or postgresql://user:password@host/name"
        ) from None
    backend = url.get_backend_name()
    if backend in (POSTGRESQL, "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if backend == SQLITE and (url.drivername != SQLITE or url.query):
        raise DatabaseUrlInvalid("PROFILES_DATABASE_URL names an SQLite driver or options; write just sqlite:///file.db")
    if backend != SQLITE:
        raise DatabaseUrlInvalid(
            f"PROFILES_DATABASE_URL names the engine {backend!r}; this program runs on sqlite and postgresql"
        )
    if not url.database or url.database == ":memory:":
        raise DatabaseUrlInvalid("PROFILES_DATABASE_URL names no file; several connections share it, so it cannot be in memory")
    return url


class Readable(Protocol):
    """What an address is answered from: the database as it is, or as a revision left it."""

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query of one statement that touches few rows."""

    async def scan(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query that may touch every row, in a thread and a snapshot, so that other requests go on."""

    def connect(self) -> Connection:
        """A connection that sees one snapshot, to be closed by the caller."""


async def _in_thread(
    connect: Callable[[], Connection], query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    def run() -> T:
        with connect() as connection:
            return query(connection, *args, **kwargs)

    return await to_thread.run_sync(run)


class Past:
    """The database as a revision left it. Every query runs as it is; its tables stand for the rows of that time."""

    def __init__(self, engine: Engine, revision: int) -> None:
        self._engine = engine
        self._revision = revision

    def connect(self) -> Connection:
        return self._engine.connect().execution_options(profiles_as_of=self._revision)

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await _in_thread(self.connect, query, *args, **kwargs)

    async def scan(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await _in_thread(self.connect, query, *args, **kwargs)


def _read_the_past(
    connection: Connection, statement: Executable, multiparams: object, params: object, _options: object
) -> tuple[Executable, object, object]:
    return shadowed(connection, statement), multiparams, params


class Database:
    """Connections to one database.

    A query is a plain function whose first argument is a connection. A read of the API is one statement, or several
    in a transaction of their own: one snapshot either way, so that no answer mixes two revisions (docs/adr/0001).
    """

    def __init__(self, settings: Settings) -> None:
        self.url = parse_database_url(settings.database_url.get_secret_value())
        pool_size, wait_seconds = settings.database_pool_size, settings.database_wait_seconds
        self.engine = create_sync_engine(self.url, pool_size=pool_size, wait_seconds=wait_seconds)
        self._statement_engine = create_statement_engine(self.url, pool_size=pool_size, wait_seconds=wait_seconds)
        self._loop_connection: Connection | None = None
        self._commit_counter: Callable[[], int] | None = None
        self._past_engine = self.engine.execution_options(profiles_past=True)
        event.listen(self._past_engine, "before_execute", _read_the_past, retval=True)

    async def as_of(self, moment: str | None) -> Readable:
        """The database as a revision or a time left it; as it is where none is given. Raises InvalidParameters."""
        if moment is None:
            return self
        return Past(self._past_engine, await self.scan(revision_at, moment))

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query of one statement that touches few rows."""
        if self._statement_engine is None:
            return query(self._connection_of_the_loop(), *args, **kwargs)
        async with self._statement_engine.connect() as connection:
            return await connection.run_sync(query, *args, **kwargs)

    @property
    def waits(self) -> bool:
        """Whether a read is waited for; otherwise it is answered at once."""
        return self._statement_engine is not None

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
            self._loop_connection = self.engine.connect().execution_options(profiles_transaction="statement")
        return self._loop_connection

    async def scan(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query that may touch every row, in a thread and a snapshot, so that other requests go on."""
        return await _in_thread(self.connect, query, *args, **kwargs)

    def connect(self) -> Connection:
        """A connection that sees one snapshot, for streams. Whoever takes it closes it."""
        return self.engine.connect()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one snapshot, for commands."""
        with self.connect() as connection:
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
        self.engine.dispose()
        if self._statement_engine is not None:
            await self._statement_engine.dispose()
