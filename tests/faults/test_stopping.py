"""Servers that shut down, and workers whose parent was killed."""

import signal
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.cli.processes import Serving, serving
from tests.editing.conftest import key_of
from tests.faults.locks import held_lock
from tests.faults.wholeness import opened, require_whole
from tests.scaling.cluster import wait_until

pytestmark = pytest.mark.slow

WRITERS = 6


def refuses(served: Serving) -> bool:
    address = httpx.URL(served.url)
    with suppress(OSError), socket.create_connection((address.host, address.port or 80), timeout=5) as client:
        client.sendall(b"GET /health/live HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n")
        return client.recv(1) == b""
    return True


def is_waited_for(url: str) -> Callable[[], bool]:
    """Whether writers wait for the lock that is held, as far as the engine tells."""
    if url.startswith("sqlite"):
        return lambda: True
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"

    def are_all() -> bool:
        with opened(url) as database, database.reading() as connection:
            return bool(connection.exec_driver_sql(waiting).scalar_one() >= WRITERS)

    return are_all


def test_requests_in_flight_are_finished_new_ones_are_refused_and_the_exit_code_is_0(url: str, tmp_path: Path) -> None:
    with opened(url) as database:
        key = key_of(database)
    sending = threading.Barrier(WRITERS + 1)

    def send(number: int) -> int:
        body = {"slug": f"c{number}", "name": f"Company {number}"}
        with httpx.Client(base_url=served.url, timeout=60) as client:
            assert client.get("/health/live").status_code == 200
            sending.wait()
            return client.post("/v1/companies", json=body, headers={"Authorization": f"Bearer {key}"}).status_code

    with serving(tmp_path, database_url=url, database_wait_seconds="60") as served:
        with ThreadPoolExecutor(WRITERS) as threads, held_lock(url):
            statuses = threads.map(send, range(WRITERS))
            sending.wait()
            threading.Event().wait(1)  # by then each is received: nothing tells so on SQLite
            wait_until(is_waited_for(url), "every request waits for the lock")
            served.process.send_signal(signal.SIGTERM)
            wait_until(lambda: refuses(served), "new connections are refused")
        assert served.process.wait(60) == 0
        assert "Traceback" not in served.said

    assert list(statuses) == [201] * WRITERS
    require_whole(url)


def test_workers_end_when_the_process_that_started_them_is_killed(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as served:
        assert httpx.get(f"{served.url}/health/ready", timeout=60).status_code == 200
        served.process.kill()
        served.process.wait()
        wait_until(lambda: refuses(served), "no worker answers")

    with serving(tmp_path, "--port", str(httpx.URL(served.url).port)) as again:
        assert httpx.get(f"{again.url}/health/ready", timeout=60).status_code == 200
