"""Clients that send headers without an end, from several connections at once."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.bench.servers import memory
from tests.cli.processes import Serving, serving

pytestmark = [pytest.mark.slow, pytest.mark.any_engine]

CONNECTIONS = 4
MEGABYTES = 50
START = (
    b"POST /reconcile HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n"
)
FLOODS = {
    "one field": (START + b"X: ", b"a" * 250_000),
    "tiny fields": (START, b"a:b\r\n" * 50_000),
    "one URL": (b"GET /", b"a" * 250_000),
    "empty lines": (b"", b"\r\n" * 125_000),
    "one extension": (START + b"\r\n1;", b"a" * 250_000),
    "one trailer": (START + b"\r\n0\r\nX: ", b"a" * 250_000),
    "tiny trailers": (START + b"\r\n0\r\n", b"a:b\r\n" * 50_000),
    "trickled": (START + b"X: ", b"a" * 50),
}


def flood(served: Serving, start: bytes, block: bytes) -> bytes:
    """Sends them for as long as the server takes them. What it responds is whole, or lost in a reset after it gave up."""
    address = httpx.URL(served.url)
    with socket.create_connection((address.host, address.port or 80), timeout=30) as client:
        try:
            client.sendall(start)
            for _ in range(min(MEGABYTES * 1_000_000 // len(block), 4000)):
                client.sendall(block)
            return client.recv(65536)
        except ConnectionError:
            return b""


@pytest.mark.parametrize("kind", FLOODS)
def test_endless_headers_take_no_memory_and_nobodys_time(url: str, tmp_path: Path, kind: str) -> None:
    waits: list[float] = []
    is_probing, is_over = threading.Event(), threading.Event()

    def probe() -> None:
        with httpx.Client(base_url=served.url, timeout=60) as client:
            while not is_over.is_set():
                began = time.monotonic()
                assert client.get("/health/live").status_code == 200
                waits.append(time.monotonic() - began)
                is_probing.set()
                is_over.wait(0.01)

    with serving(tmp_path, database_url=url) as served, ThreadPoolExecutor(CONNECTIONS + 1) as threads:
        probing = threads.submit(probe)
        assert is_probing.wait(30)
        waits.clear()  # the first one waited for the start
        before = memory(served.process.pid, "VmHWM")
        responses = list(threads.map(lambda _: flood(served, *FLOODS[kind]), range(CONNECTIONS)))
        is_over.set()
        probing.result()
        assert httpx.get(f"{served.url}/health/live").status_code == 200
        after = memory(served.process.pid, "VmHWM")

    assert {response[:12] for response in responses if response} <= {b"HTTP/1.1 414", b"HTTP/1.1 431"}
    assert max(waits, default=0) < 2
    assert after - before < 60_000_000
