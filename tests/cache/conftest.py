"""Servers with a cache: one that only reads the seed, and one on a database of the test's own."""

from collections.abc import Iterator

import httpx
import pytest

from app.database.database import Database
from app.settings import Settings
from tests.cache.asking import Served, served_from
from tests.databases import Databases, settings_for
from tests.server import running_server


@pytest.fixture(scope="package")
def seeded_settings(databases: Databases) -> Settings:
    return settings_for(databases.copy(databases.seeded))


@pytest.fixture(scope="package")
def served(seeded_settings: Settings) -> Iterator[Served]:
    """A server on the seed. Tests only read from it."""
    with served_from(seeded_settings) as served:
        yield served


@pytest.fixture(scope="package")
def uncached(seeded_settings: Settings) -> Iterator[httpx.Client]:
    """A client of a server on the same database that keeps no answers."""
    settings = seeded_settings.model_copy(update={"cache_megabytes": 0})
    with running_server(settings) as running, httpx.Client(base_url=running.url, timeout=60) as client:
        yield client


@pytest.fixture
def url(database: Database) -> str:
    """The address of an empty database that the test writes to."""
    return database.url.render_as_string(hide_password=False)


@pytest.fixture
def own(url: str) -> Iterator[Served]:
    """A server on ``database``."""
    with served_from(settings_for(url)) as served:
        yield served
