"""A worker that has as much to do as it takes says so at once, and still tells that it lives."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from app.main import create_app
from app.settings import Settings
from tests.changes.asgi import Call
from tests.changes.streams import listening
from tests.conftest import Databases, settings_for
from tests.scaling.cluster import wait_until
from tests.server import running_server

REQUESTS, STREAMS = 2, 3
COMPANY = "/v1/companies/baidu"
UNFINISHED = (
    b"POST /reconcile HTTP/1.1\r\nHost: api.example\r\nContent-Length: 100\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nqueries="
)
WAIT = "/v1/changes?since=64&wait=30"


def narrow(url: str) -> Settings:
    """A worker that takes little."""
    return settings_for(url).model_copy(update={"concurrent_requests": REQUESTS, "event_streams": STREAMS})


@pytest.fixture(scope="module")
def client(databases: Databases) -> Iterator[httpx.Client]:
    with running_server(narrow(databases.seeded)) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


def status(client: httpx.Client, address: str) -> int:
    """What the application answers with, not the cache."""
    return client.get(address, headers={"Cache-Control": "no-cache"}).status_code


@contextmanager
def busy(client: httpx.Client) -> Iterator[None]:
    """A block in which the worker is at as many requests as it takes: what it has are requests whose body does not come."""
    place = urlsplit(str(client.base_url))
    with ExitStack() as stack:

        def give_it_work() -> bool:
            connection = stack.enter_context(socket.create_connection((place.hostname or "", place.port or 0)))
            connection.sendall(UNFINISHED)
            return status(client, COMPANY) == 503

        wait_until(give_it_work, "the worker is busy")
        yield
    wait_until(lambda: status(client, COMPANY) == 200, "the worker has time again")


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
        app = create_app(narrow(databases.seeded))
        async with app.router.lifespan_context(app):
            calls = [Call(app, COMPANY) for _ in range(5)]
            for call in calls:
                await call.finished()
        return sorted(call.status for call in calls)

    assert asyncio.run(ask()) == [200, 200, 503, 503, 503]


def test_clients_that_wait_have_a_limit_of_their_own(client: httpx.Client) -> None:
    with ExitStack() as stack:
        coming = [stack.enter_context(listening(client)) for _ in range(STREAMS)]
        assert [next(events).event for events in coming] == ["start"] * STREAMS

        refused = [client.get("/v1/changes/stream"), client.get(WAIT)]
        assert [(answer.status_code, answer.json()["type"]) for answer in refused] == [(503, "/problems/overloaded")] * 2
        assert "waiting for changes" in refused[0].json()["detail"]
        assert status(client, COMPANY) == 200
        assert status(client, "/v1/changes?since=0&wait=30") == 200, "there is nothing to wait for"
    wait_until(lambda: status(client, "/v1/changes?since=64&wait=1") == 200, "there is room to wait again")
