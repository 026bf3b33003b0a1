"""The run: every size, engine and endpoint; in each round every contender once, in turn."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from app.database.dialects import POSTGRESQL
from tests.bench import wrk
from tests.bench.arena import Arena, Place, open_arena
from tests.bench.contenders import Contender
from tests.bench.data import Databases
from tests.bench.endpoints import TITLES
from tests.bench.postgres import KeptPostgres, kept_postgres
from tests.bench.report import shown
from tests.bench.results import Result
from tests.bench.servers import Server, processor_seconds
from tests.bench.terminal import say

_WARM_UP_SECONDS = 1
_LONGER = 8
"""Times as long is a contender asked that answered nothing at all."""
_SETTLE_SECONDS = 120
_ACTIVE = (
    "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True)
class Plan:
    """What to run."""

    data: Path
    sizes: Sequence[int]
    engines: Sequence[str]
    endpoints: Sequence[str]
    contenders: Sequence[Contender]
    rounds: int
    seconds: float
    connections: int
    discard: bool

    def __str__(self) -> str:
        return (
            f"`wrk -t1 -c{self.connections} -d{self.seconds:g}s`, {self.rounds} rounds, each server once in each round;"
            " one worker a server, on the machine that asks."
        )


def run(plan: Plan) -> Iterator[Result]:
    """Measures; a result comes as soon as there is one."""
    with ExitStack() as stack:
        postgres = stack.enter_context(kept_postgres(plan.data / "postgresql")) if POSTGRESQL in plan.engines else None
        databases = Databases(plan.data, postgres, say)
        for companies in plan.sizes:
            for engine in plan.engines:
                url = databases.url(engine, companies)
                with TemporaryDirectory(prefix="company-profiles-bench-") as folder:
                    yield from _run_place(plan, Place(engine, companies, url, Path(folder)), postgres)
                if plan.discard:
                    databases.discard(engine, companies)


def _run_place(plan: Plan, place: Place, postgres: KeptPostgres | None) -> Iterator[Result]:
    contenders = [contender for contender in plan.contenders if place.engine in contender.engines]
    with open_arena(place, contenders, plan.endpoints) as arena:
        for endpoint in plan.endpoints:
            say(f"\n{place.engine}, {place.companies:,} companies, {TITLES[endpoint]}")
            for number in range(1, plan.rounds + 1):
                for contender in contenders:
                    measured = _measure(plan, arena, contender, endpoint, first=number == 1)
                    settle(arena.servers[contender.server], postgres)
                    arena.check(contender, endpoint)
                    say(
                        f"  round {number}  {contender.title:24} {shown(measured.requests_per_second):>8}/s"
                        f"   median {measured.median / 1000:.2f} ms   p99 {measured.p99 / 1000:.2f} ms"
                    )
                    values = (measured.requests_per_second, measured.median, measured.p99, measured.processor)
                    yield Result(place.engine, place.companies, endpoint, contender.name, number, *values)


def _measure(plan: Plan, arena: Arena, contender: Contender, endpoint: str, *, first: bool) -> wrk.Measured:
    """The answers are checked first, and by the caller afterwards; in the first round the server is warmed up."""
    arena.check(contender, endpoint)
    server = arena.servers[contender.server]
    requests = arena.requests(contender, endpoint)

    def ask(seconds: float) -> wrk.Measured:
        before = processor_seconds(server.process.pid)
        measured = wrk.run(arena.place.folder, server.url, requests, seconds=seconds, connections=plan.connections)
        used = processor_seconds(server.process.pid) - before
        return replace(measured, processor=used / measured.requests * 1e6)

    try:
        if first:
            ask(min(_WARM_UP_SECONDS, plan.seconds))
        return ask(plan.seconds)
    except wrk.NothingAnswered:
        return ask(plan.seconds * _LONGER)


def settle(server: Server, postgres: KeptPostgres | None) -> None:
    """Waits until what wrk left unanswered when its time was over is done, so that the next one has the machine."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    while time.monotonic() < deadline:
        before = processor_seconds(server.process.pid)
        time.sleep(0.1)
        if processor_seconds(server.process.pid) - before <= 0.02 and not (postgres and postgres.execute(_ACTIVE)):
            return
    raise wrk.RequestsFailed("the server is still busy long after the last request")
