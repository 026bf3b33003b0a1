"""The version that the schema has and the one it needs. Apart from the migrations, which take 11 MB of memory."""

from sqlalchemy import Connection, inspect, text

VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
"""The versions of this program's migrations, oldest first; a test compares them with the migrations."""
NEWEST_VERSION = VERSIONS[-1]


class DatabaseTooNew(Exception):
    """The database was created by a newer version of this program."""


class DatabaseForeign(Exception):
    """The database belongs to another program."""


def current_version(connection: Connection) -> str | None:
    """The version of a database; None if it has no schema yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def foreign_tables(connection: Connection) -> list[str]:
    """The tables and views of a database that belong to another program. Alembic's table remains after a downgrade to nothing."""
    found = inspect(connection)
    return sorted({*found.get_table_names(), *found.get_view_names()} - {"alembic_version"})


def schema_fault(connection: Connection) -> str | None:
    """Why this program cannot serve a database's schema, and what to do about it; None if it can.

    A newer schema is not a fault: during an upgrade the next version creates it while this one still runs.
    """
    version = current_version(connection)
    if version is None and foreign_tables(connection):
        return "The database belongs to another program. Name another one in PROFILES_DATABASE_URL."
    if version is None:
        return "The database has no schema yet. Run company-profiles migrate."
    if version in VERSIONS[:-1]:
        return f"The database has schema version {version}, this program needs {NEWEST_VERSION}. Run company-profiles migrate."
    return None
