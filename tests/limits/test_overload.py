"""A worker that has as much to do as it takes says so at once, and still tells that it lives."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from app.main import create_app
from app.middleware.load_shedding import Load
from app.settings import Settings
from tests.changes.asgi import Call
from tests.changes.streams import listening
from tests.databases import Databases, settings_for
from tests.scaling.cluster import wait_until
from tests.server import running_server

REQUESTS, STREAMS = 2, 4
STREAMS_OF_CLIENT = 3
COMPANY = "/v1/companies/baidu"
UNFINISHED = (
    b"POST /reconcile HTTP/1.1\r\nHost: api.example\r\nContent-Length: 100\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nqueries="
)
WAIT = "/v1/changes?since=64&wait=30"
WAIT_SHORTLY = "/v1/changes?since=64&wait=1"


def narrow(url: str) -> Settings:
    """A worker that takes little."""
    return settings_for(url).model_copy(update={"concurrent_requests": REQUESTS, "event_streams": STREAMS})


class NotedLoad(Load):
    """What the worker of these tests is busy with."""

    latest: Load

    def __init__(self, most_requests: int, most_waiting: int) -> None:
        super().__init__(most_requests, most_waiting)
        NotedLoad.latest = self


@pytest.fixture(scope="module")
def client(databases: Databases) -> Iterator[httpx.Client]:
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("app.main.Load", NotedLoad)
            server = stack.enter_context(running_server(narrow(databases.readable)))
        yield stack.enter_context(httpx.Client(base_url=server.url, timeout=30))


def status(client: httpx.Client, address: str) -> int:
    """What the application answers with, not the cache."""
    return client.get(address, headers={"Cache-Control": "no-cache"}).status_code


@contextmanager
def busy(client: httpx.Client) -> Iterator[None]:
    """A block in which the worker is at as many requests as it takes."""
    load = NotedLoad.latest
    load.most_requests = 0
    yield
    load.most_requests = REQUESTS
    wait_until(lambda: status(client, COMPANY) == 200, "the worker has time again")


def test_bodies_that_do_not_come_hold_no_slot(client: httpx.Client) -> None:
    place = urlsplit(str(client.base_url))
    with ExitStack() as stack:
        connections = [
            stack.enter_context(socket.create_connection((place.hostname or "", place.port or 0))) for _ in range(3 * REQUESTS)
        ]
        for connection in connections:
            connection.sendall(UNFINISHED)
        connections[-1].settimeout(10)
        refusal = connections[-1].recv(65_536)

        assert refusal.startswith(b"HTTP/1.1 503 "), "not without end"
        assert [status(client, COMPANY) for _ in range(5)] == [200] * 5
    wait_until(lambda: NotedLoad.latest.aside == [], "nobody sends a body")
    assert NotedLoad.latest.requests == 0


def test_a_body_that_is_whole_needs_a_slot(client: httpx.Client) -> None:
    place = urlsplit(str(client.base_url))
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=10) as connection:
        connection.sendall(UNFINISHED)
        wait_until(lambda: bool(NotedLoad.latest.aside), "the body is on its way")
        with busy(client):
            connection.sendall(b"x" * 92)
            assert connection.recv(65_536).startswith(b"HTTP/1.1 503 ")


def test_too_many_requests_are_refused_with_a_problem_that_says_when_to_try_again(client: httpx.Client) -> None:
    with busy(client):
        answer = client.get(COMPANY, headers={"Origin": "https://app.example", "Cache-Control": "no-cache"})

    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/overloaded")
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
    assert answer.headers["access-control-allow-origin"] == "*", "a page of another origin can read it"


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_still_gets_a_response(client: httpx.Client, path: str) -> None:
    with busy(client):
        assert client.get(path).status_code == 200


def test_what_is_cached_still_gets_a_response(client: httpx.Client) -> None:
    before = client.get(COMPANY).json()

    with busy(client):
        assert client.get(COMPANY).json() == before


def test_requests_are_taken_again_once_there_is_room(client: httpx.Client) -> None:
    with busy(client):
        pass

    assert [status(client, COMPANY) for _ in range(10)] == [200] * 10


def test_what_comes_at_the_same_moment_is_counted_before_any_is_worked_on(databases: Databases) -> None:
    async def ask() -> list[int]:
        app = create_app(narrow(databases.readable))
        async with app.router.lifespan_context(app):
            calls = [Call(app, COMPANY) for _ in range(5)]
            for call in calls:
                await call.finished()
        return sorted(call.status for call in calls)

    assert asyncio.run(ask()) == [200, 200, 503, 503, 503]


@pytest.fixture
def neighbour(client: httpx.Client) -> Iterator[httpx.Client]:
    """A client with another IP."""
    transport = httpx.HTTPTransport(local_address="127.0.0.2")
    with httpx.Client(base_url=client.base_url, timeout=30, transport=transport) as neighbour:
        yield neighbour


def test_one_client_leaves_room_for_others_to_wait(client: httpx.Client, neighbour: httpx.Client) -> None:
    with ExitStack() as stack:
        coming = [stack.enter_context(listening(client)) for _ in range(STREAMS_OF_CLIENT)]
        assert [next(events).event for events in coming] == ["start"] * STREAMS_OF_CLIENT

        refused = [client.get("/v1/changes/stream"), client.get(WAIT)]
        assert [(answer.status_code, answer.json()["type"]) for answer in refused] == [(503, "/problems/overloaded")] * 2
        assert "of this client" in refused[0].json()["detail"]
        assert next(stack.enter_context(listening(neighbour))).event == "start"
    wait_until(lambda: status(client, WAIT_SHORTLY) == 200, "there is room to wait again")


def test_clients_that_wait_have_a_limit_of_their_own(client: httpx.Client, neighbour: httpx.Client) -> None:
    with ExitStack() as stack:
        coming = [stack.enter_context(listening(client)) for _ in range(STREAMS_OF_CLIENT)]
        coming += [stack.enter_context(listening(neighbour)) for _ in range(STREAMS - STREAMS_OF_CLIENT)]
        assert [next(events).event for events in coming] == ["start"] * STREAMS

        refused = [neighbour.get("/v1/changes/stream"), client.get(WAIT)]
        assert [(answer.status_code, answer.json()["type"]) for answer in refused] == [(503, "/problems/overloaded")] * 2
        assert "clients are waiting for changes" in refused[0].json()["detail"]
        assert status(client, COMPANY) == 200
        assert status(client, "/v1/changes?since=0&wait=30") == 200, "there is nothing to wait for"
    wait_until(lambda: status(client, WAIT_SHORTLY) == 200, "there is room to wait again")
