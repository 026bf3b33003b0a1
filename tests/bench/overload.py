"""``python -m tests.bench overload``: what becomes of latency and health checks under ten times the load, cheap or expensive.

``wrk`` makes the load. Beside it a few clients ask for the same, to tell answers from refusals, and others ask for health.
"""

import http.client
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import urlsplit

from app.database.database import Database
from app.database.dialects import POSTGRESQL
from tests.bench import expensive, wrk
from tests.bench.data import Databases, settings_of
from tests.bench.endpoints import address_of, keys_of
from tests.bench.postgres import kept_postgres
from tests.bench.servers import api_settings, serving
from tests.bench.terminal import say

TIMES = 10
_CLIENTS = 4
_ENDPOINTS = ("company", "profile", "list")
_HEALTH = ("/health/live", "/health/ready")
_PAUSE_SECONDS = 0.02
_SERVE = ("serve", "--port", "{port}", "--workers", "1")


class Asked(NamedTuple):
    """How a request was answered, and in how many milliseconds."""

    status: int
    milliseconds: float


class Observed(NamedTuple):
    """What came of one load."""

    answers: list[Asked]
    health: list[Asked]
    load: wrk.Measured

    @property
    def p99(self) -> float:
        """Of the requests that were accepted, in milliseconds."""
        accepted = sorted(asked.milliseconds for asked in self.answers if asked.status == 200)
        return accepted[len(accepted) * 99 // 100] if accepted else float("inf")

    def __str__(self) -> str:
        sick = sum(asked.status != 200 for asked in self.health)
        slowest = max(asked.milliseconds for asked in self.health)
        return (
            f"{self.load.requests_per_second:7,.0f}/s, {self.load.refused:5.1%} refused; accepted: p99 {self.p99:6.1f} ms;"
            f" health: {len(self.health)} checks, {sick} failed, slowest {slowest:.1f} ms"
        )


def measure(data: Path, engines: Sequence[str], companies: int, seconds: float, connections: int) -> None:
    """Prints what comes of a normal load and of ten times as much, without the cache, which would answer at once."""
    wrk.require_wrk()
    with ExitStack() as stack:
        postgres = stack.enter_context(kept_postgres(data / "postgresql")) if POSTGRESQL in engines else None
        databases = Databases(data, postgres, say)
        for engine in engines:
            url = databases.url(engine, companies)
            with TemporaryDirectory(prefix="company-profiles-bench-") as folder:
                _measure_engine(engine, url, companies, seconds, connections, Path(folder))


def _measure_engine(engine: str, url: str, companies: int, seconds: float, connections: int, folder: Path) -> None:
    database = Database(settings_of(url))
    with database.reading() as connection:
        addresses = [address_of(name, key) for name in _ENDPOINTS for key in keys_of(name, companies, connection)[:500]]
    database.engine.dispose()
    say(f"\n{engine}, {companies:,} companies: {', '.join(_ENDPOINTS)} in turn")
    with serving(folder, "app", _SERVE, api_settings(url, cache_megabytes="0"), "/health/ready") as server:
        _observe(folder, server.url, addresses, 1, connections)
        normal = _observe(folder, server.url, addresses, seconds, connections)
        say(f"  {connections:4} connections: {normal}")
        many = _observe(folder, server.url, addresses, seconds, connections * TIMES)
        say(f"  {connections * TIMES:4} connections: {many}")
        say(f"  p99 of accepted requests: {many.p99 / normal.p99:.1f} times that of the normal load")
    with serving(folder, "app", _SERVE, api_settings(url, cache_megabytes="32"), "/health/ready") as server:
        expensive.measure(server.url, seconds)


def _observe(folder: Path, url: str, addresses: Sequence[str], seconds: float, connections: int) -> Observed:
    requests: list[wrk.Request] = [(address, {}) for address in addresses]
    shuffled = [requests[number * 7919 % len(requests)] for number in range(len(requests))]
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(_CLIENTS + 1) as threads:
        starts = [islice(cycle(addresses), number * 97, None) for number in range(_CLIENTS)]
        clients = [threads.submit(_ask, url, start, until) for start in starts]
        health = threads.submit(_ask, url, cycle(_HEALTH), until)
        load = wrk.run(folder, url, shuffled, seconds=seconds, connections=connections, may_refuse=True)
        return Observed([asked for client in clients for asked in client.result()], health.result(), load)


def _ask(url: str, addresses: Iterator[str], until: float) -> list[Asked]:
    """Asks for one address after another, with a pause between them."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
    asked = []
    while time.monotonic() < until:
        began = time.perf_counter()
        connection.request("GET", next(addresses))
        answer = connection.getresponse()
        answer.read()
        asked.append(Asked(answer.status, (time.perf_counter() - began) * 1000))
        time.sleep(_PAUSE_SECONDS)
    connection.close()
    return asked
