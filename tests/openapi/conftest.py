"""The OpenAPI document as the server gives it, and servers on both engines at once."""

from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import update

from app.database.database import Database
from app.database.models import RevisionHead
from app.main import create_app
from app.settings import Settings
from tests.databases import ENGINES, DatabasesOn, settings_for
from tests.openapi.documents import Document, Json
from tests.server import running_server


@pytest.fixture(scope="session")
def document() -> Document:
    """No database is needed for it."""
    app = create_app(Settings(_env_file=None, database_url=SecretStr("sqlite:///never-opened.db")))
    content: dict[str, Json] = app.openapi()
    return Document(content)


@pytest.fixture(scope="session")
def both_clients(databases_on: DatabasesOn) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """Clients of two servers that hold the seed, one on each engine. They share the secret of cursors, as copies do."""
    with ExitStack() as stack:
        clients = []
        for databases in map(databases_on, ENGINES):
            settings = settings_for(databases.copy(databases.seeded))
            database = Database(settings)
            with database.writing() as connection:
                connection.execute(update(RevisionHead).values(cursor_secret="0" * 64))
            database.engine.dispose()
            running = stack.enter_context(running_server(settings))
            clients.append(stack.enter_context(httpx.Client(base_url=running.url, timeout=30)))
        yield clients[0], clients[1]
