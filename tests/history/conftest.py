"""An application that is written to and read, on a database of the test's own."""

from collections.abc import Iterator

import httpx
import pytest

from app.auth.key import Scope
from app.auth.queries import create_key
from app.database.database import Database
from app.values.dates import now
from tests.databases import settings_for
from tests.history.newsroom import Newsroom
from tests.server import running_server


def url_of(database: Database) -> str:
    return database.url.set(drivername=database.url.get_backend_name()).render_as_string(hide_password=False)


def key_of(database: Database) -> str:
    """A new key for writing."""
    with database.writing() as connection:
        return create_key(connection, name="newsroom", scopes=[Scope.WRITE], expires_at=None, now=now()).text


@pytest.fixture
def newsroom(database: Database) -> Iterator[Newsroom]:
    """Who may write, and reads past the cache of answers, since what a key is sent with is never kept."""
    headers = {"Authorization": f"Bearer {key_of(database)}"}
    with (
        running_server(settings_for(url_of(database))) as running,
        httpx.Client(base_url=running.url, headers=headers, timeout=30) as client,
    ):
        yield Newsroom(client)
