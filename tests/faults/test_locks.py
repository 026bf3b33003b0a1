"""Writers who wait: for a lock that is held, for each other, for a connection. Readers never do."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from app.settings import Settings
from tests.conftest import settings_for
from tests.curation.conftest import key_of
from tests.curation.curator import Curator, refused
from tests.curation.lamps import COMPANY_ADDRESS
from tests.faults.locks import held_lock
from tests.faults.wholeness import opened, require_whole, revisions
from tests.server import running_server

POOL = 2
MANY = 40


def serve(stack: ExitStack, settings: Settings, key: str) -> Curator:
    running = stack.enter_context(running_server(settings))
    headers = {"Authorization": f"Bearer {key}"}
    limits = httpx.Limits(max_connections=None)
    return Curator(stack.enter_context(httpx.Client(base_url=running.url, headers=headers, timeout=60, limits=limits)))


@pytest.fixture
def key(url: str) -> str:
    with opened(url) as database:
        return key_of(database)


@pytest.fixture
def hasty(url: str, key: str) -> Iterator[Curator]:
    """Somebody at a server that waits half a second, with few connections."""
    with ExitStack() as stack:
        few = {"database_wait_seconds": 0.5, "database_pool_size": POOL}
        yield serve(stack, settings_for(url).model_copy(update=few), key)


def company(number: int) -> dict[str, str]:
    return {"slug": f"c{number}", "name": f"Company {number}"}


def test_a_lock_that_is_held_too_long_is_told_with_when_to_come_again(url: str, hasty: Curator) -> None:
    with held_lock(url):
        answer = hasty.post("/v1/companies", company(1))
        assert hasty.read(COMPANY_ADDRESS)["name"] == "Fernhold"

    refused(answer, 503, "database-unavailable")
    assert int(answer.headers["retry-after"]) > 0
    hasty.created("/v1/companies", company(1))


def test_when_every_connection_is_taken_reads_go_on_and_writes_are_told_to_come_again(url: str, hasty: Curator) -> None:
    with held_lock(url), ThreadPoolExecutor(MANY) as threads:
        began = time.monotonic()
        sending = [threads.submit(hasty.post, "/v1/companies", company(number)) for number in range(4 * POOL)]
        assert hasty.read(COMPANY_ADDRESS)["name"] == "Fernhold"
        answers = [one.result() for one in sending]
        waited = time.monotonic() - began

    assert {answer.status_code for answer in answers} == {503}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers)
    assert waited < 25, "the wait is for a connection and then for a lock, never SQLAlchemy's own half a minute"
    assert hasty.created("/v1/companies", company(1)).status_code == 201


def test_many_writers_at_two_servers_are_all_served_within_the_wait(url: str, key: str) -> None:
    """Forty at once, who all want the one lock; the wait is the default, ten seconds."""
    together = threading.Barrier(MANY)
    before = len(revisions(url))
    with ExitStack() as stack:
        settings = settings_for(url).model_copy(update={"database_wait_seconds": 10.0})
        curators = [serve(stack, settings, key) for _ in range(2)]

        def write(number: int) -> list[int]:
            together.wait()
            answers = [curators[number % 2].post("/v1/companies", company(5 * number + step)) for step in range(5)]
            return [answer.status_code for answer in answers]

        with ThreadPoolExecutor(MANY) as threads:
            statuses = [status for answers in threads.map(write, range(MANY)) for status in answers]

    assert statuses == [201] * (5 * MANY)
    assert len(revisions(url)) == before + 5 * MANY
    require_whole(url)
