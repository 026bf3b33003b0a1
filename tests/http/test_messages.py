"""What is no proper HTTP message, or more of one than a server should read, is refused with a problem. Nothing else happens."""

import time
from collections.abc import Iterator

import httpx
import pytest

from app.database.database import Database
from tests.databases import Databases, settings_for
from tests.editing.conftest import key_of
from tests.properties.raw_http import Answer, connected, everything, send
from tests.server import RunningServer, running_server

pytestmark = pytest.mark.any_engine

GET = b"GET /v1/stats HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = b"Host: localhost\r\nTransfer-Encoding: chunked\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
SECURITY_HEADERS = ("x-content-type-options", "referrer-policy", "content-security-policy")


def require_refusal(answer: Answer, status: int, name: str) -> None:
    """It looks like every other problem, and it is the last thing on the connection."""
    assert (answer.status, answer.problem["type"]) == (status, f"/problems/{name}")
    assert answer.problem["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
    assert [header for header in SECURITY_HEADERS if header not in answer.headers] == []
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize("size", [20_000, 70_000, 400_000])
def test_a_url_is_bounded_while_it_arrives(server: RunningServer, size: int) -> None:
    unfinished = b"GET /v1/companies?name=" + b"a" * size

    require_refusal(send(server, unfinished), 414, "address-too-long")
    require_refusal(send(server, unfinished + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"), 414, "address-too-long")


@pytest.mark.parametrize("field", [b"X: " + b"a" * 70_000, b"a" * 70_000, b"a:b\r\n" * 200, b"a:b\r\n" * 100_000])
def test_a_header_is_bounded_while_it_arrives(server: RunningServer, field: bytes) -> None:
    require_refusal(send(server, GET + field), 431, "header-too-large")
    require_refusal(send(server, GET + field.removesuffix(b"\r\n") + b": \r\n\r\n"), 431, "header-too-large")


def test_empty_lines_before_a_request_are_bounded(server: RunningServer) -> None:
    require_refusal(send(server, b"\r\n" * 100_000), 431, "header-too-large")


def test_a_header_within_the_bounds_is_accepted(server: RunningServer) -> None:
    fields = b"".join(b"X-%d: %s\r\n" % (number, b"a" * 600) for number in range(98))

    assert send(server, GET + b"Connection: close\r\n" + fields + b"\r\n").status == 200


@pytest.mark.parametrize(
    "parts",
    [
        [b"1;" + b"a" * 3000, *[b"a" * 3000] * 20],  # one endless extension
        [b"1;" + b"a" * 3000 + b"\r\nx\r\n"] * 20,  # many long ones
        [b"0\r\nX: ", *[b"a" * 3000] * 20],  # one endless trailer field
        [b"0\r\n", *[b"X: y\r\n" * 300] * 20],  # many short ones
    ],
)
@pytest.mark.parametrize("path", [b"/reconcile", b"/v1/companies/nowhere"])
def test_what_surrounds_a_body_is_bounded(server: RunningServer, parts: list[bytes], path: bytes) -> None:
    with connected(server) as connection:
        connection.sendall(b"POST " + path + b" HTTP/1.1\r\n" + FORM + CHUNKED + b"\r\n")
        for part in parts:
            connection.sendall(part)
            time.sleep(0.002)  # each is a packet of its own
        received = everything(connection)

    assert received.count(b"HTTP/1.1 ") == 1
    if path == b"/reconcile":  # reads its body
        assert received.startswith(b"HTTP/1.1 431 ")
        assert b'"/problems/header-too-large"' in received
    else:
        assert b"/problems/" in received


def test_a_body_in_many_small_chunks_is_whole(server: RunningServer) -> None:
    body = b'queries={"q0":{"query":"Baidu"}}' + b" " * 30_000
    head = b"POST /reconcile HTTP/1.1\r\nConnection: close\r\n" + FORM + CHUNKED
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body)

    assert send(server, head + b"\r\n" + chunks + b"0\r\n\r\n").status == 200


@pytest.fixture
def closed(databases: Databases) -> Iterator[tuple[RunningServer, bytes]]:
    """A server with a key that may write."""
    url = databases.copy(databases.seeded)
    database = Database(settings_for(url))
    key = key_of(database)
    database.engine.dispose()
    with running_server(settings_for(url)) as running:
        yield running, f"Authorization: Bearer {key}\r\n".encode()


@pytest.mark.parametrize("split", [True, False])
def test_trailer_fields_are_no_header_fields(closed: tuple[RunningServer, bytes], split: bool) -> None:  # noqa: FBT001
    server, key = closed
    head = b"DELETE /v1/companies/baidu/milestones/founded HTTP/1.1\r\nConnection: close\r\n" + CHUNKED
    without_key = (head + b"If-Match: *\r\n\r\n", b"0\r\n" + key + b"\r\n")
    without_condition = (head + key + b"\r\n", b"0\r\nIf-Match: *\r\n\r\n")

    statuses = []
    for begin, trailers in (without_key, without_condition):
        with connected(server) as connection:
            connection.sendall(begin if split else begin + trailers)
            if split:
                time.sleep(0.05)
                connection.sendall(trailers)
            statuses.append(int(everything(connection).split()[1]))

    assert statuses == [401, 428]
    assert httpx.get(f"{server.url}/v1/companies/baidu/milestones/founded").status_code == 200


@pytest.mark.parametrize("hosts", [b"", b"a, b", b"a, a", b"a b", b"a/b", b"u@a", b"a:b", b"[a", b"\xe7\x99\xbe", b"%zz"])
def test_a_request_has_one_valid_host(server: RunningServer, hosts: bytes) -> None:
    fields = b"".join(b"Host: " + host + b"\r\n" for host in hosts.split(b", ") if host)

    require_refusal(send(server, b"GET /reconcile HTTP/1.1\r\n" + fields + b"\r\n"), 400, "malformed-request")


@pytest.mark.parametrize("host", [b"", b"a", b"a:80", b"[::1]:8000", b"127.0.0.1", b"a_b.example", b"xn--bcher-kva.example."])
def test_a_valid_host_is_accepted(server: RunningServer, host: bytes) -> None:
    assert send(server, b"GET /v1 HTTP/1.1\r\nConnection: close\r\nHost: " + host + b"\r\n\r\n").status == 200
    assert send(server, b"GET /v1 HTTP/1.0\r\n\r\n").status == 200


@pytest.mark.parametrize(
    "message",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",  # TLS
        b"nonsense\r\n\r\n",
        b"GET /v1 HTTP/9.9\r\n\r\n",
        b"GET /v1/a b HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET http://localhost HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        GET + b"Na me: x\r\n\r\n",
        GET + b"Name : x\r\n\r\n",
        GET + b"Name: x\r\n folded\r\n\r\n",
        GET + b"Name: \x00\r\n\r\n",
        GET + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
        GET + b"Content-Length: +5\r\n\r\n",
        GET + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        GET + b"Transfer-Encoding: identity\r\n\r\n",
        GET + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n\r\nGET /",
    ],
)
def test_what_the_parser_refuses_is_a_problem(server: RunningServer, message: bytes) -> None:
    require_refusal(send(server, message), 400, "malformed-request")


def test_a_cached_response_does_not_replace_a_refusal(server: RunningServer) -> None:
    assert send(server, GET + b"Connection: close\r\n\r\n").status == 200
    require_refusal(send(server, GET + b"Transfer-Encoding: identity\r\n\r\n"), 400, "malformed-request")


def test_a_refused_body_changes_nothing(closed: tuple[RunningServer, bytes]) -> None:
    server, key = closed
    head = b"DELETE /v1/companies/baidu/milestones/founded HTTP/1.1\r\nIf-Match: *\r\n" + CHUNKED + key

    require_refusal(send(server, head + b"\r\nxyz\r\n"), 400, "malformed-request")
    assert httpx.get(f"{server.url}/v1/companies/baidu/milestones/founded").status_code == 200


@pytest.mark.parametrize("query", ["q=百度", "q=é&limit=1", "limit=1&q=百度%20A"])
def test_a_url_beyond_ascii_is_shown_encoded(server: RunningServer, query: str) -> None:
    answer = send(server, f"GET /v1/search?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    [encoded] = answer.problem["suggestions"]

    require_refusal(answer, 400, "malformed-request")
    assert encoded in answer.problem["detail"]
    assert httpx.get(server.url + encoded).status_code == 200


@pytest.mark.parametrize("target", [b"/v1/search?q=\xff", b"/v1/search?q=" + "百".encode() * 500])
def test_a_url_that_cannot_be_shown_encoded_is_explained(server: RunningServer, target: bytes) -> None:
    answer = send(server, b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")

    assert "percent-encode" in answer.problem["detail"]
    assert "suggestions" not in answer.problem


def test_a_refusal_waits_for_the_responses_before_it(server: RunningServer) -> None:
    with connected(server) as connection:
        connection.sendall(GET + b"\r\n" + GET + b"\r\nnonsense\r\n\r\n" + GET + b"\r\n")
        received = everything(connection)

    assert [int(part[:3]) for part in received.split(b"HTTP/1.1 ")[1:]] == [200, 200, 400]


def test_a_client_that_still_sends_receives_its_refusal(server: RunningServer) -> None:
    """A connection that is closed with unread input is reset, and what was sent last is lost."""
    with connected(server) as connection:
        for _ in range(200):
            connection.sendall(b"x" * 65536)

        assert b"/problems/malformed-request" in everything(connection)


@pytest.mark.parametrize("protocol", [b"h2c", b"websocket"])
def test_an_offer_of_another_protocol_is_ignored(server: RunningServer, protocol: bytes) -> None:
    upgrade = b"Connection: Upgrade\r\nUpgrade: " + protocol + b"\r\n\r\n"
    with connected(server) as connection:
        connection.sendall((GET + upgrade) * 2000 + GET + b"Connection: close\r\n\r\n")

        assert everything(connection).count(b"HTTP/1.1 200 ") == 2001
