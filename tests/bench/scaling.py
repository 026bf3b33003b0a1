"""``python -m tests.bench workers``: what a second worker adds, and what each process of a server holds."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from app.database.database import Database
from app.database.dialects import POSTGRESQL
from tests.bench import wrk
from tests.bench.data import Databases, settings_of
from tests.bench.endpoints import HOT_KEYS, address_of, keys_of
from tests.bench.postgres import kept_postgres
from tests.bench.report import shown
from tests.bench.results import Spread
from tests.bench.servers import Server, api_settings, memory, processor_seconds, serving, workers_of
from tests.bench.terminal import say

_WORKERS = (1, 2)
_CONNECTIONS = 32
_ENDPOINT = "profile"


def measure(data: Path, engines: Sequence[str], companies: int, seconds: float, rounds: int) -> None:
    """Prints requests per second for each number of workers, hot and cold, in turn, and how many processors the server got.

    The rest went to ``wrk``, to PostgreSQL, and to whatever else the machine does.
    """
    wrk.require_wrk()
    with ExitStack() as stack:
        postgres = stack.enter_context(kept_postgres(data / "postgresql")) if POSTGRESQL in engines else None
        databases = Databases(data, postgres, say)
        for engine in engines:
            _measure_engine(engine, databases.url(engine, companies), companies, seconds, rounds)


def _measure_engine(engine: str, url: str, companies: int, seconds: float, rounds: int) -> None:
    database = Database(settings_of(url))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="company-profiles-bench-")))
        stack.callback(database.engine.dispose)
        with database.reading() as connection:
            every: list[wrk.Request] = [(address_of(_ENDPOINT, key), {}) for key in keys_of(_ENDPOINT, companies, connection)]
        for name, requests, megabytes in (("hot", every[:HOT_KEYS], "32"), ("cold", every, "0")):
            with ExitStack() as servers:
                settings = api_settings(url, cache_megabytes=megabytes)
                started = {
                    count: servers.enter_context(
                        serving(folder, "app", ("serve", "--port", "{port}", "--workers", str(count)), settings, "/health/ready")
                    )
                    for count in _WORKERS
                }
                _measure_servers(f"{engine}, {name}", folder, started, requests, seconds, rounds)


def _measure_servers(
    title: str, folder: Path, servers: dict[int, Server], requests: Sequence[wrk.Request], seconds: float, rounds: int
) -> None:
    found: dict[int, list[tuple[float, float]]] = {count: [] for count in servers}
    for number in range(rounds + 1):
        for count, server in servers.items():
            before, began = _processor_seconds(server), time.monotonic()
            measured = wrk.run(folder, server.url, requests, seconds=seconds, connections=_CONNECTIONS)
            used = (_processor_seconds(server) - before) / (time.monotonic() - began)
            if number:  # the first round warms up
                found[count].append((measured.requests_per_second, used))
    for count, server in servers.items():
        rates, processors = (Spread.of(values) for values in zip(*found[count], strict=True))
        held = ", ".join(f"{memory(process) / 1e6:.0f}" for process in _processes(server))
        say(
            f"{title}, {count} workers: {shown(rates.middle)}/s ({shown(rates.least)}–{shown(rates.most)})"
            f" with {processors.middle:.2f} processors; its processes hold {held} MB"
        )


def _processes(server: Server) -> list[int]:
    return [server.process.pid, *workers_of(server)]


def _processor_seconds(server: Server) -> float:
    return sum(map(processor_seconds, _processes(server)))
