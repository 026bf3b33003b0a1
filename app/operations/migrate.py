"""Migrates the schema of a database to a version, and explains why a database cannot be migrated."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

import migrations
from app.database.database import Database
from app.database.engines import enable_write_ahead_log, lock_for_migration
from app.database.schema_version import VERSIONS, DatabaseForeign, DatabaseTooNew, current_version, foreign_tables

NEWEST, NONE = "head", "base"


class VersionUnknown(ValueError):
    """The schema version does not exist; the message lists the versions."""


class ConfirmationMissing(Exception):
    """The version is older than that of the database, and a downgrade drops data."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def migrate(database: Database, version: str = NEWEST, *, may_drop: bool = False) -> tuple[str | None, str | None]:
    """Migrates the schema to a version: up, or with ``may_drop`` down. Returns the versions before and after.

    It takes the lock first: of several processes that start together, one migrates and the others find it done.
    Raises VersionUnknown, DatabaseTooNew, DatabaseForeign and ConfirmationMissing before it changes anything.
    """
    order = [NONE, *VERSIONS]
    if version not in (NEWEST, *order):
        raise VersionUnknown(f"there is no schema version {version!r}; there are {', '.join(order)} and {NEWEST}")
    enable_write_ahead_log(database.engine)
    with database.writing() as connection:
        lock_for_migration(connection)
        before = current_version(connection)
        if before is not None and before not in order:
            raise DatabaseTooNew(
                f"the database has schema version {before}, which this version of company-profiles does not know"
            )
        if before is None and (others := foreign_tables(connection)):
            raise DatabaseForeign(f"the database holds tables of another program: {', '.join(others[:5])}")
        target = order[-1] if version == NEWEST else version
        steps_up = order.index(target) - order.index(before or NONE)
        if steps_up < 0 and not may_drop:
            raise ConfirmationMissing(f"going from schema version {before} down to {target} drops data")
        if steps_up:
            (command.upgrade if steps_up > 0 else command.downgrade)(_config(connection), target)
        return before, current_version(connection)
