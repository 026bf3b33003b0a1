"""Expensive reads have places: no client and no kind takes all of them, and one whose client has left is given up."""

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from app.api.stats.queries import read_stats
from app.api.stats.schemas import Stats
from app.database.database import Database
from app.database.models import Revision
from app.database.scans import CALLER, CallerLeft, Job, Places, go_on
from app.errors.limits import Overloaded, QueryTimeout
from app.http.conditional import Stamp
from tests.changes.asgi import until
from tests.databases import Databases, settings_for
from tests.scaling.cluster import wait_until
from tests.server import running_server

T = TypeVar("T")

SOON = 20.0
_REVISIONS = [aliased(Revision) for _ in range(9)]
ENDLESS = (
    select(func.count())
    .select_from(*_REVISIONS)
    .where(*(first.number > -second.number for first, second in pairwise(_REVISIONS)))
)
"""Takes years on the seed."""


class Client:
    """Who waits for a scan, and may hang up."""

    def __init__(self, client: str = "192.0.2.1") -> None:
        self.client = client
        self.gone = asyncio.Event()
        self.aside = False

    async def hung_up(self) -> None:
        await self.gone.wait()

    def step_aside(self, kind: str) -> None:  # noqa: ARG002
        self.aside = True

    def step_back(self) -> None:
        self.aside = False


def endless(connection: Connection) -> int:
    return connection.execute(ENDLESS).scalar_one()


def short(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(Revision)).scalar_one()


def called_by(client: Client, work: Callable[[], Awaitable[T]]) -> "asyncio.Task[T]":
    """A task of one client."""

    async def run() -> T:
        CALLER.set(client)
        return await work()

    return asyncio.create_task(run())


class Held:
    """Scans that keep their places until they are let go."""

    def __init__(self, places: Places) -> None:
        self.running: list[str] = []
        self._places = places
        self._let_go = threading.Event()

    def start(self, client: Client, kind: str) -> "asyncio.Task[None]":
        def work() -> None:
            self.running.append(kind)
            self._let_go.wait(SOON)

        return called_by(client, lambda: self._places.run(kind, Job(), work))

    def let_go(self) -> None:
        self._let_go.set()


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("clients", "kinds", "running"),
    [
        pytest.param(["a"] * 6, ["stats", "total", "search", "history", "reconcile", "as_of"], 3, id="one client"),
        pytest.param(["a", "b", "c", "d", "e", "f"], ["reconcile"] * 6, 2, id="one kind"),
        pytest.param(["a", "b", "c", "d", "e", "f"], ["a", "b", "c", "d", "e", "f"], 4, id="many"),
    ],
)
def test_no_client_and_no_kind_takes_all_places(clients: list[str], kinds: list[str], running: int) -> None:
    async def run() -> tuple[int, list[str]]:
        held = Held(Places(4, SOON))
        tasks = [held.start(Client(client), kind) for client, kind in zip(clients, kinds, strict=True)]
        await until(lambda: len(held.running) == running)
        await asyncio.sleep(0.05)
        before = len(held.running)
        if running < 4:
            tasks.append(held.start(Client("another"), "another"))
            await until(lambda: held.running[-1] == "another")
        held.let_go()
        await asyncio.gather(*tasks)
        return before, held.running

    before, ran = asyncio.run(run())
    assert before == running
    assert sorted(set(ran) - {"another"}) == sorted(set(kinds))
    assert len(ran) >= 6, "those that waited ran too"


@pytest.mark.any_engine
def test_who_waits_too_long_is_told_when_to_try_again() -> None:
    async def run() -> Client:
        held = Held(Places(1, 0.05))
        first, second = held.start(Client(), "stats"), Client()
        await until(lambda: bool(held.running))
        with pytest.raises(Overloaded) as raised:
            await held.start(second, "stats")
        assert int(raised.value.headers["Retry-After"]) > 0
        held.let_go()
        await first
        await held.start(Client(), "stats")
        return second

    assert not asyncio.run(run()).aside


@pytest.mark.any_engine
def test_a_client_that_hangs_up_leaves_the_queue() -> None:
    async def run() -> list[str]:
        held = Held(Places(1, SOON))
        leaves = Client()
        first = held.start(Client(), "first")
        await until(lambda: bool(held.running))
        second, third = held.start(leaves, "second"), held.start(Client(), "third")
        await until(lambda: leaves.aside)
        leaves.gone.set()
        with pytest.raises(CallerLeft):
            await second
        held.let_go()
        await asyncio.gather(first, third)
        return held.running

    assert asyncio.run(run()) == ["first", "third"]


def test_the_query_of_a_client_that_hangs_up_is_stopped_and_its_place_is_free(databases: Databases) -> None:
    async def run() -> tuple[int, int]:
        database = Database(settings_for(databases.readable))
        client = Client()
        tasks = [called_by(client, partial(database.scan, endless)) for _ in range(12)]
        await asyncio.sleep(0.2)
        client.gone.set()
        async with asyncio.timeout(SOON):
            left = await asyncio.gather(*tasks, return_exceptions=True)
            number = await called_by(Client(), partial(database.scan, short))
        await database.close()
        return sum(isinstance(one, CallerLeft) for one in left), number

    left, number = asyncio.run(run())
    assert left == 12
    assert number > 0


def test_the_steps_of_a_scan_share_its_time(databases: Databases) -> None:
    def many(connection: Connection) -> int:
        while True:
            short(connection)
            go_on(connection)

    async def run() -> None:
        database = Database(settings_for(databases.readable), statement_seconds=0.2)
        async with asyncio.timeout(SOON):
            with pytest.raises((QueryTimeout, DBAPIError)):
                await database.scan(many)
            assert await database.scan(short) > 0
        await database.close()

    asyncio.run(run())


@pytest.fixture
def slow_stats(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[httpx.Client, list[bool]]]:
    """A client of a server on which the statistics take years as long as the list is not empty."""
    is_slow = [True]

    def read(connection: Connection) -> tuple[Stats, Stamp]:
        if is_slow:
            endless(connection)
        return read_stats(connection)

    monkeypatch.setattr("app.api.stats.router.read_stats", read)
    with running_server(settings_for(databases.readable)) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        yield client, is_slow


def test_clients_that_have_left_hold_up_nobody(slow_stats: tuple[httpx.Client, list[bool]]) -> None:
    client, is_slow = slow_stats
    place = urlsplit(str(client.base_url))
    for _ in range(16):
        with socket.create_connection((place.hostname or "", place.port or 0)) as connection:
            connection.sendall(b"GET /v1/stats HTTP/1.1\r\nHost: api.example\r\n\r\n")
            time.sleep(0.02)
    is_slow.clear()

    def answers() -> bool:
        return client.get("/v1/stats", headers={"Cache-Control": "no-cache"}).status_code == 200

    assert client.get("/v1/companies?total=true", headers={"Cache-Control": "no-cache"}).status_code == 200
    wait_until(answers, "the places are free")


def test_one_kind_of_query_leaves_places_and_slots_to_others(slow_stats: tuple[httpx.Client, list[bool]]) -> None:
    client, _ = slow_stats
    place = urlsplit(str(client.base_url))
    connections = [socket.create_connection((place.hostname or "", place.port or 0)) for _ in range(50)]
    for connection in connections:
        connection.sendall(b"GET /v1/stats HTTP/1.1\r\nHost: api.example\r\n\r\n")
    time.sleep(0.5)

    addresses = ["/v1/companies?total=true", "/v1/companies/baidu", "/v1/companies?as_of=10", "/v1/search?q=ai&country=CN"]
    statuses = [client.get(address, headers={"Cache-Control": "no-cache"}).status_code for address in addresses]
    for connection in connections:
        connection.close()

    assert statuses == [200] * 4
