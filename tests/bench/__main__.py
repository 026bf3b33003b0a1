"""``python -m tests.bench [run | load | start | workers | overload | writes | soak]``: how fast this is on this machine."""

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import gettempdir

from app.database.dialects import POSTGRESQL, SQLITE
from tests.bench import loading, overload, plot, running, scaling, soak, starting, writes
from tests.bench.arena import AnswerWrong
from tests.bench.contenders import BY_NAME
from tests.bench.data import SpaceMissing
from tests.bench.endpoints import TITLES
from tests.bench.loading import CommandFailed
from tests.bench.report import DOCS, surroundings, tables, write_docs
from tests.bench.results import Result, Results
from tests.bench.rivals.datasette import DatasetteMissing
from tests.bench.servers import ServerFailed
from tests.bench.terminal import say
from tests.bench.wrk import RequestsFailed, WrkMissing, require_wrk

SIZES = (2, 1_000, 100_000, 1_000_000)
QUICK_SIZES, QUICK_SECONDS, QUICK_ROUNDS = (2, 1_000), 2.0, 1
FAULTS = (AnswerWrong, CommandFailed, DatasetteMissing, RequestsFailed, ServerFailed, SpaceMissing, WrkMissing, soak.Grown)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    commands = "run", "load", "start", "workers", "overload", "writes", "soak"
    made.add_argument("command", nargs="?", default="run", choices=commands)
    made.add_argument(
        "--data", type=Path, default=Path(gettempdir()) / "company-profiles-bench", help="Folder that keeps the data."
    )
    made.add_argument("--sizes", type=int, nargs="+", help="Numbers of companies.")
    made.add_argument("--engines", nargs="+", choices=(SQLITE, POSTGRESQL), default=[SQLITE, POSTGRESQL])
    made.add_argument("--endpoints", nargs="+", choices=tuple(TITLES), default=list(TITLES))
    made.add_argument("--servers", nargs="+", choices=tuple(BY_NAME), default=list(BY_NAME))
    made.add_argument("--seconds", type=float, help="Of each run of wrk.")
    made.add_argument("--rounds", type=int, help="In each of them every server is measured once.")
    made.add_argument("--connections", type=int, default=32)
    made.add_argument("--minutes", type=float, default=30.0, help="Of the soak.")
    made.add_argument("--rate", type=float, default=40.0, help="Requests per second of the soak.")
    made.add_argument("--quick", action="store_true", help="A trial: 2 and 1,000 companies, one round of 2 seconds.")
    made.add_argument("--discard", action="store_true", help="Delete each database after its run, where the disk is small.")
    made.add_argument("--output", type=Path, help="File for the results, as JSON.")
    made.add_argument("--write-docs", action="store_true", help="Write the figures into docs/operate/performance.md and .svg.")
    return made


def plan_of(options: argparse.Namespace) -> running.Plan:
    return running.Plan(
        data=options.data.resolve(),
        sizes=options.sizes or (QUICK_SIZES if options.quick else SIZES),
        engines=options.engines,
        endpoints=options.endpoints,
        contenders=[contender for name, contender in BY_NAME.items() if name in options.servers],
        rounds=options.rounds or (QUICK_ROUNDS if options.quick else 3),
        seconds=options.seconds or (QUICK_SECONDS if options.quick else 4.0),
        connections=options.connections,
        discard=options.discard,
    )


def measure(options: argparse.Namespace) -> None:
    """Runs everything; the file of results is written again after each one, so that a run that is ended leaves what it has."""
    require_wrk()
    plan = plan_of(options)
    facts = surroundings()
    found: list[Result] = []
    for result in running.run(plan):
        found.append(result)
        if options.output:
            everything = {"surroundings": facts, "plan": str(plan), "results": [asdict(one) for one in found]}
            options.output.write_text(json.dumps(everything, indent=1), encoding="utf-8")
    results = Results(found)
    say("\n" + tables(results))
    if options.write_docs:
        write_docs(DOCS, results, facts, str(plan))
        plot.draw(results, DOCS.with_suffix(".svg"))


def main(arguments: Sequence[str]) -> int:
    options = parser().parse_args(arguments)
    # So that what was started is ended when the bench is.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    options.data.mkdir(parents=True, exist_ok=True)
    commands = {
        "run": lambda: measure(options),
        "load": lambda: loading.compare(options.data.resolve(), options.engines, options.sizes or [10_000]),
        "start": lambda: starting.measure(
            options.data.resolve(), options.engines, (options.sizes or [1_000])[0], options.seconds or 4.0
        ),
        "workers": lambda: scaling.measure(
            options.data.resolve(), options.engines, (options.sizes or [1_000])[0], options.seconds or 4.0, options.rounds or 3
        ),
        "overload": lambda: overload.measure(
            options.data.resolve(), options.engines, (options.sizes or [1_000])[0], options.seconds or 10.0, options.connections
        ),
        "writes": lambda: writes.measure(
            options.data.resolve(), options.engines, (options.sizes or [1_000])[0], options.seconds or 5.0, options.rounds or 1
        ),
        "soak": lambda: soak.measure(
            options.data.resolve(), options.engines, (options.sizes or [1_000])[0], options.minutes * 60, options.rate
        ),
    }
    try:
        commands[options.command]()
    except FAULTS as fault:
        sys.stderr.write(f"tests.bench: {fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
