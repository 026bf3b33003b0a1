"""A server that shuts down ends long polls and event streams instead of waiting for them."""

import signal
import threading
from pathlib import Path

import httpx
import pytest

from tests.changes.streams import Event, listening
from tests.cli.processes import Serving, serving

pytestmark = pytest.mark.slow


def open_both(served: Serving) -> tuple[list[httpx.Response], list[Event], list[threading.Thread]]:
    """A client that waits for a change and one that listens, both under way, and what they will have got."""
    answers: list[httpx.Response] = []
    heard: list[Event] = []
    asking, under_way = threading.Event(), threading.Event()

    def wait() -> None:
        asking.set()
        answers.append(httpx.get(f"{served.url}/v1/changes?since=64&wait=60", timeout=90))

    def listen() -> None:
        with httpx.Client(base_url=served.url, timeout=90) as client, listening(client) as coming:
            for event in coming:
                heard.append(event)
                under_way.set()

    threads = [threading.Thread(target=wait), threading.Thread(target=listen)]
    threads[0].start()
    assert asking.wait(60)
    threads[1].start()
    assert under_way.wait(60)
    return answers, heard, threads


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_waits_and_streams_end_properly_when_the_server_does(tmp_path: Path, number: signal.Signals) -> None:
    with serving(tmp_path) as served:
        answers, heard, threads = open_both(served)
        assert served.stop(number) == 0
        for thread in threads:
            thread.join(60)
        said = served.said

    # A stream that is cut off raises in its thread, which pytest reports; and the server says whom it cut off.
    assert [event.event for event in heard] == ["start"]
    assert [(answer.status_code, answer.json()["items"]) for answer in answers] == [(200, [])]
    assert "Cancel" not in said
    assert "Traceback" not in said


def test_every_worker_lets_go(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as served:
        opened = [open_both(served) for _ in range(3)]
        assert served.stop() == 0
        for _, _, threads in opened:
            for thread in threads:
                thread.join(60)
        said = served.said

    assert [len(answers) for answers, _, _ in opened] == [1, 1, 1]
    assert "Cancel" not in said
