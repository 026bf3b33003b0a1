"""Every test that needs a database runs on SQLite and on PostgreSQL, on a schema made by the migrations.

A database is made once per engine and copied for each test that writes, so no test sees another one's rows.
"""

import datetime
import itertools
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import settings as hypothesis_settings
from pydantic import SecretStr
from sqlalchemy import Connection

import seed
from app.database.database import Database
from app.datasets.loader import load
from app.datasets.reader import read_dataset
from app.operations.migrate import migrate
from app.settings import Settings
from tests import lengths
from tests.postgresql import PostgresServer
from tests.server import RunningServer, running_server
from tests.shared import SharedFolder, once

for name in [name for name in os.environ if name.startswith("PROFILES_")]:
    del os.environ[name]

lengths.register_profiles()

SHARED = pytest.StashKey[SharedFolder]()
SEEDED_AT = datetime.datetime(2026, 11, 24, 9, 30, tzinfo=datetime.UTC)
ENGINES = ("sqlite", "postgresql")
EVERYDAY_TESTS = "not slow"
"""What ``-m`` is by default; ``-m ''`` runs all tests."""

_numbers = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rounds", type=int, default=2, help="Rounds of each test of tests/faults that happens at random moments.")
    parser.addoption("--chance", type=int, default=None, help="The number that these moments follow from, to repeat a run.")


def pytest_configure(config: pytest.Config) -> None:
    path = getattr(config, "workerinput", {}).get("shared_folder")
    config.stash[SHARED] = SharedFolder(Path(path)) if path else SharedFolder.make()
    if config.option.markexpr == EVERYDAY_TESTS and config.option.hypothesis_profile is None:
        hypothesis_settings.load_profile(lengths.EVERYDAY)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401 - pytest-xdist has no types
    node.workerinput["shared_folder"] = str(node.config.stash[SHARED].path)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[SHARED].remove()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test marked ``any_engine`` belongs to the everyday circle on SQLite alone."""
    for item in items:
        if item.get_closest_marker("any_engine") and _engine_of(item) == "postgresql":
            item.add_marker("slow")


def _engine_of(item: pytest.Item) -> object:
    return item.callspec.params.get("databases") if isinstance(item, pytest.Function) and hasattr(item, "callspec") else None


def settings_for(url: str) -> Settings:
    return Settings(_env_file=None, database_url=SecretStr(url), database_wait_seconds=5, log_level="critical")


@pytest.fixture(scope="session")
def shared_folder(pytestconfig: pytest.Config) -> SharedFolder:
    return pytestconfig.stash[SHARED]


@pytest.fixture(scope="session")
def postgres(shared_folder: SharedFolder) -> PostgresServer:
    """The PostgreSQL of the run. A test that stops a server starts one of its own with ``running_postgresql``."""
    return shared_folder.postgres()


class Databases:
    """Makes databases on one engine: copies of an empty one, migrated, and of one that holds the seed.

    Both are made once, and nobody may be connected to them: PostgreSQL could not copy them then.
    """

    def __init__(self, engine: str, folder: Path, postgres: PostgresServer | None) -> None:
        self.engine = engine
        self._folder = folder
        self._postgres = postgres
        self.migrated = once(folder / f"{engine}.migrated", self._migrate)
        self.seeded = once(folder / f"{engine}.seeded", self._seed)

    def _migrate(self) -> str:
        url = self.blank("migrated")
        database = Database(settings_for(url))
        migrate(database)
        database.engine.dispose()
        return url

    def _seed(self) -> str:
        url = self.copy(self.migrated, "seeded")
        database = Database(settings_for(url))
        with database.writing() as connection:
            load(connection, read_dataset(seed.files()), actor="tests", reason="Seed", clock=lambda: SEEDED_AT)
        database.engine.dispose()
        return url

    def blank(self, name: str) -> str:
        """The URL of a database without a schema."""
        name = self._unique(name)
        return self._postgres.create_database(name) if self._postgres else f"sqlite:///{self._folder / name}.db"

    def copy(self, url: str, name: str = "copy") -> str:
        """The URL of a copy."""
        if self._postgres:
            return self._postgres.create_database(self._unique(name), template=url.rpartition("/")[2])
        copied = self.blank(name)
        # Not the file alone: what a server holds open may be in the log beside it.
        source, target = (sqlite3.connect(address.removeprefix("sqlite:///")) for address in (url, copied))
        with closing(source), closing(target):
            source.backup(target)
        return copied

    def drop(self, url: str) -> None:
        """Removes a database. What is made for one test goes with it, since all of them are in memory."""
        if self._postgres:
            self._postgres.drop_database(url.rpartition("/")[2])
        else:
            Path(url.removeprefix("sqlite:///")).unlink(missing_ok=True)

    @staticmethod
    def _unique(name: str) -> str:
        return f"{name}_{os.getpid()}_{next(_numbers)}"


DatabasesOn = Callable[[str], Databases]


@pytest.fixture(scope="session")
def databases_on(request: pytest.FixtureRequest, shared_folder: SharedFolder) -> DatabasesOn:
    """The databases on an engine that the test names."""

    @cache
    def on(engine: str) -> Databases:
        postgres = request.getfixturevalue("postgres") if engine == "postgresql" else None
        return Databases(engine, shared_folder.path, postgres)

    return on


@pytest.fixture(scope="session", params=ENGINES)
def databases(request: pytest.FixtureRequest, databases_on: DatabasesOn) -> Databases:
    """The databases on each engine in turn: a test that uses these runs twice."""
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
    """An empty, migrated database of the test's own."""
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
    """Loads datasets, given as YAML, and serves them to the end of the block."""
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
    """Loads a dataset, given as YAML, into an empty database of the test's own and serves it."""
    with serving_datasets(tmp_path) as serve:
        yield partial(serve, database)


@pytest.fixture(scope="session")
def serve_once(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServeDataset]:
    """Serves a dataset, given as YAML, to all tests that only read it. Answers are kept from one to the next."""
    with serving_datasets(tmp_path_factory.mktemp("datasets")) as serve, ExitStack() as stack:

        @cache
        def serve_once(text: str) -> httpx.Client:
            database = Database(settings_for(databases.copy(databases.migrated)))
            stack.callback(database.engine.dispose)
            return serve(database, text)

        yield serve_once
