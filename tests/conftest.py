"""What all tests share. ``pytest`` runs the everyday tests, ``pytest -m ''`` all of them; docs/contribute/testing.md says more.

A test that uses a database runs on SQLite and on PostgreSQL, with the schema that the migrations create. The fixtures:

client, server   an HTTP client, and the server with the seed behind it. One for all tests: only read from it.
database         an empty, migrated database for this test alone; ``connection`` is a write transaction on it.
serve_dataset    loads YAML into ``database`` and returns a client of a server; ``serve_once`` shares the server.
databases        creates databases: ``blank``, copies of ``migrated`` and of ``seeded``. It is what runs a test on each engine.
databases_on     the same for an engine that the test names. ``postgres`` is the PostgreSQL server of the run.

Folders have fixtures of their own: ``curator``, a client with a key that may write (editing); ``newsroom`` (history);
``empty``, ``seeded`` and ``on_file``, the commands on a database (cli); ``cluster``, a primary with two standbys (scaling).

By room:  auth, cli, client, database, datasets, http, pages, search; of api changes, companies, compare, editing, facts, history,
              metrics, openapi, reconcile, timeline; of operations backup, monitoring; of middleware cache, limits, proxies.
By approach:  properties (any input), fuzz (any sequence of changes), security, faults, scaling and poolers (PostgreSQL), browser.
Beside them:  project (rules), docs (their commands), seed, bench, recorded (responses, to compare), failover (Patroni).

Markers: ``slow`` leaves a test out of the everyday run. ``any_engine`` leaves it out on PostgreSQL. ``browser`` needs Chromium.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Connection

from app.database.database import Database
from app.datasets.loader import load
from app.datasets.reader import read_dataset
from tests import lengths
from tests.databases import ENGINES, SEEDED_AT, Databases, DatabasesOn, settings_for
from tests.postgresql import PostgresServer
from tests.server import RunningServer, running_server
from tests.shared import SharedFolder

for name in [name for name in os.environ if name.startswith("PROFILES_")]:
    del os.environ[name]

os.environ["FORWARDED_ALLOW_IPS"] = "127.0.0.1,::1"  # tests are proxies on this machine; tests/proxies has the default too

lengths.register_profiles()

SHARED = pytest.StashKey[SharedFolder]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rounds", type=int, default=None, help="Rounds of each test in tests/faults that acts at random moments.")
    parser.addoption("--chance", type=int, default=None, help="The random seed of these moments, to repeat a run.")


def pytest_configure(config: pytest.Config) -> None:
    path = getattr(config, "workerinput", {}).get("shared_folder")
    config.stash[SHARED] = SharedFolder(Path(path)) if path else SharedFolder.make()
    if (config.option.markexpr, config.option.hypothesis_profile) == ("not slow", None):  # as in pyproject.toml
        hypothesis_settings.load_profile(lengths.EVERYDAY)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    return 2 * (os.cpu_count() or 1)  # tests wait for half of their time


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401 - pytest-xdist has no types
    node.workerinput["shared_folder"] = str(node.config.stash[SHARED].path)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[SHARED].remove()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves tests marked ``any_engine`` out of the everyday run on PostgreSQL."""
    for item in items:
        callspec = getattr(item, "callspec", None)
        if item.get_closest_marker("any_engine") and callspec and callspec.params.get("databases") == "postgresql":
            item.add_marker("slow")


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> PostgresServer:
    """The PostgreSQL server of the run. A test that stops a server starts its own with ``running_postgresql``."""
    return pytestconfig.stash[SHARED].postgres()


@pytest.fixture(scope="session")
def databases_on(request: pytest.FixtureRequest) -> DatabasesOn:
    """The databases of a given engine."""

    @cache
    def on(engine: str) -> Databases:
        postgres = request.getfixturevalue("postgres") if engine == "postgresql" else None
        return Databases(engine, request.config.stash[SHARED].path, postgres)

    return on


@pytest.fixture(scope="session", params=ENGINES)
def databases(request: pytest.FixtureRequest, databases_on: DatabasesOn) -> Databases:
    """The databases of each engine: a test that uses them runs once per engine."""
    return databases_on(request.param)


@pytest.fixture(scope="session")
def server(databases: Databases) -> Iterator[RunningServer]:
    """The application on the seed. Tests only read from it."""
    with running_server(settings_for(databases.copy(databases.seeded))) as running:
        yield running


@pytest.fixture(scope="session")
def client(server: RunningServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    """An empty, migrated database for this test alone."""
    url = databases.copy(databases.migrated)
    database = Database(settings_for(url))
    yield database
    database.engine.dispose()
    databases.drop(url)


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """A write transaction on an empty database."""
    with database.writing() as connection:
        yield connection


ServeDataset = Callable[[str], httpx.Client]


@contextmanager
def serving_datasets(folder: Path) -> Iterator[Callable[[Database, str], httpx.Client]]:
    """Loads datasets, given as YAML, and serves them until the end of the block."""
    with ExitStack() as stack:

        def serve(database: Database, text: str) -> httpx.Client:
            file = folder / "dataset.yaml"
            file.write_text(text, encoding="utf-8")
            with database.writing() as connection:
                load(connection, read_dataset([file]), actor="tests", reason="Test", clock=lambda: SEEDED_AT)
            running = stack.enter_context(running_server(settings_for(database.url.render_as_string(hide_password=False))))
            return stack.enter_context(httpx.Client(base_url=running.url, timeout=30))

        yield serve


@pytest.fixture
def serve_dataset(database: Database, tmp_path: Path) -> Iterator[ServeDataset]:
    """Loads a dataset, given as YAML, into an empty database for this test alone and serves it."""
    with serving_datasets(tmp_path) as serve:
        yield partial(serve, database)


@pytest.fixture(scope="session")
def serve_once(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServeDataset]:
    """Serves a dataset, given as YAML, to all tests that only read it."""
    with serving_datasets(tmp_path_factory.mktemp("datasets")) as serve, ExitStack() as stack:

        @cache
        def serve_once(text: str) -> httpx.Client:
            database = Database(settings_for(databases.copy(databases.migrated)))
            stack.callback(database.engine.dispose)
            return serve(database, text)

        yield serve_once
