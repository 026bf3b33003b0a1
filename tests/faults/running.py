"""A look into a server that runs in the test's own process."""

from app.database.database import Database
from app.middleware.cache import ResponseCache
from tests.server import RunningServer


def database_of(running: RunningServer) -> Database:
    """The database as the application under a server has it."""
    assert isinstance(running.app, ResponseCache)
    database: Database = running.app._state.database
    return database
