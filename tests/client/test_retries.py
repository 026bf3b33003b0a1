"""What may pass is tried again, when the server says or after a random pause."""

from contextlib import AbstractContextManager

import httpx
import pytest

from app.client import Client, Problem
from tests.client.conftest import Connect
from tests.databases import DatabasesOn, settings_for
from tests.server import RunningServer, running_server


def limited(databases_on: DatabasesOn, limit: str) -> AbstractContextManager[RunningServer]:
    databases = databases_on("sqlite")
    return running_server(settings_for(databases.copy(databases.seeded)).model_copy(update={"rate_limit": limit}))


def test_retry_after_is_waited_for(connect: Connect, databases_on: DatabasesOn, pauses: list[float]) -> None:
    with limited(databases_on, "1/minute") as running:
        client = connect(running.url, retries=2)
        client.stats()
        with pytest.raises(Problem, match="429 Too many requests"):
            client.stats()
    asked = [int(response.headers["Retry-After"]) for response in client.wire.received[1:]]

    assert client.wire.statuses() == [200, 429, 429, 429]
    assert all(seconds <= pause <= seconds + 1 for seconds, pause in zip(asked, pauses, strict=False))
    assert len(pauses) == 2


def test_a_wait_of_more_than_two_minutes_is_left_to_the_caller(
    connect: Connect, databases_on: DatabasesOn, pauses: list[float]
) -> None:
    with limited(databases_on, "1/hour") as running:
        client = connect(running.url)
        client.stats()
        with pytest.raises(Problem, match="429 Too many requests"):
            client.stats()

    assert client.wire.statuses() == [200, 429]
    assert pauses == []


def test_lost_connections_are_tried_again_after_growing_random_pauses(
    connect: Connect, seeded_server: RunningServer, pauses: list[float]
) -> None:
    client = connect(seeded_server.url)
    for _ in range(2):
        client.wire.faults = ["before", "after", "before"]
        assert client.stats().revision > 0

    assert len(set(pauses)) == 6
    for attempt, pause in enumerate(pauses[:3]):
        assert 0.25 * 2**attempt <= pause <= 0.5 * 2**attempt


def test_after_the_retries_the_error_is_raised(connect: Connect, seeded_server: RunningServer, pauses: list[float]) -> None:
    client = connect(seeded_server.url, retries=2)
    client.wire.faults = ["before"] * 9

    with pytest.raises(httpx.ConnectError):
        client.stats()
    assert len(client.wire.sent) == 3
    assert len(pauses) == 2


def test_an_error_of_a_proxy_is_a_problem_too(pauses: list[float]) -> None:
    proxy = httpx.MockTransport(lambda _: httpx.Response(502, text="<html>"))
    client = Client("http://proxy.example", http=httpx.Client(transport=proxy))

    with pytest.raises(Problem, match="502 Bad Gateway: <html>") as failed:
        client.stats()
    assert (failed.value.type, failed.value.errors) == ("about:blank", [])
    assert len(pauses) == 3
