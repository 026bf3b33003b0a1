"""A question that costs the database too much is ended, and everything else goes on as before."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import pairwise

import httpx
import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from app.database.database import Database
from app.database.failures import timed_out
from app.database.models import Revision
from app.settings import Settings
from tests.databases import Databases, DatabasesOn, settings_for
from tests.server import running_server

COMPANIES = 100_000
CROWD = text("""
    INSERT INTO companies (id, revision, document, date_uncertain, slug, name, name_key)
    WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < :companies)
    SELECT 1000000 + number, 1, '{"slug":"crowd"}', false, 'crowd-' || number, 'Crowd', 'crowd' FROM numbers
""")
COSTLY = "/v1/companies?total=true&name=crowd&sort=-founded,name"
TOO_SHORT_FOR_IT = 0.01
_REVISIONS = [aliased(Revision) for _ in range(4)]
MANY = 40**4
COUNT = (
    select(func.count())
    .select_from(*_REVISIONS)
    .where(*(revision.number <= 40 for revision in _REVISIONS))
    .where(*(first.number > -second.number for first, second in pairwise(_REVISIONS)))
)
"""Takes a tenth of a second or more on either engine."""


@pytest.fixture(scope="module")
def crowded(databases: Databases) -> str:
    """The URL of a database in which some questions take long."""
    url = databases.copy(databases.seeded)
    database = Database(settings_for(url))
    with database.writing() as connection:
        connection.execute(CROWD, {"companies": COMPANIES})
    database.engine.dispose()
    return url


@pytest.fixture(scope="module")
def hasty(crowded: str) -> Iterator[httpx.Client]:
    """A client of a server that has little time."""
    settings = settings_for(crowded).model_copy(update={"statement_seconds": TOO_SHORT_FOR_IT})
    with running_server(settings) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        yield client


def count(connection: Connection) -> int:
    return connection.execute(COUNT).scalar_one()


@asynccontextmanager
async def opened(settings: Settings, statement_seconds: float = 0.0) -> AsyncIterator[Database]:
    database = Database(settings, statement_seconds=statement_seconds)
    try:
        yield database
    finally:
        await database.close()


def test_a_costly_request_is_a_problem_that_says_when_to_try_again(hasty: httpx.Client) -> None:
    answer = hasty.get(COSTLY)

    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/query-timeout")
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["cache-control"] == "no-store"


def test_other_requests_succeed_after_it(hasty: httpx.Client) -> None:
    for _ in range(30):  # more than there are connections
        assert hasty.get(COSTLY).status_code == 503
    for _ in range(30):
        assert hasty.get("/v1/companies/baidu", headers={"Cache-Control": "no-cache"}).status_code == 200
    assert hasty.get("/health/ready").status_code == 200


def test_a_whole_list_may_take_longer_to_send(hasty: httpx.Client) -> None:
    lines = hasty.get("/v1/companies?format=ndjson").text.splitlines()

    assert len(lines) > COMPANIES


def test_without_a_limit_it_is_answered(crowded: str) -> None:
    settings = settings_for(crowded).model_copy(update={"statement_seconds": 0.0})
    with running_server(settings) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        assert client.get(COSTLY).json()["total"] == COMPANIES


@pytest.mark.parametrize("way", ["read", "scan", "as_of"])
def test_every_way_to_read_is_limited(databases: Databases, way: str) -> None:
    async def ask() -> None:
        async with opened(settings_for(databases.readable), statement_seconds=TOO_SHORT_FOR_IT) as database:
            source = await database.as_of("1") if way == "as_of" else database
            await (source.scan if way == "scan" else source.read)(count)

    with pytest.raises(DBAPIError) as raised:
        asyncio.run(ask())
    assert timed_out(raised.value)


def test_a_change_may_take_longer(databases: Databases) -> None:
    async def change() -> int:
        async with opened(settings_for(databases.readable), statement_seconds=TOO_SHORT_FOR_IT) as database:
            return await database.write(count)

    assert asyncio.run(change()) == MANY


def test_commands_may_take_longer(databases: Databases) -> None:
    database = Database(settings_for(databases.readable).model_copy(update={"statement_seconds": TOO_SHORT_FOR_IT}))
    with database.reading() as connection:
        assert count(connection) == MANY
    database.engine.dispose()


def test_a_long_read_keeps_no_other_request_waiting(databases: Databases) -> None:
    order: list[str] = []

    async def note(name: str, database: Database) -> None:
        await (database.read(count) if name == "long" else database.read(lambda connection: connection.execute(text("SELECT 1"))))
        order.append(name)

    async def ask() -> None:
        async with opened(settings_for(databases.readable)) as database:
            await asyncio.gather(note("long", database), note("short", database))

    asyncio.run(ask())
    assert order == ["short", "long"]


def test_a_long_statement_rarely_waits_for_other_threads(databases_on: DatabasesOn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call of SQLite's clock waits for the interpreter's lock, which threads that compute hold for a millisecond."""
    calls: list[float] = []
    monkeypatch.setattr("app.database.sqlite._Clock.is_over", lambda clock: calls.append(clock.ends))
    database = Database(settings_for(databases_on("sqlite").readable))
    with database.reading() as connection:
        assert count(connection) == MANY
    database.engine.dispose()

    assert 0 < len(calls) < MANY / 1000, "about ten instructions for each row"
