"""The database as the application sees it: one way to read, one way to write."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, TypeVar

from anyio import to_thread
from sqlalchemy import Connection
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.dialects import POSTGRESQL, SQLITE, create_statement_engine, create_sync_engine, write_options
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

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query of one statement that touches few rows."""
        if self._statement_engine is None:
            return query(self._connection_of_the_loop(), *args, **kwargs)
        async with self._statement_engine.connect() as connection:
            return await connection.run_sync(query, *args, **kwargs)

    def _connection_of_the_loop(self) -> Connection:
        """SQLite answers on the event loop over one connection that is kept: taking one from a pool costs more than a query."""
        if self._loop_connection is None:
            self._loop_connection = self.engine.connect().execution_options(profiles_transaction="statement")
        return self._loop_connection

    async def scan(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query that may touch every row, in a thread and a snapshot, so that other requests go on."""

        def run() -> T:
            with self.reading() as connection:
                return query(connection, *args, **kwargs)

        return await to_thread.run_sync(run)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one snapshot, for commands and streams."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in a transaction that is committed at the end, or rolled back whole on an error."""
        with self.engine.connect().execution_options(**write_options(self.engine)) as connection, connection.begin():
            yield connection

    async def close(self) -> None:
        if self._loop_connection is not None:
            self._loop_connection.close()
        self.engine.dispose()
        if self._statement_engine is not None:
            await self._statement_engine.dispose()
