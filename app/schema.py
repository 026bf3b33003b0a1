"""The schema's version: bring a database to the newest, and say what is wrong with one that cannot be."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

import migrations
from app.db import Database
from app.dialects import enable_write_ahead_log


class DatabaseTooNew(Exception):
    """The database was made by a newer version of this program."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def newest_version() -> str:
    """The version that this program's migrations lead to."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def current_version(connection: Connection) -> str | None:
    """The version of a database; None where it has no schema yet."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(database: Database, version: str = "head") -> tuple[str | None, str | None]:
    """Bring the schema to a version, up or down. Returns the versions before and after.

    Takes the write lock first, so that of several processes that start at once one migrates and the others find it done.
    """
    enable_write_ahead_log(database.engine)
    with database.writing() as connection:
        before = current_version(connection)
        known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
        if before is not None and before not in known:
            raise DatabaseTooNew(
                f"the database has schema version {before}, which this version of company-profiles does not know"
            )
        going_down = version != "head" and (version == "base" or before is not None)
        (command.downgrade if going_down else command.upgrade)(_config(connection), version)
        return before, current_version(connection)
