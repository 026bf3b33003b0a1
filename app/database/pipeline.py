"""Statements sent one after the other without waiting for each one's result: PostgreSQL's pipeline mode."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

FEWEST_TO_COPY = 20
"""Rows from which COPY is faster than inserts. A pipeline cannot hold a COPY."""


@contextmanager
def pipelined(connection: Connection, records: int) -> Iterator[None]:
    """A block whose statements take one round trip together, if it writes few records. None of them may return rows.

    https://www.postgresql.org/docs/current/libpq-pipeline-mode.html. It changes nothing on SQLite, which has no round trips.
    An error of a statement is raised at the latest when the block ends.
    """
    if connection.dialect.driver != "psycopg" or records >= FEWEST_TO_COPY:
        yield
        return
    from psycopg import Error, Pipeline  # noqa: PLC0415 - the driver of one engine, which is optional

    if not Pipeline.is_supported():
        yield
        return
    driver = connection.connection.driver_connection
    try:
        with driver.pipeline():  # type: ignore[union-attr]
            yield
    except Error as error:
        connection._handle_dbapi_exception(error, None, None, None, None)  # noqa: SLF001 - the only way to do as SQLAlchemy does


def is_pipelined(connection: Connection) -> bool:
    """Whether a block of ``pipelined`` is open."""
    driver = connection.connection.driver_connection
    return bool(driver.pgconn.pipeline_status)  # type: ignore[union-attr]
