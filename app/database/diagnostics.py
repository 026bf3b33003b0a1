"""Diagnostics of the engine: size, damage, journal mode, and whether writes are possible."""

from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address
from os import W_OK, access
from pathlib import Path
from shutil import disk_usage
from typing import TYPE_CHECKING, NamedTuple, cast

from sqlalchemy import Connection, func, select, text

from app.database.dialects import POSTGRESQL
from app.database.functions import wal_timeline
from app.database.models import Base, RevisionHead

if TYPE_CHECKING:
    import psycopg
    from psycopg.pq.abc import PGconn

LEAST_FREE_BYTES = 64 * 1024 * 1024
"""Minimum free space for writes. Below it the disk is about to be full."""


def unencrypted_server(connection: Connection) -> str | None:
    """The IP of the PostgreSQL server, if it is another machine and the connection to it is not encrypted."""
    if connection.dialect.name != POSTGRESQL:
        return None
    session = cast("psycopg.Connection", connection.connection.driver_connection).pgconn
    address = server_address(session)
    return None if session.ssl_in_use or not address or ip_address(address).is_loopback else address


def server_address(session: "PGconn") -> str:
    """The IP of the server; empty for a socket of this machine."""
    return session.hostaddr.decode()


def write_obstacle(connection: Connection) -> str | None:
    """Why changes are not possible, without names that must stay private; None if they are."""
    if connection.dialect.name == POSTGRESQL:
        return _obstacle_of_postgresql(connection)
    file = database_file(connection)
    if not file.exists():
        return "The database file is gone: changes would be lost."
    if not access(file, W_OK) or not access(file.parent, W_OK):
        return "The database file or its folder is read-only for this user."
    free = disk_usage(file.parent).free
    if free < LEAST_FREE_BYTES:
        return f"The disk of the database file has {free // 1024**2} MiB left."
    return None


def _obstacle_of_postgresql(connection: Connection) -> str | None:
    state = connection.execute(
        text(
            "SELECT pg_is_in_recovery(), current_setting('transaction_read_only') = 'on',"
            " has_table_privilege('revisions', 'INSERT') AND has_table_privilege('revision_head', 'UPDATE')"
        )
    )
    is_replica, is_read_only, may_write = state.one()
    if is_replica:
        return "The database server is a standby, which does not accept writes."
    if is_read_only:
        return "The database is set to read-only (default_transaction_read_only)."
    return None if may_write else "The user of the database may not write to its tables."


def may_lack_revisions(connection: Connection) -> bool:
    """Whether a failover came after the newest revision: those that the former primary did not send on are lost."""
    row = connection.execute(select(RevisionHead.timeline, wal_timeline())).one_or_none()
    return row is not None and None not in row and row[0] != row[1]


def database_file(connection: Connection) -> Path:
    """The file of an SQLite database."""
    return Path(connection.engine.url.database or "").resolve()


def database_bytes(connection: Connection) -> int:
    """The size of the database, with its indexes; on SQLite without the write-ahead log."""
    if connection.dialect.name == POSTGRESQL:
        return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    return int(connection.scalar(text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")) or 0)


def engine_version(connection: Connection) -> str:
    """The engine's name and version."""
    if connection.dialect.name == POSTGRESQL:
        return f"PostgreSQL {connection.scalar(text('SHOW server_version'))}"
    return f"SQLite {connection.scalar(text('SELECT sqlite_version()'))}"


def journal_mode(connection: Connection) -> str:
    """SQLite's journal mode: ``wal`` lets readers continue during a write."""
    return str(connection.scalar(text("PRAGMA journal_mode")))


def started_at(connection: Connection) -> datetime:
    """When a PostgreSQL server was started, which tells it from every other one."""
    started: datetime = connection.execute(text("SELECT pg_postmaster_start_time()")).scalar_one()
    return started


def most_connections(connection: Connection) -> int:
    """How many connections PostgreSQL has for users who are not superusers."""
    kept = "coalesce(current_setting('reserved_connections', true)::int, 0)"  # since PostgreSQL 16
    statement = (
        f"SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int - {kept}"
    )
    return int(connection.scalar(text(statement)) or 0)


def damage(connection: Connection) -> list[str]:
    """Damage that the engine itself finds, at most a few findings of each kind.

    SQLite reads every page and every reference; PostgreSQL reports invalid indexes and constraints.
    """
    if connection.dialect.name == POSTGRESQL:
        indexes = connection.scalars(text("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid ORDER BY 1"))
        rules = connection.scalars(text("SELECT conname FROM pg_constraint WHERE NOT convalidated ORDER BY 1"))
        return [
            *(f"the index {name} is invalid: REINDEX INDEX CONCURRENTLY {name}" for name in indexes),
            *(f"the constraint {name} was never validated" for name in rules),
        ]
    pages = [f"quick_check: {line}" for line in connection.scalars(text("PRAGMA quick_check(5)")) if line != "ok"]
    references = connection.execute(text("PRAGMA foreign_key_check")).fetchmany(5)
    return [*pages, *(f"row {row[1]} of {row[0]} refers to a row of {row[2]} that is not there" for row in references)]


class Sequence(NamedTuple):
    """Where the numbers of a column come from, the last one that was given, and the highest one in the table."""

    table: str
    column: str
    given: int
    highest: int


def sequences(connection: Connection) -> Iterator[Sequence]:
    """Every sequence of PostgreSQL. Logical replication copies rows and no sequence."""
    if connection.dialect.name != POSTGRESQL:
        return
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            last = func.pg_sequence_last_value(text("pg_get_serial_sequence(:table, :column)::regclass"))
            statement = select(func.coalesce(last, 0), func.coalesce(func.max(column), 0))
            given, highest = connection.execute(statement, {"table": table.name, "column": column.name}).one()
            yield Sequence(table.name, column.name, given, highest)
