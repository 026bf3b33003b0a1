"""What an attacker sends, and what comes of it (docs/operate/security.md)."""

import socket
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database.database import Database
from tests.editing.conftest import Serve, key_of
from tests.editing.curator import Curator, content, errors_of, refused
from tests.editing.lamps import REGISTER_SOURCE
from tests.lengths import by_length
from tests.server import RunningServer


@pytest.fixture
def bait() -> Iterator[socket.socket]:
    """A listener that nobody should come to."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        yield listener


def visitors(listener: socket.socket) -> int:
    try:
        listener.accept()
    except TimeoutError:
        return 0
    return 1


@pytest.mark.parametrize("path", ["", "/secret", "@127.0.0.1/"])
def test_nothing_is_fetched_from_an_address_that_a_client_sends(curator: Curator, bait: socket.socket, path: str) -> None:
    url = f"http://127.0.0.1:{bait.getsockname()[1]}{path}"
    curator.created("/v1/sources", REGISTER_SOURCE | {"slug": "bait", "original_url": url})
    curator.post("/v1/datasets", [REGISTER_SOURCE | {"kind": "source", "slug": "bait-too", "original_url": url}])
    curator.get("/v1/sources/bait")
    curator.client.get("/v1/companies", headers={"Origin": url, "Referer": url, "X-Forwarded-Host": url})

    assert visitors(bait) == 0


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "ftp://a.example/b"])
def test_a_source_is_at_an_address_of_the_web_or_at_none(curator: Curator, url: str) -> None:
    answer = curator.post("/v1/sources", REGISTER_SOURCE | {"slug": "odd", "original_url": url})

    refused(answer, 422, "invalid-record")
    assert list(errors_of(answer)) == ["original_url"]


INJECTED = "x%0d%0aSet-Cookie:%20a=b"


@pytest.mark.parametrize(
    "address",
    [
        f"/v1/companies/{INJECTED}",
        f"/v1/companies/{INJECTED}/metrics?format=csv",
        f"/v1/companies?cursor={INJECTED}",
        f"/v1/search?q={INJECTED}",
        f"/v1/companies?limit=1&name={INJECTED}",
        f"/{INJECTED}",
    ],
)
def test_no_address_writes_a_header(client: httpx.Client, address: str) -> None:
    answer = client.get(address)

    assert "set-cookie" not in answer.headers
    assert all("\n" not in value and "\r" not in value for value in answer.headers.values())


@pytest.mark.parametrize(
    "address",
    [
        "/assets/../../pyproject.toml",
        "/assets/%2e%2e/%2e%2e/app/settings.py",
        "/assets/..%2f..%2fapp/settings.py",
        "/docs/..%5c..%5capp/settings.py",
        "/problems/%2e%2e/%2e%2e/etc/passwd",
        "//127.0.0.1/etc/passwd",
    ],
)
def test_no_address_reaches_a_file(server: RunningServer, address: str) -> None:
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as connection:
        connection.sendall(f"GET {address} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))

    assert answer.split(b" ", 2)[1] in (b"400", b"404"), answer
    assert b"[project]" not in answer
    assert b"root:" not in answer


SYNTAX = st.sampled_from(
    ["'", '"', "--", ";", "/*", "*", "(", ")", "\\", "%", "_", " OR ", " UNION SELECT ", "NEAR", ":", "&", "|", "!", "<->"]
)


@settings(max_examples=by_length(everyday=20, full=60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SYNTAX | st.sampled_from(["baidu", "1=1", "companies", "0"]), min_size=1, max_size=8).map("".join))
def test_no_parameter_is_read_as_sql_or_as_a_query_of_the_text_index(client: httpx.Client, text: str) -> None:
    for name, address in (("q", "/v1/search"), ("q", "/v1/suggest"), ("name", "/v1/companies"), ("company", "/v1/metrics")):
        answer = client.get(address, params={name: text})

        assert answer.status_code in (200, 422), answer.text
        assert "syntax" not in answer.text.lower()


@pytest.mark.parametrize(
    "body",
    [
        b'{"slug": "x\'); DROP TABLE companies; --"}',
        b"__proto__",
        b'{"__proto__": {"admin": true}}',
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
        b"!!python/object/apply:os.system ['true']",
    ],
)
def test_a_hostile_body_is_refused_and_changes_nothing(curator: Curator, database: Database, body: bytes) -> None:
    before = content(database)
    answer = curator.send("POST", "/v1/companies", body)

    assert answer.status_code in (400, 422), answer.text
    assert content(database) == before


@pytest.mark.parametrize("field", ["revision", "id", "updated_at", "actor", "document"])
def test_a_field_that_is_the_servers_cannot_be_written(curator: Curator, field: str) -> None:
    answer = curator.patch("/v1/companies/fernhold", {field: 1})

    refused(answer, 422, "invalid-record")
    assert list(errors_of(answer)) == [field]


def test_what_a_key_was_answered_is_not_answered_to_another(database: Database, serve: Serve) -> None:
    first, second = serve(database, key_of(database, name="first")), serve(database, key_of(database, name="second"))
    body = {"slug": "lumen", "name": "Lumen"}
    assert first.post("/v1/companies", body, idempotency_key="one-and-the-same").status_code == 201
    assert "idempotency-replayed" in first.post("/v1/companies", body, idempotency_key="one-and-the-same").headers

    refused(second.post("/v1/companies", body, idempotency_key="one-and-the-same"), 409, "conflict")
