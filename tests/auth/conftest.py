"""Keys on a database of the test's own, and the application with an address for each scope."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from fastapi.testclient import TestClient

from app.auth.access import AdminDependency, WriterDependency
from app.auth.credentials import Key
from app.auth.key import KeyRecord, Scope
from app.auth.queries import create_key, find_key
from app.database.database import Database
from app.main import create_app
from app.settings import Settings
from app.values.dates import now
from tests.databases import settings_for

MakeKey = Callable[..., Key]
Serve = Callable[[], AbstractContextManager[TestClient]]


def bearer(key: Key) -> dict[str, str]:
    """The header that carries a key."""
    return {"Authorization": f"Bearer {key.text}"}


def url_of(database: Database) -> str:
    return database.url.set(drivername=database.url.get_backend_name()).render_as_string(hide_password=False)


def stored(database: Database, key: Key) -> KeyRecord:
    """What the database keeps of a key."""
    with database.reading() as connection:
        found = find_key(connection, key.id)
    assert found is not None
    return found


@pytest.fixture
def make_key(database: Database) -> MakeKey:
    """Makes a key with some scopes."""

    def make(*scopes: Scope, name: str = "dashboard", expires_at: datetime.datetime | None = None) -> Key:
        with database.writing() as connection:
            return create_key(connection, name=name, scopes=scopes, expires_at=expires_at, now=now().replace(microsecond=0))

    return make


@pytest.fixture
def open_settings(database: Database) -> Settings:
    """Reading needs no key."""
    return settings_for(url_of(database))


@pytest.fixture
def closed_settings(open_settings: Settings) -> Settings:
    """Reading needs a key."""
    return open_settings.model_copy(update={"reads_need_key": True})


@contextmanager
def application(settings: Settings) -> Iterator[TestClient]:
    """The application, with ``POST /write`` and ``POST /administer``, which answer the name of their caller."""
    app = create_app(settings)

    @app.post("/write")
    async def write(actor: WriterDependency) -> str:
        return actor.name

    @app.post("/administer")
    async def administer(actor: AdminDependency) -> str:
        return actor.name

    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def serve(open_settings: Settings) -> Serve:
    """The application, from the start to the end of a block."""
    return lambda: application(open_settings)


@pytest.fixture
def api(serve: Serve) -> Iterator[TestClient]:
    """The application for the whole test."""
    with serve() as client:
        yield client
