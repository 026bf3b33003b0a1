"""A server on a database of the test's own, which the test goes on writing to."""

from collections.abc import Iterator

import httpx
import pytest

from app.database.database import Database
from tests.databases import settings_for
from tests.server import running_server

FRESH = {"Cache-Control": "no-cache"}


@pytest.fixture
def url(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


@pytest.fixture
def reader(url: str) -> Iterator[httpx.Client]:
    """A client of a server on ``database``, for what is there now: on PostgreSQL a cached answer may be 50 milliseconds old."""
    with running_server(settings_for(url)) as running, httpx.Client(base_url=running.url, timeout=30, headers=FRESH) as client:
        yield client
