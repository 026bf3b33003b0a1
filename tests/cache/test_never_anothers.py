"""No answer is given to a question that differs from its own in anything that an answer depends on."""

from collections.abc import Iterator

import httpx
import pytest

from app.auth.credentials import Key
from app.auth.key import Scope
from app.auth.queries import create_key, revoke_key
from app.database.database import Database
from app.settings import Settings
from app.values.dates import now
from tests.cache.asking import GZIP, PLAIN, Served, ask, served_from
from tests.changes.writing import write
from tests.databases import settings_for
from tests.server import running_server

COMPANY = "/v1/companies/baidu"
LINKED = f"{COMPANY}?format=jsonld"
FRONT_END = {**PLAIN, "Origin": "https://front-end.example"}

Question = tuple[str, dict[str, str]]
DIFFERENT: dict[str, tuple[Question, Question]] = {
    "path": ((COMPANY, PLAIN), ("/v1/companies/kuaishou", PLAIN)),
    "query": (("/v1/metrics?unit=CNY", PLAIN), ("/v1/metrics?unit=USD", PLAIN)),
    "format": (("/v1/metrics?format=csv", PLAIN), ("/v1/metrics?format=ndjson", PLAIN)),
    "accept": (("/v1/metrics", {**PLAIN, "Accept": "text/csv"}), ("/v1/metrics", {**PLAIN, "Accept": "application/json"})),
    "encoding": ((f"{COMPANY}/profile", GZIP), (f"{COMPANY}/profile", PLAIN)),
    "origin": ((COMPANY, FRONT_END), (COMPANY, {**PLAIN, "Origin": "https://other.example"})),
    "no origin": ((COMPANY, FRONT_END), (COMPANY, PLAIN)),
    "host": ((LINKED, PLAIN), (LINKED, {**PLAIN, "Host": "other.example"})),
    "scheme": ((LINKED, PLAIN), (LINKED, {**PLAIN, "X-Forwarded-Proto": "https"})),
    "root path": ((COMPANY, PLAIN), (COMPANY, {**PLAIN, "X-Forwarded-Prefix": "/profiles"})),
    "forwarded host": ((LINKED, PLAIN), (LINKED, {**PLAIN, "X-Forwarded-Host": "other.example"})),
    "condition": ((COMPANY, {**PLAIN, "If-None-Match": "*"}), (COMPANY, {**PLAIN, "If-None-Match": '"other"'})),
    "no condition": ((COMPANY, {**PLAIN, "If-None-Match": "*"}), (COMPANY, PLAIN)),
}


@pytest.fixture(scope="module")
def choosy(seeded_settings: Settings) -> Settings:
    """Two origins may read, so that answers to them differ."""
    return seeded_settings.model_copy(update={"cors_origins": ["https://front-end.example", "https://other.example"]})


@pytest.fixture(scope="module")
def choosy_served(choosy: Settings) -> Iterator[Served]:
    with served_from(choosy) as served:
        yield served


@pytest.fixture(scope="module")
def choosy_uncached(choosy: Settings) -> Iterator[httpx.Client]:
    settings = choosy.model_copy(update={"cache_megabytes": 0})
    with running_server(settings) as running, httpx.Client(base_url=running.url) as client:
        yield client


@pytest.mark.parametrize("backwards", [False, True], ids=["", "the other way round"])
@pytest.mark.parametrize("part", DIFFERENT)
def test_a_request_that_differs_gets_its_own_response(
    choosy_served: Served, choosy_uncached: httpx.Client, part: str, *, backwards: bool
) -> None:
    one, other = DIFFERENT[part][::-1] if backwards else DIFFERENT[part]
    wanted = ask(choosy_uncached, *other)
    choosy_served.cache.clear()

    assert choosy_served.is_kept(*one)
    assert ask(choosy_uncached, *one) != wanted
    assert ask(choosy_served.client, *other) == wanted


@pytest.fixture
def readers_key(database: Database) -> Key:
    """A key on a database with a company."""
    write(database, "alpha")
    with database.writing() as connection:
        return create_key(connection, name="reader", scopes=[Scope.READ], expires_at=None, now=now().replace(microsecond=0))


def bearing(key: Key) -> dict[str, str]:
    return {**PLAIN, "Authorization": f"Bearer {key.text}"}


def test_a_request_with_a_key_passes_by_the_cache(own: Served, readers_key: Key) -> None:
    address = "/v1/companies/alpha"

    assert ask(own.client, address, bearing(readers_key)).status == 200
    assert (own.cache.hits, own.cache.misses) == (0, 0)
    assert own.is_kept(address)
    assert not own.is_kept(address, bearing(readers_key))


def test_where_reading_needs_a_key_nothing_is_kept_for_those_without(url: str, database: Database, readers_key: Key) -> None:
    address = "/v1/companies/alpha"
    with served_from(settings_for(url).model_copy(update={"reads_need_key": True})) as closed:
        for _ in range(2):
            assert ask(closed.client, address, bearing(readers_key)).status == 200
            assert ask(closed.client, address).status == 401
            assert ask(closed.client, address, {**PLAIN, "If-None-Match": "*"}).status == 401
        with database.writing() as connection:
            revoke_key(connection, "reader", now())
        assert ask(closed.client, address, bearing(readers_key)).status == 401
        assert closed.cache.hits == 0


def test_a_response_with_a_key_is_not_kept_even_where_the_application_does_not_look_at_it(own: Served, readers_key: Key) -> None:
    assert not own.is_kept("/v1/companies/alpha", bearing(readers_key))
    assert not own.is_kept("/v1/companies/alpha", {**PLAIN, "Authorization": "Basic eDp5"})
    assert own.cache.misses == 0
