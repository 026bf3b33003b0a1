"""PostgreSQL is paused while clients read and write: each gets a response in time, and the process ends on SIGTERM."""

import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from app.operations.migrate import migrate
from app.revisions.current import BOUND_SECONDS
from tests.cli.processes import serving
from tests.editing.conftest import key_of
from tests.editing.lamps import COMPANY_ADDRESS
from tests.faults.conftest import load_lamps
from tests.faults.wholeness import opened, require_whole
from tests.postgresql import PostgresServer, running_postgresql
from tests.scaling.cluster import wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with running_postgresql(PostgresServer) as server:
        yield server


@pytest.fixture
def url(server: PostgresServer, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    url = server.create_database(f"frozen_{request.node.name[:30]}")
    with opened(url) as database:
        migrate(database)
    load_lamps(url, tmp_path)
    return url


def test_readers_and_writers_get_a_503_and_go_on_afterwards(server: PostgresServer, url: str, tmp_path: Path) -> None:
    with opened(url) as database:
        key = {"Authorization": f"Bearer {key_of(database)}"}
    with serving(tmp_path, database_url=url) as served, httpx.Client(base_url=served.url, timeout=60) as client:

        def create() -> httpx.Response:
            return client.post("/v1/companies", json={"slug": "new", "name": "New"}, headers=key | {"Idempotency-Key": "1"})

        assert client.get(COMPANY_ADDRESS).status_code == 200
        with ThreadPoolExecutor() as threads:
            with server.frozen():
                time.sleep(2 * BOUND_SECONDS)
                reads = [threads.submit(client.get, address) for address in (COMPANY_ADDRESS, "/v1/stats", "/health/ready")]
                written = threads.submit(create)
                at_once = [client.get(address, timeout=5).status_code for address in ("/health/live", "/docs", "/", "/problems")]
                statuses = [one.result().status_code for one in (*reads, written)]
            wait_until(lambda: create().status_code == 201, "writes go on")
        assert client.get(COMPANY_ADDRESS).status_code == 200
        assert client.get("/health/ready").json()["cannot_write"] is None

    assert at_once == [200] * 4
    assert statuses == [503] * 4
    require_whole(url)


def test_a_writer_alone_does_not_wait_for_ever(server: PostgresServer, url: str, tmp_path: Path) -> None:
    """Nobody else finds out for it that the server is frozen."""
    with opened(url) as database:
        key = {"Authorization": f"Bearer {key_of(database)}"}
    with serving(tmp_path, database_url=url, statement_seconds="0") as served:
        headers = key | {"Idempotency-Key": "1"}
        with httpx.Client(base_url=served.url, headers=headers, timeout=60) as client:
            assert client.post("/v1/companies", json={"slug": "a", "name": "A"}).status_code == 201
            with server.frozen():
                headers = key | {"Idempotency-Key": "2"}
                assert client.post("/v1/companies", json={"slug": "b", "name": "B"}, headers=headers).status_code == 503


def test_sigterm_ends_the_process_and_a_read_in_flight_with_a_503(server: PostgresServer, url: str, tmp_path: Path) -> None:
    got = []
    with serving(tmp_path, database_url=url, database_wait_seconds="600", statement_seconds="0") as served:
        with httpx.Client(base_url=served.url, timeout=60) as client:
            assert client.get(COMPANY_ADDRESS).status_code == 200
            with server.frozen():
                time.sleep(2 * BOUND_SECONDS)
                reading = threading.Thread(target=lambda: got.append(client.get(COMPANY_ADDRESS).status_code))
                reading.start()
                threading.Event().wait(0.3)
                served.process.send_signal(signal.SIGTERM)
                assert served.process.wait(40) == 0
                reading.join()
        assert "Traceback" not in served.said

    assert got == [503]
