"""How long reads of the past take beside those of the present: ``python -m tests.history.measure 5000``.

The made-up companies of the bench; then each tenth is renamed. Each read is timed in the process, without HTTP, in the
present and as of the revision before the renaming: medians of 100, each of another company.
"""

import asyncio
import io
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import median

from sqlalchemy import Connection, text

from app.api.companies.parameters import CompaniesParameters
from app.api.companies.profile import read_profile
from app.api.companies.queries import list_companies, one_company
from app.api.facts.queries import one_fact
from app.api.sources.facts import list_source_facts
from app.api.sources.parameters import SourceFactsParameters
from app.api.timeline.parameters import TimelineParameters
from app.api.timeline.queries import list_timeline
from app.database.database import Database
from app.database.dialects import POSTGRESQL
from app.database.models import Metric
from app.datasets.loader import load
from app.datasets.reader import read_stream
from app.http.lists.listing import read_listing
from tests.bench import ndjson
from tests.bench.companies import slug_of, source_slug
from tests.databases import ENGINES, Databases, settings_for
from tests.postgresql import PostgresServer

TIMES = 100
_COMPANIES, _TIMELINE, _OF_SOURCE = CompaniesParameters(), TimelineParameters(), SourceFactsParameters()
READS: Mapping[str, Callable[[Connection, int], object]] = {
    "one company": lambda connection, company: one_company(connection, slug_of(company)),
    "one metric": lambda connection, company: one_fact(connection, Metric, slug_of(company), "metric-1"),
    "profile": lambda connection, company: read_profile(connection, slug_of(company)),
    "list of 50": lambda connection, _: read_listing(connection, list_companies(_COMPANIES), _COMPANIES, ""),
    "timeline of 50": lambda connection, _: read_listing(connection, list_timeline(_TIMELINE), _TIMELINE, ""),
    "facts of a source": lambda connection, company: read_listing(
        connection, list_source_facts(_OF_SOURCE, source_slug(company // 10)), _OF_SOURCE, ""
    ),
}


def put(database: Database, lines: Iterable[str]) -> int:
    """Loads lines of NDJSON. Returns the newest revision."""
    file = io.BytesIO("".join(lines).encode())
    with database.writing() as connection:
        return load(connection, read_stream("bench", file, "ndjson"), actor="bench", reason="Bench").newest


def renamed(companies: int) -> Iterable[str]:
    tenth = {slug_of(company) for company in range(0, companies, 10)}
    for line in ndjson.lines(companies):
        fields = json.loads(line)
        if fields["kind"] == "company" and fields["slug"] in tenth:
            yield json.dumps(fields | {"name": f"{fields['name']} II"}) + "\n"


def milliseconds(connection: Connection, read: Callable[[Connection, int], object], companies: int) -> float:
    taken = []
    for company in range(0, companies, max(1, companies // TIMES)):
        started = time.perf_counter()
        read(connection, company)
        taken.append(time.perf_counter() - started)
    return median(taken) * 1000


def measure(databases: Databases, companies: int) -> None:
    database = Database(settings_for(databases.copy(databases.migrated)))
    before = put(database, ndjson.lines(companies))
    put(database, renamed(companies))
    if databases.engine == POSTGRESQL:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    as_it_was = asyncio.run(database.as_of(str(before)))
    for name, read in READS.items():
        with database.stream() as present, as_it_was.stream() as past:
            now, then = milliseconds(present, read, companies), milliseconds(past, read, companies)
        print(f"| {databases.engine} | {name} | {now:.2f} | {then:.2f} |")  # noqa: T201 - what the command is for
    database.engine.dispose()


def main(companies: int) -> None:
    for engine in ENGINES:
        with tempfile.TemporaryDirectory(prefix="company-profiles-") as folder:
            postgres = PostgresServer(Path(folder)) if engine == POSTGRESQL else None
            if postgres:
                postgres.start()
            measure(Databases(engine, Path(folder), postgres), companies)
            if postgres:
                postgres.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]))
