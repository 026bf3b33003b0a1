"""An application that is written to with a key, on a database of the test's own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from app.auth.key import Scope
from app.auth.queries import create_key
from app.database.database import Database
from app.datasets.loader import load
from app.datasets.reader import read_dataset
from app.values.dates import now
from tests.databases import SEEDED_AT, Databases, settings_for
from tests.editing.curator import Curator
from tests.editing.lamps import DATASET
from tests.server import running_server


def url_of(database: Database) -> str:
    return database.url.set(drivername=database.url.get_backend_name()).render_as_string(hide_password=False)


def key_of(database: Database, scope: Scope = Scope.WRITE, name: str = "newsroom") -> str:
    """A new key."""
    with database.writing() as connection:
        return create_key(connection, name=name, scopes=[scope], expires_at=None, now=now().replace(microsecond=0)).text


@pytest.fixture(scope="session")
def lamps(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with the lamps, to be copied."""
    file = tmp_path_factory.mktemp("lamps") / "lamps.json"
    file.write_text(DATASET, encoding="utf-8")
    url = databases.copy(databases.migrated, "lamps")
    database = Database(settings_for(url))
    with database.writing() as connection:
        load(connection, read_dataset([file]), actor="tests", reason="Lamps", clock=lambda: SEEDED_AT)
    database.engine.dispose()
    return url


@pytest.fixture
def database(databases: Databases, lamps: str) -> Iterator[Database]:
    """A database of the test's own, with the lamps."""
    url = databases.copy(lamps)
    database = Database(settings_for(url))
    yield database
    database.engine.dispose()
    databases.drop(url)


Serve = Callable[..., Curator]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server on a database for somebody with a key, or with none where that is empty."""
    with ExitStack() as stack:

        def start(database: Database, key: str) -> Curator:
            running = stack.enter_context(running_server(settings_for(url_of(database))))
            headers = {"Authorization": f"Bearer {key}"} if key else {}
            return Curator(stack.enter_context(httpx.Client(base_url=running.url, headers=headers, timeout=30)))

        yield start


@pytest.fixture
def curator(database: Database, serve: Serve) -> Curator:
    """Somebody with a key for writing."""
    return serve(database, key_of(database))
