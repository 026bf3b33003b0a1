"""``python -m tests.bench writes``: PATCHes of a fact per second, from 1, 4 and 16 writers on two worker processes.

The floor beside them is one connection that does what no writer can do without: lock the newest revision, insert a
revision, commit. PostgreSQL is measured a second time behind a proxy that adds 2.5 ms to each round trip.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import make_url

from app.auth.key import Scope
from app.auth.queries import create_key
from app.database.database import Database
from app.database.dialects import POSTGRESQL
from app.database.models import Metric, Revision, RevisionHead
from app.revisions.former_addresses import address_of
from app.values.dates import now
from tests.bench import wrk
from tests.bench.data import Databases, make_database, settings_of
from tests.bench.delay import delayed
from tests.bench.postgres import DURABLE, kept_postgres
from tests.bench.report import shown
from tests.bench.servers import api_settings, serving
from tests.bench.terminal import say

WRITERS = (1, 4, 16)
ROUND_TRIP_SECONDS = 0.0025
_FACTS = 2_000
_SERVE = ("serve", "--port", "{port}", "--workers", "2")


@dataclass(frozen=True)
class Load:
    """What the writers send, and for how long."""

    folder: Path
    requests: Sequence[wrk.Request]
    seconds: float
    rounds: int


def measure(data: Path, engines: Sequence[str], companies: int, seconds: float, rounds: int) -> None:
    """Prints the rates, the latencies, and each rate as a part of the floor's in the same run."""
    wrk.require_wrk()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="company-profiles-bench-")))
        postgres = stack.enter_context(kept_postgres(data / "postgresql", DURABLE)) if POSTGRESQL in engines else None
        databases = Databases(data, postgres, say)
        for engine in engines:
            url = databases.blank(engine, "writes")
            make_database(url, companies)
            load = Load(folder, _requests(url), seconds, rounds)
            floor = _commits_per_second(url, seconds)
            say(f"\n{engine}: the floor, one connection that locks, inserts a revision and commits: {shown(floor)}/s")
            _measure_server(engine, url, load, floor)
            if engine == POSTGRESQL:
                with _behind_a_delay(url) as delayed_url:
                    _measure_server("postgresql, 2.5 ms away", delayed_url, load, floor)
            databases.remove(engine, "writes")


def _requests(url: str) -> list[wrk.Request]:
    """PATCHes of facts of different companies, with a key that may write."""
    database = Database(settings_of(url))
    with database.writing() as connection:
        key = create_key(connection, name="bench", scopes=[Scope.WRITE], expires_at=None, now=now().replace(microsecond=0))
        first = select(func.min(Metric.id)).group_by(Metric.company_id)
        documents = connection.scalars(select(Metric.document).where(Metric.id.in_(first)).limit(_FACTS)).all()
    database.engine.dispose()
    headers = {"Authorization": f"Bearer {key.text}", "If-Match": "*", "Content-Type": "application/merge-patch+json"}
    return [(address_of(document), headers) for document in documents]


@contextmanager
def _behind_a_delay(url: str) -> Iterator[str]:
    parsed = make_url(url)
    with delayed(parsed.port or 5432, ROUND_TRIP_SECONDS) as port:
        yield parsed.set(port=port).render_as_string(hide_password=False)


def _measure_server(title: str, url: str, load: Load, floor: float) -> None:
    say(title)
    with serving(load.folder, "app", _SERVE, api_settings(url), "/health/ready") as server:
        _patch(server.url, load, WRITERS[-1])  # the first round warms up
        for _ in range(load.rounds):
            alone = 0.0
            for writers in WRITERS:
                measured = _patch(server.url, load, writers)
                rate = measured.requests_per_second
                alone = alone or rate
                say(
                    f"  {writers:2} writers: {shown(rate):>6} PATCHes/s   median {measured.median / 1000:.1f} ms"
                    f"   p99 {measured.p99 / 1000:.1f} ms   {rate / alone:.2f} of one writer   {rate / floor:.3f} of the floor"
                )


def _patch(url: str, load: Load, writers: int) -> wrk.Measured:
    return wrk.run(load.folder, url, load.requests, seconds=load.seconds, connections=writers, script=wrk.PATCHES)


def _commits_per_second(url: str, seconds: float) -> float:
    database = Database(settings_of(url))
    entry = {"recorded_at": now(), "actor": "bench", "reason": "Floor", "action": "delete", "kind": "metric", "url": "/"}
    done, began = 0, time.monotonic()
    while time.monotonic() - began < seconds:
        with database.writing() as connection:
            number = connection.execute(select(RevisionHead.newest).with_for_update()).scalar_one() + 1
            connection.execute(insert(Revision), entry | {"number": number, "resource_id": number})
            connection.execute(update(RevisionHead).values(newest=number))
        done += 1
    database.engine.dispose()
    return done / (time.monotonic() - began)
