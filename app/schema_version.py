"""Which version the schema has and which it needs. A server asks this without what migrates, which takes 11 MB."""

from sqlalchemy import Connection, inspect, text

VERSIONS = ("0001", "0002", "0003")
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
