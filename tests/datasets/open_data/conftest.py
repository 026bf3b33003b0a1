"""Loads a file of open data into an empty database, on both engines, and serves it."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from app.database.database import Database
from tests.databases import settings_for
from tests.datasets.open_data.examples import load_open_data
from tests.server import running_server

Serve = Callable[[str, bytes], httpx.Client]


@pytest.fixture
def serve(database: Database) -> Iterator[Serve]:
    closing: list[Callable[[], object]] = []

    def serve_file(format: str, content: bytes) -> httpx.Client:
        load_open_data(database, format, content)
        running = running_server(settings_for(database.url.render_as_string(hide_password=False)))
        client = httpx.Client(base_url=running.__enter__().url, timeout=30)
        closing.extend((lambda: running.__exit__(None, None, None), client.close))
        return client

    yield serve_file
    for close in reversed(closing):
        close()
