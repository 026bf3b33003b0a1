"""Clients that end their side of the connection after a request, as ``nc -N`` does."""

import socket

import pytest

from app.middleware.cache import ResponseCache
from app.revisions.current import CurrentRevision
from tests.properties.raw_http import connected, everything
from tests.scaling.cluster import wait_until
from tests.server import RunningServer

pytestmark = pytest.mark.any_engine

GET = b"GET /v1/stats HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.parametrize(
    "request_", [GET + b"\r\n", GET + b"\r\n" + GET + b"\r\n", GET + b"\r\nGET /v1/unfin", b"GET /v1/stats HTTP/1.0\r\n\r\n"]
)
def test_a_half_closed_client_gets_its_responses(server: RunningServer, request_: bytes) -> None:
    with connected(server) as connection:
        connection.sendall(request_)
        connection.shutdown(socket.SHUT_WR)
        received = everything(connection)

    assert received.count(b" 200 OK") == request_.count(b"/v1/stats")
    assert received.endswith(b"}")


def test_a_half_closed_client_gets_a_response_that_takes_long(server: RunningServer) -> None:
    with connected(server) as connection:
        connection.sendall(b"GET /v1/changes?since=64&wait=2 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        received = everything(connection)

    final = received.replace(b"HTTP/1.1 100 Continue\r\n\r\n", b"")
    assert final.startswith(b"HTTP/1.1 200 ")
    assert b'"items":[]' in final


def test_a_client_with_half_a_request_gets_none(server: RunningServer) -> None:
    form = b"POST /reconcile HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    for half in (b"GET /v1/st", form + b"Content-Length: 50\r\n\r\nqueries="):
        with connected(server) as connection:
            connection.sendall(half)
            connection.shutdown(socket.SHUT_WR)

            assert everything(connection) == b""


@pytest.mark.parametrize("path", [b"/v1/changes?since=64&wait=60", b"/v1/changes/stream?since=64"])
def test_a_client_that_goes_away_no_longer_waits(server: RunningServer, path: bytes) -> None:
    assert isinstance(server.app, ResponseCache)
    current: CurrentRevision = server.app._state.current_revision
    with connected(server) as connection:
        connection.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        wait_until(lambda: current.waiting == 1, "the client waits for changes")

    wait_until(lambda: current.waiting == 0, "its place is given back")
