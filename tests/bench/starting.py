"""``python -m tests.bench start``: how soon a server answers, and how much memory a worker holds when it is hot."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from app.database.database import Database
from app.database.dialects import POSTGRESQL
from tests.bench import wrk
from tests.bench.data import Databases, settings_of
from tests.bench.endpoints import TITLES, address_of, keys_of
from tests.bench.postgres import kept_postgres
from tests.bench.report import shown
from tests.bench.results import Spread
from tests.bench.servers import api_settings, memory, serving
from tests.bench.terminal import say

_STARTS = 5
_CONNECTIONS = 32
_FIRST_QUESTION = "/v1/companies"
_SERVE = ("serve", "--port", "{port}", "--workers", "1")


def measure(data: Path, engines: Sequence[str], companies: int, seconds: float) -> None:
    """Prints both. The first start makes, migrates and seeds a database of its own; the next ones find it."""
    wrk.require_wrk()
    first, next_ones = [], []
    for _ in range(_STARTS):
        with TemporaryDirectory(prefix="company-profiles-bench-") as name:
            folder = Path(name)
            settings = api_settings(f"sqlite:///{folder / 'seeded.db'}", seed="true")
            first.append(_start(folder, settings))
            next_ones.append(_start(folder, settings))
    for title, found in (("that makes and seeds its database", first), ("on the seeded database", next_ones)):
        spread = Spread.of(found)
        times = f"{spread.middle:.2f} s ({spread.least:.2f}–{spread.most:.2f})"
        say(f"Start {title}, to the first answer to {_FIRST_QUESTION}: {times}, {_STARTS} starts")
    with ExitStack() as stack:
        postgres = stack.enter_context(kept_postgres(data / "postgresql")) if POSTGRESQL in engines else None
        databases = Databases(data, postgres, say)
        for engine in engines:
            _measure_memory(engine, databases.url(engine, companies), companies, seconds)


def _start(folder: Path, settings: dict[str, str]) -> float:
    began = time.perf_counter()
    with serving(folder, "app", _SERVE, settings, _FIRST_QUESTION):
        return time.perf_counter() - began


def _measure_memory(engine: str, url: str, companies: int, seconds: float) -> None:
    """Asks for up to 20,000 keys of each endpoint in turn, more than a cache holds."""
    database = Database(settings_of(url))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="company-profiles-bench-")))
        stack.callback(database.engine.dispose)
        connection = stack.enter_context(database.reading())
        server = stack.enter_context(serving(folder, "app", _SERVE, api_settings(url), "/health/ready"))
        say(f"\nA worker on {companies:,} companies on {engine} holds {memory(server.process.pid) / 1e6:.0f} MB after its start")
        for endpoint in TITLES:
            requests: list[wrk.Request] = [(address_of(endpoint, key), {}) for key in keys_of(endpoint, companies, connection)]
            measured = wrk.run(folder, server.url, requests, seconds=seconds, connections=_CONNECTIONS)
            held = memory(server.process.pid) / 1e6
            say(f"  {held:.0f} MB after {shown(measured.requests_per_second * seconds)} answers: {TITLES[endpoint]}")
        say(f"  {memory(server.process.pid, 'VmHWM') / 1e6:.0f} MB at most")
