"""Writers who wait: for a lock that is held, for each other, for a connection. Readers never do."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tests.cli.processes import serving
from tests.databases import settings_for
from tests.editing.conftest import key_of
from tests.editing.curator import Curator, refused
from tests.editing.lamps import COMPANY_ADDRESS
from tests.faults.locks import held_lock
from tests.faults.running import database_of
from tests.faults.wholeness import opened, require_whole, revisions
from tests.server import RunningServer, running_server

MANY = 40


@pytest.fixture
def key(url: str) -> str:
    with opened(url) as database:
        return key_of(database)


@pytest.fixture
def busy(url: str, key: str) -> Iterator[tuple[RunningServer, Curator]]:
    """A server that waits half a second, with few connections, and somebody who writes to it."""
    settings = settings_for(url).model_copy(update={"database_wait_seconds": 0.5, "database_pool_size": 2})
    headers = {"Authorization": f"Bearer {key}"}
    with running_server(settings) as running, httpx.Client(base_url=running.url, headers=headers, timeout=60) as client:
        yield running, Curator(client)


def company(number: int) -> dict[str, str]:
    return {"slug": f"c{number}", "name": f"Company {number}"}


def test_a_lock_that_is_held_too_long_is_reported_with_a_retry_after(url: str, busy: tuple[RunningServer, Curator]) -> None:
    _, curator = busy
    with held_lock(url):
        answer = curator.post("/v1/companies", company(1))
        assert curator.read(COMPANY_ADDRESS)["name"] == "Fernhold"

    refused(answer, 503, "database-unavailable")
    assert int(answer.headers["retry-after"]) > 0
    curator.created("/v1/companies", company(1))


def take_every_connection(running: RunningServer, stack: ExitStack) -> None:
    with suppress(PoolTimeout):
        while True:
            stack.enter_context(database_of(running).engine.connect())


def test_when_every_connection_is_taken_reads_go_on_and_writes_get_a_retry_after(
    busy: tuple[RunningServer, Curator],
) -> None:
    running, curator = busy
    began = time.monotonic()
    with ExitStack() as stack:
        take_every_connection(running, stack)
        answer = curator.post("/v1/companies", company(1))
        assert curator.read(COMPANY_ADDRESS)["name"] == "Fernhold"

    refused(answer, 503, "database-unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert time.monotonic() - began < 25, "the wait is that of the settings, not SQLAlchemy's own half a minute"
    curator.created("/v1/companies", company(1))


@pytest.mark.slow
def test_many_writers_at_two_processes_are_all_served_within_the_wait(url: str, key: str, tmp_path: Path) -> None:
    """Forty at once, who all want the one lock; the wait is the default, ten seconds."""
    together = threading.Barrier(MANY)
    before = len(revisions(url))
    with serving(tmp_path, "--workers", "2", database_url=url) as served, ThreadPoolExecutor(MANY) as threads:

        def write(number: int) -> list[int]:
            headers = {"Authorization": f"Bearer {key}"}
            with httpx.Client(base_url=served.url, headers=headers, timeout=120) as client:
                assert client.get("/health/ready").status_code == 200
                together.wait()
                answers = [client.post("/v1/companies", json=company(5 * number + step)) for step in range(5)]
                return [answer.status_code for answer in answers]

        statuses = [status for answers in threads.map(write, range(MANY)) for status in answers]

    assert statuses == [201] * (5 * MANY)
    assert len(revisions(url)) == before + 5 * MANY
    require_whole(url)
