"""Which version the schema has and which it needs. A server asks this without what migrates, which takes 11 MB."""

from sqlalchemy import Connection, inspect, text

VERSIONS = ("0001", "0002", "0003", "0004")
"""Those that this program's migrations make, oldest first; a test holds them against the migrations."""
NEWEST_VERSION = VERSIONS[-1]


class DatabaseTooNew(Exception):
    """The database was made by a newer version of this program."""


class DatabaseForeign(Exception):
    """The database is another program's."""


def current_version(connection: Connection) -> str | None:
    """The version of a database; None where it has no schema yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def foreign_tables(connection: Connection) -> list[str]:
    """The tables of a database that this program did not make. Alembic's own stays when one goes down to none."""
    return sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})


def schema_fault(connection: Connection) -> str | None:
    """What keeps this program from serving a database's schema, and what to do about it; None where nothing does.

    A newer schema is no fault: the next version makes it while this one still runs.
    """
    version = current_version(connection)
    if version is None and foreign_tables(connection):
        return "The database is another program's. Name another one in PROFILES_DATABASE_URL."
    if version is None:
        return "The database has no schema yet. Run company-profiles migrate."
    if version in VERSIONS[:-1]:
        return f"The database has schema version {version}, this program needs {NEWEST_VERSION}. Run company-profiles migrate."
    return None
