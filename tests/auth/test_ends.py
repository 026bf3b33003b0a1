"""What was opened with a key ends when the key does."""

import datetime
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator

import httpx
import pytest

from app.auth.key import Scope
from app.auth.queries import revoke_key
from app.database.database import Database
from app.operations.monitoring.logs import NotLoggedBefore
from app.settings import Settings
from app.values.dates import now
from tests.auth.conftest import MakeKey, bearer
from tests.changes.streams import events
from tests.server import running_server

LONG = 30.0
"""Seconds after which a request under way would end by itself, or has not ended as it should."""


@pytest.fixture
def closed(closed_settings: Settings) -> Iterator[httpx.Client]:
    with running_server(closed_settings) as server, httpx.Client(base_url=server.url, timeout=LONG) as client:
        yield client


@pytest.fixture
def revoke(database: Database) -> Callable[[], None]:
    def revoke() -> None:
        with database.writing() as connection:
            revoke_key(connection, "dashboard", now())

    return revoke


def test_an_event_stream_ends_when_its_key_is_revoked_and_others_go_on(
    closed: httpx.Client, make_key: MakeKey, revoke: Callable[[], None]
) -> None:
    headers, others = bearer(make_key(Scope.READ)), bearer(make_key(Scope.READ, name="other"))
    with (
        closed.stream("GET", "/v1/changes/stream", headers=headers) as answer,
        closed.stream("GET", "/v1/changes/stream", headers=others) as other,
    ):
        heard = [next(coming := events(answer)).event]
        revoke()
        began = time.monotonic()
        heard += [event.event for event in coming]

        assert time.monotonic() - began < LONG / 3
        assert heard == ["start"]
        assert next(events(other)).event == "start"
    assert closed.get("/v1/changes/stream", headers=headers).status_code == 401


def test_an_event_stream_ends_when_its_key_expires(closed: httpx.Client, make_key: MakeKey) -> None:
    expires_at = now().replace(microsecond=0) + datetime.timedelta(seconds=3)
    with closed.stream("GET", "/v1/changes/stream", headers=bearer(make_key(Scope.READ, expires_at=expires_at))) as answer:
        assert [event.event for event in events(answer)] == ["start"]

    assert expires_at <= now() < expires_at + datetime.timedelta(seconds=LONG / 3)


def test_a_long_poll_is_refused_when_its_key_is_revoked(
    closed: httpx.Client, make_key: MakeKey, revoke: Callable[[], None]
) -> None:
    headers = bearer(make_key(Scope.READ))
    timer = threading.Timer(0.5, revoke)
    timer.start()
    began = time.monotonic()
    answer = closed.get("/v1/changes?wait=60", headers=headers)
    timer.join()

    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthenticated")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert time.monotonic() - began < LONG / 3


@pytest.mark.parametrize("format", ["csv", "ndjson", "xlsx"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_download_is_cut_off_when_its_key_is_revoked(
    closed: httpx.Client,
    make_key: MakeKey,
    revoke: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    format: str,
    encoding: str,
) -> None:
    def endless(_: Iterable[bytes]) -> Iterator[bytes]:
        while True:
            time.sleep(0.01)
            yield b"x" * 1000

    monkeypatch.setattr("app.http.responses._blocks", endless)
    caplog.set_level("INFO", "app")
    headers = bearer(make_key(Scope.READ)) | {"Accept-Encoding": encoding}
    with closed.stream("GET", f"/v1/companies?format={format}", headers=headers) as answer:
        coming = answer.iter_raw()
        assert next(coming)
        revoke()
        with pytest.raises(httpx.RemoteProtocolError):  # the client notices that the list is not complete
            deque(coming, maxlen=0)

    assert "ended with its API key" in caplog.text
    errors = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [record for record in errors if NotLoggedBefore().filter(record)] == []


@pytest.mark.parametrize("reading", ["closed", "open"])
def test_an_upload_is_refused_when_its_key_is_revoked_before_it_is_complete(
    open_settings: Settings, make_key: MakeKey, revoke: Callable[[], None], reading: str
) -> None:
    headers, reader = bearer(make_key(Scope.WRITE)), bearer(make_key(Scope.READ, name="reader"))

    def body() -> Iterator[bytes]:
        yield b'{"companies": [{"slug": "works",'
        revoke()
        time.sleep(2)
        yield b'"name": "Works"}]}'

    settings = open_settings.model_copy(update={"reads_need_key": reading == "closed"})
    with running_server(settings) as server, httpx.Client(base_url=server.url, timeout=LONG) as client:
        answer = client.post("/v1/datasets", content=body(), headers=headers | {"Content-Type": "application/json"})

        assert answer.status_code == 401
        assert client.get("/v1/companies/works", headers=reader).status_code == 404
