"""The memory of the cache is bounded, whatever is asked, and what was not asked for longest goes first."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.database.database import Database
from app.middleware.cache import ResponseCache
from app.operations.migrate import migrate
from tests.cache.asking import connected
from tests.changes.asgi import Call, application
from tests.changes.writing import write

LIMIT = 1_000_000
Scenario = Callable[[ResponseCache], Coroutine[Any, Any, None]]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """On one engine: what is kept does not differ."""
    with connected(f"sqlite:///{tmp_path / 'file.db'}") as database:
        migrate(database)
        yield database


@pytest.fixture
def run(url: str, database: Database) -> Callable[[Scenario], None]:
    """Runs a scenario with a cache of ``LIMIT`` bytes, on a database with one company."""
    write(database, "alpha")

    async def within(scenario: Scenario) -> None:
        async with application(url) as (app, _):
            assert isinstance(app, ResponseCache)
            await scenario(app)

    return lambda scenario: asyncio.run(within(scenario))


async def get(app: ResponseCache, query: str, path: str = "/v1/companies") -> bool:
    """Whether the answer came from the cache."""
    hits = app.hits
    call = Call(app, path, query)
    await call.task
    assert call.status == 200
    return app.hits > hits


def kept_bytes(app: ResponseCache) -> int:
    """What is kept, counted anew: keys, headers and bodies, without what Python takes for each."""
    return sum(
        sum(len(part) for part in key if isinstance(part, bytes | str))
        + sum(len(name) + len(value) for name, value in kept.headers)
        + len(kept.body)
        for key, kept in app._entries.items()
    )


@pytest.mark.slow
def test_thousands_of_addresses_stay_within_the_limit(run: Callable[[Scenario], None]) -> None:
    async def scenario(app: ResponseCache) -> None:
        for number in range(2000):
            await get(app, f"name=nobody-{number}")
            assert app._bytes <= LIMIT
        assert 100 < len(app._entries) < 1000
        assert sum(kept.size for kept in app._entries.values()) == app._bytes
        assert kept_bytes(app) < app._bytes
        assert app.misses == 2000

    run(scenario)


def test_long_addresses_count_as_much_as_long_bodies(run: Callable[[Scenario], None]) -> None:
    async def scenario(app: ResponseCache) -> None:
        for number in range(300):
            await get(app, f"name={number:0190}&{'&' * 7000}")
            assert kept_bytes(app) <= LIMIT
        assert len(app._entries) > 50

    run(scenario)


def test_key_headers_and_body_all_count(run: Callable[[Scenario], None], database: Database) -> None:
    write(database, "alpha", name="Another name")

    async def scenario(app: ResponseCache) -> None:
        companies = "&".join(f"company={letter * 100}" for letter in "bcdefghijklmnopqrst")
        await get(app, f"{companies}&company=alpha&limit=1", "/v1/changes")
        [kept] = app._entries.values()

        assert len(dict(kept.headers)[b"link"]) > 2000
        assert app._bytes > kept_bytes(app) + 2000

    run(scenario)


def test_what_was_not_asked_for_longest_goes_first(run: Callable[[Scenario], None]) -> None:
    async def scenario(app: ResponseCache) -> None:
        await get(app, "name=first")
        await get(app, "name=second")
        while app._bytes < LIMIT - 5000:
            await get(app, f"name=other-{len(app._entries)}")
        assert await get(app, "name=first")
        for number in range(3):
            await get(app, f"name=last-{number}")

        assert await get(app, "name=first")
        assert not await get(app, "name=second")

    run(scenario)


def test_a_response_that_two_asked_for_at_once_is_counted_once(run: Callable[[Scenario], None]) -> None:
    async def scenario(app: ResponseCache) -> None:
        calls = [Call(app, "/v1/stats") for _ in range(5)]
        await asyncio.gather(*(call.task for call in calls))

        assert app.misses > 1
        [kept] = app._entries.values()
        assert kept.size == app._bytes

    run(scenario)


def test_what_is_forgotten_takes_no_memory(run: Callable[[Scenario], None], database: Database) -> None:
    async def scenario(app: ResponseCache) -> None:
        for number in range(20):
            await get(app, f"name={number}")
        before = app._bytes
        await asyncio.to_thread(write, database, "beta")
        await asyncio.sleep(0.06)
        await get(app, "name=0")

        assert len(app._entries) == 1
        assert app._bytes < before / 10

    run(scenario)
