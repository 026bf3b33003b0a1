"""The schema's version: bring a database to the newest, and say what is wrong with one that cannot be."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

import migrations
from app.db import Database
from app.dialects import enable_write_ahead_log, lock_for_migration

NEWEST, NONE = "head", "base"


class DatabaseTooNew(Exception):
    """The database was made by a newer version of this program."""


class VersionUnknown(ValueError):
    """There is no such schema version; the message lists those that there are."""


class ConfirmationMissing(Exception):
    """The version is older than the database's, and going down drops what it has no room for."""


class DatabaseForeign(Exception):
    """The database is another program's."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _versions() -> list[str]:
    """Every version, oldest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()][::-1]


@cache
def newest_version() -> str:
    """The version that this program's migrations lead to."""
    return ScriptDirectory.from_config(_config()).get_heads()[0]


def current_version(connection: Connection) -> str | None:
    """The version of a database; None where it has no schema yet."""
    return MigrationContext.configure(connection).get_current_revision()


def _foreign_tables(connection: Connection) -> list[str]:
    """The tables of a database that this program did not make. Alembic's own stays when one goes down to none."""
    return sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})


def migrate(database: Database, version: str = NEWEST, *, may_drop: bool = False) -> tuple[str | None, str | None]:
    """Bring the schema to a version, up or with ``may_drop`` down. Returns the versions before and after.

    Takes the lock first, so that of several processes that start at once one migrates and the others find it done.
    Raises VersionUnknown, DatabaseTooNew, DatabaseForeign and ConfirmationMissing, before anything is changed.
    """
    order = [NONE, *_versions()]
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
        if before is None and (others := _foreign_tables(connection)):
            raise DatabaseForeign(f"the database holds tables of another program: {', '.join(others[:5])}")
        target = order[-1] if version == NEWEST else version
        steps_up = order.index(target) - order.index(before or NONE)
        if steps_up < 0 and not may_drop:
            raise ConfirmationMissing(f"going from schema version {before} down to {target} drops data")
        if steps_up:
            (command.upgrade if steps_up > 0 else command.downgrade)(_config(connection), target)
        return before, current_version(connection)
