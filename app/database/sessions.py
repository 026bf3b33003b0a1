"""Time limits and time zone of PostgreSQL sessions, set where a connection pooler keeps them.

A pooler such as PgBouncer may run each transaction on another server connection: what a session sets, and what it prepares,
then belongs to another client. A connection that goes through a pooler therefore prepares nothing, unless
PROFILES_PREPARED_STATEMENTS says so, and everything is set for one transaction, in the round trip that begins it.
"""

from secrets import token_hex
from typing import Any, Literal, Self

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

Preparing = Literal["auto", "on", "off"]
_PROBES = 3


class PreparedStatementsMixed(Exception):
    """A pooler gives the prepared statement of one client to another one."""

    def __init__(self, url: URL) -> None:
        super().__init__(
            f"the connection pooler at {url.host or 'localhost'}:{url.port or 5432} mixes the prepared statements of its clients:"
            " set PROFILES_PREPARED_STATEMENTS=auto, or use PgBouncer 1.21 or newer with max_prepared_statements above 0"
        )


def _settings(lock: int, statement: int, *, local: bool) -> str:
    values = {"lock_timeout": lock, "statement_timeout": statement, "TimeZone": "UTC"}
    calls = (f"set_config('{name}', '{value}', {str(local).lower()})" for name, value in values.items())
    return f"SELECT {', '.join(calls)}"


class Sessions:
    """How the connections of an engine are set up. Times are in milliseconds; a write has no time limit for a statement."""

    def __init__(self, *, lock: int, statement: int, preparing: Preparing) -> None:
        self._preparing = preparing
        self._of_session = _settings(lock, statement, local=False)
        self._of_read = _settings(lock, statement, local=True)
        self._of_write = _settings(lock, 0, local=True)
        self._cursor_with_settings = _cursor_with(self._of_read)

    def set_up_transactions(self, engine: Engine) -> None:
        """For an engine that begins transactions: each one begins with its settings."""
        event.listen(engine, "connect", self._connected)
        event.listen(engine, "begin", self._began)

    def set_up_statements(self, engine: Engine) -> None:
        """For an engine on which every statement is a transaction: a pooled connection sends the settings along with each."""
        event.listen(engine, "connect", self._connected_for_statements)

    def _connected(self, connection: DBAPIConnection, entry: ConnectionPoolEntry) -> bool:
        """Whether a pooler is in between, or may be."""
        driver: Any = entry.driver_connection
        pooled = self._preparing == "off" or _is_pooled(connection, driver)
        if pooled and self._preparing != "on":
            driver.prepare_threshold = None
        return pooled

    def _connected_for_statements(self, connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        driver: Any = entry.driver_connection
        if self._connected(connection, entry):
            driver.cursor_factory = self._cursor_with_settings
        else:
            _run(connection, self._of_session)

    def _began(self, connection: Connection) -> None:
        is_write = connection.get_execution_options().get("profiles_transaction") == "write"
        driver: Any = connection.connection.driver_connection
        if not driver.autocommit:
            _begin(connection, driver, self._of_write if is_write else self._of_read)


def _begin(connection: Connection, driver: Any, settings: str) -> None:  # noqa: ANN401 - psycopg's connection
    """Begin a transaction with its settings. psycopg alone would wait for each of the two."""
    from psycopg import Error  # noqa: PLC0415 - the driver of one engine, which is optional
    from psycopg.errors import error_from_result  # noqa: PLC0415
    from psycopg.generators import execute  # noqa: PLC0415
    from psycopg.pq import ExecStatus  # noqa: PLC0415

    level = driver.isolation_level.name.replace("_", " ")
    try:
        driver.pgconn.send_query(f"BEGIN ISOLATION LEVEL {level}; {settings}".encode())
        result = driver.wait(execute(driver.pgconn))[-1]
        if result.status == ExecStatus.FATAL_ERROR:
            raise error_from_result(result)
    except Error as error:
        connection._handle_dbapi_exception(error, None, None, None, None)  # noqa: SLF001 - the only way to do as SQLAlchemy does


def _run(connection: DBAPIConnection, statement: str) -> tuple[Any, ...]:
    """Run a statement on a new connection, as a transaction of its own."""
    driver: Any = connection
    before, driver.autocommit = driver.autocommit, True
    cursor = driver.cursor()
    cursor.execute(statement)
    row: tuple[Any, ...] = cursor.fetchone()
    cursor.close()
    driver.autocommit = before
    return row


def _is_pooled(connection: DBAPIConnection, driver: Any) -> bool:  # noqa: ANN401 - psycopg's connection
    """Whether a pooler is in between: it makes up the process number that it gives its clients, which cancel queries by it."""
    return bool(_run(connection, "SELECT pg_backend_pid()")[0] != driver.info.backend_pid)


def _cursor_with(settings: str) -> type[Any]:
    """A cursor that sends settings before each statement, in one round trip and one transaction with it."""
    from psycopg import AsyncCursor  # noqa: PLC0415 - the driver of one engine, which is optional

    class CursorWithSettings(AsyncCursor[Any]):
        async def execute(self, query: Any, params: Any = None, **options: Any) -> Self:  # noqa: ANN401 - psycopg's
            async with self.connection.pipeline():
                await AsyncCursor(self.connection).execute(settings)
                await super().execute(query, params, **options)
            return self

    return CursorWithSettings


def require_separate_statements(engine: Engine) -> None:
    """Raises PreparedStatementsMixed if two connections of an engine don't each find their own statement under one name."""
    with engine.connect() as first:
        servers: list[Any] = [first.connection.driver_connection]
        first.detach()  # the pool may have room for one
        with engine.connect() as second:
            servers.append(second.connection.driver_connection)
            are_separate = _are_separate([server.pgconn for server in servers])
            second.detach()
    if not are_separate:
        raise PreparedStatementsMixed(engine.url)


def _are_separate(servers: list[Any]) -> bool:
    from psycopg import pq  # noqa: PLC0415 - the driver of one engine, which is optional

    name = f"profiles_{token_hex(4)}".encode()
    prepared = [server.prepare(name, f"SELECT {number}".encode(), None).status for number, server in enumerate(servers)]
    if prepared != [pq.ExecStatus.COMMAND_OK] * len(servers):
        return False
    return all(
        server.exec_prepared(name, None).get_value(0, 0) == str(number).encode()
        for number, server in list(enumerate(servers)) * _PROBES
    )
