"""Alembic's entry. The application passes a connection; the ``alembic`` command takes the one that the settings name."""

from alembic import context
from sqlalchemy import Connection

import app.database.history_tables  # noqa: F401 - its tables belong to the metadata
from app.database.database import Database
from app.database.engines import lock_for_migration
from app.database.models import Base
from app.settings import Settings


def is_ours(_item: object, name: str | None, kind: str, _reflected: bool, _counterpart: object) -> bool:  # noqa: FBT001
    """Leave each engine's own text index, and the tables that SQLite keeps for it, out of the comparison with the models."""
    return not (kind == "table" and (name or "").startswith("search_text"))


def migrate(connection: Connection) -> None:
    """Run the migrations in the connection's transaction, one process at a time."""
    context.configure(connection=connection, target_metadata=Base.metadata, compare_server_default=True, include_object=is_ours)
    with context.begin_transaction():
        lock_for_migration(connection)
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations run on a database. Set PROFILES_DATABASE_URL.")

given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    database = Database(Settings())
    try:
        with database.writing() as connection:
            migrate(connection)
    finally:
        database.engine.dispose()
