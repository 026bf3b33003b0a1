"""Clients that begin and do not go on: each is given up in time, and meanwhile keeps nobody from being served."""

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import httpx
import pytest

from app.database.database import Database
from app.datasets.loader import load
from app.records.company import CompanyRecord
from app.records.located import FilePlace, LocatedRecord
from tests.databases import Databases, settings_for
from tests.editing.conftest import key_of
from tests.editing.curator import Curator, content
from tests.faults.running import database_of
from tests.scaling.cluster import wait_until
from tests.server import RunningServer, running_server

SECONDS = 1.0
LONG = "n" * 4000
COMPANIES = 1300
"""With texts of 8,000 characters each: a list that no buffer between server and client has room for."""


@pytest.fixture(scope="session")
def long_list(databases: Databases) -> str:
    """A database with a long list, to be copied."""
    url = databases.copy(databases.migrated, "long")
    database = Database(settings_for(url))
    records = [CompanyRecord(slug=f"c{number}", name=f"Company {number}", note=LONG, summary=LONG) for number in range(COMPANIES)]
    with database.writing() as connection:
        load(
            connection,
            [LocatedRecord(FilePlace("test", 1), "company", None, record) for record in records],
            actor="t",
            reason="t",
        )
    database.engine.dispose()
    return url


@pytest.fixture
def url(databases: Databases, long_list: str) -> str:
    return databases.copy(long_list)


@pytest.fixture
def impatient(url: str) -> Iterator[RunningServer]:
    """A server that waits for a client for a second."""
    with running_server(settings_for(url).model_copy(update={"client_wait_seconds": SECONDS})) as running:
        yield running


@pytest.fixture
def curator(url: str, impatient: RunningServer) -> Iterator[Curator]:
    database = Database(settings_for(url))
    headers = {"Authorization": f"Bearer {key_of(database)}"}
    database.engine.dispose()
    with httpx.Client(base_url=impatient.url, headers=headers, timeout=30) as client:
        yield Curator(client)


@contextmanager
def connected(running: RunningServer, *, receive_bytes: int = 0) -> Iterator[socket.socket]:
    """A bare connection. Its own wait only tells what hangs."""
    address = httpx.URL(running.url)
    with socket.socket() as client:
        if receive_bytes:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        client.settimeout(30)
        client.connect((address.host, address.port))
        yield client


def everything(client: socket.socket) -> bytes:
    """What comes until the server closes the connection, or resets it because it has not read all of the request."""
    parts = []
    with suppress(ConnectionResetError):
        while part := client.recv(1 << 20):
            parts.append(part)
    return b"".join(parts)


def held(running: RunningServer) -> int:
    """Connections to the database that answers under way hold."""
    return database_of(running).engine.pool.checkedout()  # type: ignore[attr-defined, no-any-return]


def served(curator: Curator) -> None:
    """Somebody else reads and writes."""
    assert curator.created("/v1/companies", {"slug": "meanwhile", "name": "Meanwhile"}).status_code == 201
    assert curator.read("/v1/companies/meanwhile")["name"] == "Meanwhile"


def test_a_header_that_does_not_go_on_ends_the_connection(impatient: RunningServer, curator: Curator) -> None:
    beginnings = (b"", b"\r\n", b"GET /v1/comp", b"GET /v1/companies HTTP/1.1\r\nHost: api.example\r\nAccept")
    with ExitStack() as stack:
        clients = [stack.enter_context(connected(impatient)) for _ in beginnings]
        for client, sent in zip(clients, beginnings, strict=True):
            client.sendall(sent)
        served(curator)

        assert [everything(client) for client in clients] == [b""] * len(beginnings)


def is_answered(client: socket.socket) -> bool:
    """Sends a request. On a busy machine the server may have no time to read it before it closes the connection."""
    client.sendall(b"GET /health/live HTTP/1.1\r\nHost: api.example\r\n\r\n")
    received = b""
    with suppress(ConnectionError):
        while not received.endswith(b"}") and (part := client.recv(65536)):
            received += part
    return received.endswith(b"}")


def test_a_connection_that_was_used_may_not_stay_silent_either(impatient: RunningServer) -> None:
    with ExitStack() as stack:
        clients = (stack.enter_context(connected(impatient)) for _ in range(10))
        client = next(filter(is_answered, clients))
        client.sendall(b"\r\n")

        assert everything(client) == b""


@pytest.mark.parametrize(
    ("address", "media_type"),
    [
        ("/v1/companies", "application/json"),
        ("/v1/datasets", "application/x-ndjson"),
        ("/reconcile", "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_does_not_go_on_is_reported_and_changes_nothing(
    url: str, impatient: RunningServer, curator: Curator, address: str, media_type: str
) -> None:
    served(curator)
    database = Database(settings_for(url))
    before = content(database)
    authorization = curator.client.headers["authorization"]
    with connected(impatient) as client:
        head = f"POST {address} HTTP/1.1\r\nHost: api.example\r\nAuthorization: {authorization}\r\nContent-Type: {media_type}\r\n"
        client.sendall(f'{head}Content-Length: 60\r\n\r\n{{"kind":"company",'.encode())
        curator.changed("/v1/companies/meanwhile")
        answer = everything(client).decode()

    assert answer.startswith("HTTP/1.1 408 ")
    assert "/problems/request-timeout" in answer
    assert "connection: close" in answer.lower()
    assert content(database) == before
    database.engine.dispose()


def test_a_request_that_is_broken_off_is_no_fault_of_the_server(
    impatient: RunningServer, curator: Curator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    with connected(impatient) as client:
        head = f"POST /v1/companies HTTP/1.1\r\nHost: api.example\r\nAuthorization: {curator.client.headers['authorization']}\r\n"
        client.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 60\r\n\r\n{{".encode())
        served(curator)
    time.sleep(0.2)
    served_again = curator.get("/v1/stats")

    assert served_again.status_code == 200
    assert caplog.records == []


@pytest.mark.slow
def test_a_download_that_nobody_takes_gives_its_snapshot_back(impatient: RunningServer, curator: Curator) -> None:
    with connected(impatient, receive_bytes=4096) as client:
        served(curator)
        before = held(impatient)
        client.sendall(b"GET /v1/companies?format=ndjson HTTP/1.1\r\nHost: api.example\r\n\r\n")
        wait_until(lambda: held(impatient) == before + 1, "the list is being sent")
        curator.changed("/v1/companies/meanwhile", name="Still served")

        wait_until(lambda: held(impatient) == before, "the connection to the database is given back")


@pytest.mark.slow
def test_a_download_that_is_broken_off_gives_its_snapshot_back(impatient: RunningServer, curator: Curator) -> None:
    served(curator)
    before = held(impatient)
    with connected(impatient, receive_bytes=4096) as client:
        client.sendall(b"GET /v1/companies?format=ndjson HTTP/1.1\r\nHost: api.example\r\n\r\n")
        wait_until(lambda: held(impatient) == before + 1, "the list is being sent")

    wait_until(lambda: held(impatient) == before, "the connection to the database is given back")


@pytest.mark.slow
def test_slow_readers_of_one_client_leave_downloads_to_others(url: str) -> None:
    share = 8 if url.startswith("sqlite") else 2
    with ExitStack() as stack:
        running = stack.enter_context(running_server(settings_for(url).model_copy(update={"database_wait_seconds": 2})))
        readers = [stack.enter_context(connected(running, receive_bytes=4096)) for _ in range(share + 2)]
        for reader in readers:
            reader.sendall(b"GET /v1/companies?format=ndjson HTTP/1.1\r\nHost: api.example\r\n\r\n")
        heads = sorted(reader.recv(12) for reader in readers)
        transport = httpx.HTTPTransport(local_address="127.0.0.2")
        with httpx.Client(base_url=running.url, timeout=60, transport=transport) as neighbour:
            answer = neighbour.get("/v1/companies?format=ndjson")

    assert heads == [b"HTTP/1.1 200"] * share + [b"HTTP/1.1 503"] * 2
    assert answer.text.count("\n") == COMPANIES


@pytest.mark.slow
def test_a_download_that_is_taken_slowly_is_whole(impatient: RunningServer) -> None:
    with connected(impatient, receive_bytes=65536) as client:
        client.sendall(b"GET /v1/companies?format=ndjson HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n")
        began, received = time.monotonic(), b""
        while part := client.recv(1 << 20):
            received += part
            time.sleep(0.01 if time.monotonic() - began < 2 * SECONDS else 0)

    assert received.count(b'"name":"Company ') == COMPANIES
    assert received.endswith(b"0\r\n\r\n")


def test_a_body_that_comes_too_slowly_is_reported(impatient: RunningServer) -> None:
    with connected(impatient) as client:
        client.sendall(b"POST /reconcile HTTP/1.1\r\nHost: api.example\r\nContent-Length: 100000\r\n")
        client.sendall(b"Content-Type: application/x-www-form-urlencoded\r\n\r\n")
        client.settimeout(0)
        answer = b""
        for _ in range(600):
            client.sendall(b"q")
            time.sleep(0.05)
            with suppress(BlockingIOError):
                answer = client.recv(65_536)
                break

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"bytes per second" in answer
