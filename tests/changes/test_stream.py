"""The stream of changes, as a client that reads lines sees it."""

import json
from itertools import islice

import httpx
import pytest

from app.api.changes import events
from app.database.database import Database
from tests.changes.streams import first, listening
from tests.changes.writing import note_delete, write


def test_it_starts_with_the_dataset_and_after_the_newest_revision(client: httpx.Client) -> None:
    [start] = first(1, client)

    assert start.event == "start"
    assert json.loads(start.data) == {"dataset": client.get("/v1/changes?since=64").json()["dataset"], "since": 64}
    assert start.id == 64
    assert start.retry == "2000"


def test_each_revision_is_an_event_with_its_number_and_its_action(reader: httpx.Client, database: Database) -> None:
    write(database, "fern", name="Fern")
    write(database, "fern", name="Fern & Sons")
    note_delete(database, "fern", 1)
    _, *changes = first(4, reader, "?since=0")

    assert [(change.id, change.event) for change in changes] == [(1, "create"), (2, "update"), (3, "delete")]
    assert [json.loads(change.data) for change in changes] == reader.get("/v1/changes").json()["items"]


def test_changes_come_while_it_is_listened_to(reader: httpx.Client, database: Database) -> None:
    with listening(reader) as coming:
        numbers = [next(coming).id]
        for slug in ("fern", "moss", "reed"):
            write(database, slug)
            numbers.append(next(coming).id)

    assert numbers == [0, 1, 2, 3]


def test_a_log_of_many_pages_comes_whole(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "PAGE", 5)

    assert [event.id for event in first(65, client, "?since=0")] == list(range(65))


def test_the_last_event_id_wins_over_since(client: httpx.Client) -> None:
    assert [event.id for event in first(3, client, "?since=10", last=62)] == [62, 63, 64]


def test_filters_leave_out_the_other_events(reader: httpx.Client, database: Database) -> None:
    with listening(reader, "?company=moss&company=reed&since=0") as coming:
        start = next(coming)
        for slug in ("fern", "moss", "elm", "reed"):
            write(database, slug)
        found = list(islice(coming, 2))

    assert start.id == 0
    assert [json.loads(event.data)["url"] for event in found] == ["/v1/companies/moss", "/v1/companies/reed"]


def test_comments_keep_a_silent_stream_alive(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "PING_SECONDS", 0.05)
    with client.stream("GET", "/v1/changes/stream") as answer:
        lines = [line for line in islice(answer.iter_lines(), 11) if line]

    assert lines[4:] == [": ping"] * 3


def test_neither_caches_nor_compression_hold_events_back(client: httpx.Client) -> None:
    with client.stream("GET", "/v1/changes/stream", headers={"Accept-Encoding": "gzip"}) as answer:
        headers = answer.headers

    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-cache"
    assert headers["x-accel-buffering"] == "no"
    assert "content-encoding" not in headers


def test_head_has_an_end(client: httpx.Client) -> None:
    answer = client.head("/v1/changes/stream?since=0")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"


@pytest.mark.parametrize("given", ["abc", "-1", "1.5", "99999999999999999999", "65"])
def test_a_wrong_last_event_id_is_named(client: httpx.Client, given: str) -> None:
    answer = client.get("/v1/changes/stream?since=0", headers={"Last-Event-ID": given})

    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == ["Last-Event-ID"]


@pytest.mark.parametrize(
    ("query", "field"), [("since=65", "since"), ("since=x", "since"), ("wait=3", "wait"), ("kind=a", "kind")]
)
def test_a_wrong_parameter_is_named(client: httpx.Client, query: str, field: str) -> None:
    answer = client.get(f"/v1/changes/stream?{query}")

    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_client_that_leaves_while_changes_are_read_is_no_error(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(20):
        with client.stream("GET", "/v1/changes/stream?since=0&company=baidu&kind=company"):
            pass
    client.get("/v1/stats?format=json")  # by then the streams have ended

    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
