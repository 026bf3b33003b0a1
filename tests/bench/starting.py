"""``python -m tests.bench start``: what a start costs in time and processor time, and how much memory a worker holds."""

import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory

from app.database.database import Database
from app.database.dialects import POSTGRESQL
from tests.bench import wrk
from tests.bench.data import Databases, settings_of
from tests.bench.endpoints import TITLES, address_of, keys_of
from tests.bench.postgres import kept_postgres
from tests.bench.report import shown
from tests.bench.results import Spread
from tests.bench.servers import ROOT, api_settings, environment, memory, processor_seconds, serving
from tests.bench.terminal import say

_STARTS = 5
_CONNECTIONS = 32
_FIRST_REQUEST = "/v1/companies"
_FEW = 5
"""Companies whose responses a hot worker serves from its cache again and again."""
_SERVE = ("serve", "--port", "{port}", "--workers", "1")


def measure(data: Path, engines: Sequence[str], companies: int, seconds: float) -> None:
    """Prints all of it. The first start creates, migrates and seeds a database of its own; the next ones find it."""
    wrk.require_wrk()
    empty = min(_command_seconds("-c", "pass") for _ in range(_STARTS))
    for option in ("--version", "--help"):
        spread = Spread.of([_command_seconds("-m", "app", option) - empty for _ in range(_STARTS)])
        say(f"{option}: {spread.middle:.2f} s of processor time ({spread.least:.2f}–{spread.most:.2f}) more than python -c pass")
    first: list[tuple[float, float]] = []
    next_ones: list[tuple[float, float]] = []
    for _ in range(_STARTS):
        with TemporaryDirectory(prefix="company-profiles-bench-") as name:
            folder = Path(name)
            settings = api_settings(f"sqlite:///{folder / 'seeded.db'}", seed="true")
            first.append(_start(folder, settings))
            next_ones.append(_start(folder, settings))
    for title, found in (("that creates and seeds its database", first), ("on the seeded database", next_ones)):
        wall, processor = (Spread.of(one) for one in zip(*found, strict=True))
        times = f"{wall.middle:.2f} s ({wall.least:.2f}–{wall.most:.2f})"
        used = f"{processor.middle:.2f} s of processor time ({processor.least:.2f}–{processor.most:.2f})"
        say(f"Start {title}, to the first response to {_FIRST_REQUEST}: {times}, {used}, {_STARTS} starts")
    with ExitStack() as stack:
        postgres = stack.enter_context(kept_postgres(data / "postgresql")) if POSTGRESQL in engines else None
        databases = Databases(data, postgres, say)
        for engine in engines:
            _measure_memory(engine, databases.url(engine, companies), companies, seconds)


def _command_seconds(*arguments: str) -> float:
    """Processor time of a command of Python's."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment({}), stdout=subprocess.DEVNULL, check=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _start(folder: Path, settings: dict[str, str]) -> tuple[float, float]:
    """Seconds and processor time to the first response."""
    began = time.perf_counter()
    with serving(folder, "app", _SERVE, settings, _FIRST_REQUEST) as server:
        return time.perf_counter() - began, processor_seconds(server.process.pid)


def _measure_memory(engine: str, url: str, companies: int, seconds: float) -> None:
    """Asks for up to 20,000 keys of each endpoint in turn, more than a cache holds."""
    database = Database(settings_of(url))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="company-profiles-bench-")))
        stack.callback(database.engine.dispose)
        connection = stack.enter_context(database.reading())
        server = stack.enter_context(serving(folder, "app", _SERVE, api_settings(url), "/health/ready"))
        say(f"\nA worker on {companies:,} companies on {engine} holds {memory(server.process.pid) / 1e6:.0f} MB after its start")
        by_endpoint: dict[str, list[wrk.Request]] = {
            endpoint: [(address_of(endpoint, key), {}) for key in keys_of(endpoint, companies, connection)] for endpoint in TITLES
        }
        few = [*by_endpoint["company"][:_FEW], *by_endpoint["profile"][:_FEW]]
        wrk.run(folder, server.url, few, seconds=seconds, connections=_CONNECTIONS)
        say(f"  {memory(server.process.pid) / 1e6:.0f} MB hot: with the same {len(few)} responses from its cache again and again")
        for endpoint, requests in by_endpoint.items():
            measured = wrk.run(folder, server.url, requests, seconds=seconds, connections=_CONNECTIONS)
            held = memory(server.process.pid) / 1e6
            say(f"  {held:.0f} MB after {shown(measured.requests_per_second * seconds)} answers: {TITLES[endpoint]}")
        say(f"  {memory(server.process.pid, 'VmHWM') / 1e6:.0f} MB at most")
