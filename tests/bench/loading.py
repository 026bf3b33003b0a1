"""``python -m tests.bench load``: the rate of a load and an export, beside the engine's own way of taking rows in."""

import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from app.database.database import Database
from app.database.dialects import POSTGRESQL, SQLITE
from app.operations.migrate import migrate
from tests.bench.copying import copy_with_psycopg, copy_with_sqlite3
from tests.bench.data import Databases, settings_of
from tests.bench.ndjson import dataset
from tests.bench.postgres import kept_postgres
from tests.bench.report import shown, table
from tests.bench.rows import total_records
from tests.bench.servers import api_settings, environment, memory
from tests.bench.terminal import say

_LOOK_SECONDS = 0.05
WHAT_IS_THE_SAME = (
    "The raw way writes the rows that the load left, of every table, in one transaction, into an empty database with the same"
    " tables, indexes, constraints, text index, pragmas and settings: on SQLite by executemany of the sqlite3 module, on"
    " PostgreSQL by psycopg's COPY, row by row from Python. It reads, validates, renders and numbers nothing; reading the rows"
    " is not counted. The rate is records (sources, companies and facts) a second."
)


class CommandFailed(Exception):
    """A command of the product ended with an error."""


@dataclass(frozen=True)
class Ended:
    """How long a command took, and how much memory it held at most, in bytes."""

    seconds: float
    peak: int


def timed(folder: Path, arguments: Sequence[str], settings: dict[str, str]) -> Ended:
    """Runs a command of the product to its end. Raises CommandFailed."""
    command = [sys.executable, "-m", "app", *arguments]
    began = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment(settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        # The kernel's count for an ended child includes what its parent held when it was started; the process's own does not.
        peak = 0
        while process.poll() is None:
            peak = max(peak, memory(process.pid, "VmHWM"))
            time.sleep(_LOOK_SECONDS)
        seconds = time.perf_counter() - began
        if process.returncode:
            said = process.stderr.read().decode(errors="replace")[-1000:] if process.stderr else ""
            raise CommandFailed(f"{' '.join(arguments)} ended with {process.returncode}: {said}")
    return Ended(seconds, peak)


def compare(data: Path, engines: Sequence[str], sizes: Sequence[int]) -> None:
    """Loads, exports and copies as many companies, and prints a table."""
    rows = []
    with ExitStack() as stack:
        postgres = stack.enter_context(kept_postgres(data / "postgresql")) if POSTGRESQL in engines else None
        databases = Databases(data, postgres, say)
        for companies in sizes:
            say(f"Writing a dataset of {companies:,} companies …")
            file = dataset(data, companies)
            rows += [_compare(databases, engine, companies, file) for engine in engines]
    titles = ["engine", "companies", "load", "raw", "load ÷ raw", "load's peak", "export", "export ÷ load", "export's peak"]
    say(f"\n{WHAT_IS_THE_SAME}\n\n{table(titles, rows, words=1)}")


def _compare(databases: Databases, engine: str, companies: int, file: Path) -> list[str]:
    url, records = databases.blank(engine, "load"), total_records(companies)
    settings = api_settings(url)
    timed(databases.folder, ["migrate"], settings)
    say(f"Loading them on {engine} …")
    loading = timed(databases.folder, ["load", str(file)], settings)
    say(f"Exporting them from {engine} …")
    exporting = _export(databases.folder, settings, records)
    raw = _copy(databases, engine, companies, url)
    for name in ("load", "raw"):
        databases.remove(engine, name)
    return [
        engine,
        f"{companies:,}",
        f"{shown(records / loading.seconds)}/s",
        f"{shown(records / raw)}/s" if raw else "–",
        shown(raw / loading.seconds) if raw else "–",
        f"{loading.peak / 1e6:,.0f} MB",
        f"{shown(records / exporting.seconds)}/s",
        shown(loading.seconds / exporting.seconds),
        f"{exporting.peak / 1e6:,.0f} MB",
    ]


def _export(folder: Path, settings: dict[str, str], records: int) -> Ended:
    """Raises CommandFailed where the file does not hold as many records."""
    exported = folder / "export.ndjson"
    ended = timed(folder, ["export", "--format", "ndjson", "--output", str(exported)], settings)
    with exported.open("rb") as lines:
        found = sum(1 for _ in lines)
    exported.unlink()
    if found != records:
        raise CommandFailed(f"the export holds {found:,} of {records:,} records")
    return ended


def _copy(databases: Databases, engine: str, companies: int, url: str) -> float | None:
    """The seconds that the raw way takes; None where the disk has no room for a second database."""
    if not databases.has_room_for(companies):
        say(f"There is no room for the same rows a second time, so the raw way of {engine} is left out.")
        return None
    raw_url = databases.blank(engine, "raw")
    _migrate(raw_url)
    say(f"Copying the same rows on {engine} …")
    return copy_with_sqlite3(url, raw_url) if engine == SQLITE else copy_with_psycopg(url, raw_url)


def _migrate(url: str) -> None:
    database = Database(settings_of(url))
    migrate(database)
    database.engine.dispose()
