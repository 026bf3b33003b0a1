"""The client of app/client, synchronous and asynchronous, on real servers. The database is SQLite: the client sees only HTTP."""

import datetime
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from app.auth.key import Scope
from app.auth.queries import create_key
from app.client import AsyncClient, Cache, Client
from app.database.database import Database
from tests.databases import DatabasesOn, settings_for
from tests.server import RunningServer, running_server


@dataclass
class Wire:
    """What went over the wire, and what shall go wrong: each fault is for one request, the first fault for the first."""

    sent: list[httpx.Request] = field(default_factory=list)
    received: list[httpx.Response] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def note(self, request: httpx.Request) -> str:
        self.sent.append(request)
        return self.faults.pop(0) if self.faults else ""

    def statuses(self) -> list[int]:
        return [response.status_code for response in self.received]


class SyncWire(httpx.HTTPTransport):
    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self.wire = wire

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        fault = self.wire.note(request)
        if fault == "before":
            raise httpx.ConnectError("refused", request=request)
        response = super().handle_request(request)
        self.wire.received.append(response)
        if fault == "after":
            response.close()
            raise httpx.ReadError("lost", request=request)
        return response


class AsyncWire(httpx.AsyncHTTPTransport):
    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self.wire = wire

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        fault = self.wire.note(request)
        if fault == "before":
            raise httpx.ConnectError("refused", request=request)
        response = await super().handle_async_request(request)
        self.wire.received.append(response)
        if fault == "after":
            await response.aclose()
            raise httpx.ReadError("lost", request=request)
        return response


class AnyClient:
    """A client of either kind, with the methods of the synchronous one, so that one test is for both."""

    def __init__(self, client: Client | AsyncClient, portal: BlockingPortal | None, wire: Wire) -> None:
        self.wire = wire
        self._client: Any = client
        self._portal = portal

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the client has
        return Blocking(getattr(self._client, name), self._portal)

    def close(self) -> None:
        if self._portal:
            self._portal.call(self._client.aclose)
        else:
            self._client.close()


class Blocking:
    """Something of a client. Calling it waits for what it returns, and iterating over it waits for each item."""

    def __init__(self, inner: Any, portal: BlockingPortal | None) -> None:  # noqa: ANN401 - whatever the client has
        self._inner = inner
        self._portal = portal

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the client has
        return Blocking(getattr(self._inner, name), self._portal)

    def __call__(self, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the client has
        result = self._inner(*arguments, **named)
        if isinstance(result, Coroutine):
            assert self._portal
            return self._portal.call(_awaited, result)
        return Blocking(result, self._portal) if hasattr(result, "pages") or hasattr(result, "__anext__") else result

    def __iter__(self) -> Iterator[Any]:
        if not self._portal:
            yield from self._inner
            return
        items: AsyncGenerator[Any, None] = aiter(self._inner)
        end = object()
        try:
            while (item := self._portal.call(partial(_next, items, end))) is not end:
                yield item
        finally:
            self._portal.call(items.aclose)


async def _awaited(coroutine: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - whatever the client returns
    return await coroutine


async def _next(items: AsyncIterator[Any], end: object) -> Any:  # noqa: ANN401 - whatever the client returns
    return await anext(items, end)


Connect = Callable[..., AnyClient]


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    """An event loop, in a thread of its own."""
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture(params=["sync", "async"])
def connect(request: pytest.FixtureRequest, portal: BlockingPortal) -> Iterator[Connect]:
    """Creates clients: first synchronous ones, then asynchronous ones."""
    with ExitStack() as stack:

        def create(url: str, *, key: str | None = None, retries: int = 3, cache: Cache | None = None) -> AnyClient:
            wire = Wire()
            options: dict[str, Any] = {"key": key, "retries": retries, "cache": cache}
            if request.param == "sync":
                http = stack.enter_context(httpx.Client(transport=SyncWire(wire), timeout=30, follow_redirects=True))
                return AnyClient(Client(url, http=http, **options), None, wire)
            own = httpx.AsyncClient(transport=AsyncWire(wire), timeout=30, follow_redirects=True)
            stack.callback(portal.call, own.aclose)
            return AnyClient(AsyncClient(url, http=own, **options), portal, wire)

        yield create


@pytest.fixture(scope="session")
def seeded_server(databases_on: DatabasesOn) -> Iterator[RunningServer]:
    """A server with the seed. Tests only read from it."""
    databases = databases_on("sqlite")
    with running_server(settings_for(databases.copy(databases.seeded))) as running:
        yield running


@pytest.fixture
def reader(connect: Connect, seeded_server: RunningServer) -> AnyClient:
    """A client without a key."""
    return connect(seeded_server.url)


@dataclass(frozen=True)
class Desk:
    """A server of the test's own, with the seed, and a key to write."""

    url: str
    key: str


@pytest.fixture
def desk(databases_on: DatabasesOn) -> Iterator[Desk]:
    databases = databases_on("sqlite")
    url = databases.copy(databases.seeded)
    database = Database(settings_for(url))
    now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    with database.writing() as connection:
        key = create_key(connection, name="laptop", scopes=[Scope.WRITE], expires_at=None, now=now).text
    database.engine.dispose()
    with running_server(settings_for(url)) as running:
        yield Desk(running.url, key)
    databases.drop(url)


@pytest.fixture
def writer(connect: Connect, desk: Desk) -> AnyClient:
    """A client with a key."""
    return connect(desk.url, key=desk.key)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses before further attempts, which take no time here."""
    taken: list[float] = []

    async def sleep(seconds: float) -> None:
        taken.append(seconds)

    monkeypatch.setattr("app.client.transport.sleep", taken.append)
    monkeypatch.setattr("app.client.transport.async_sleep", sleep)
    return taken
