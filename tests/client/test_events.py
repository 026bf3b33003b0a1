"""Events are every change, whatever happens to the connection."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import httpx
import pytest

from app.client import DatasetReplaced, Invalid
from app.client.events import Event, EventReader
from tests.client.conftest import AnyClient, Connect
from tests.server import RunningServer


def revisions(changes: Iterator[Any], number: int) -> list[int]:
    return [change.revision for change in islice(changes, number)]


def test_a_stream_begins_after_a_revision_and_goes_on_with_what_comes(writer: AnyClient) -> None:
    newest = writer.stats().revision
    changes = iter(writer.events(since=newest - 2))
    assert revisions(changes, 2) == [newest - 1, newest]

    changed = writer.companies.change("baidu", {"note": "New"})
    change = next(changes)
    assert (change.action, change.document.note) == ("update", "New")
    assert change.revision == changed.revision


def test_a_stream_has_filters(writer: AnyClient) -> None:
    changes = iter(writer.events(since=0, kind="metric", company=["kuaishou"]))

    assert {(change.kind, change.document.company) for change in islice(changes, 3)} == {("metric", "kuaishou")}


def test_an_interrupted_stream_continues_after_the_last_event_however_long_it_takes(
    writer: AnyClient, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = EventReader.read
    given: dict[EventReader, int] = {}

    def read(self: EventReader, part: bytes) -> Iterator[Event]:
        for event in whole(self, part):
            given[self] = given.get(self, 0) + 1
            if given[self] > 4:
                raise httpx.ReadError("interrupted")
            yield event

    monkeypatch.setattr(EventReader, "read", read)
    writer.wire.faults = ["", "", *["before"] * 9]
    changes = iter(writer.events(since=0))

    assert revisions(changes, 20) == list(range(1, 21))
    sent = [request.headers.get("Last-Event-ID") for request in writer.wire.sent]
    assert sent == [None, "3", *["6"] * 10, "9", "12", "15", "18"]
    assert len(pauses) == len(sent) - 1


def test_a_stream_that_never_began_gives_up_after_the_retries(
    connect: Connect, seeded_server: RunningServer, pauses: list[float]
) -> None:
    client = connect(seeded_server.url, retries=2)
    client.wire.faults = ["before"] * 9

    with pytest.raises(httpx.ConnectError):
        next(iter(client.events()))
    assert len(pauses) == 2


def test_a_revision_that_does_not_exist_is_refused(reader: AnyClient) -> None:
    with pytest.raises(Invalid, match="since"):
        next(iter(reader.events(since=10_000)))


def test_another_dataset_ends_the_stream(reader: AnyClient, monkeypatch: pytest.MonkeyPatch, pauses: list[float]) -> None:
    names = iter("12")

    def read(_: EventReader, __: bytes) -> Iterator[Event]:
        yield Event("start", "1", f'{{"dataset":"{next(names)}","since":1}}')
        raise httpx.ReadError("interrupted")

    monkeypatch.setattr(EventReader, "read", read)

    with pytest.raises(DatasetReplaced, match="The dataset 1 was replaced by 2"):
        next(iter(reader.events()))
    assert len(pauses) == 1


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_events_are_read_however_they_are_cut(size: int, line_end: bytes) -> None:
    text = b": ping\n\nevent: create\ndata: {}\nid: 7\nretry: 2000\n\ndata: one\ndata:two\n\ndata: cut".replace(b"\n", line_end)
    reader = EventReader()
    events = [event for start in range(0, len(text), size) for event in reader.read(text[start : start + size])]

    assert events == [Event("create", "7", "{}"), Event("message", "", "one\ntwo")]
