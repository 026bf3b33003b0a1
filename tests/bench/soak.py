"""``python -m tests.bench soak --minutes 30``: whether a worker that does everything for long grows, or leaks descriptors.

Many clients begin it, so that every pool, cache and thread is there. Then memory and descriptors of the worker's processes are
sampled at a fixed rate of requests. The first third of that is warm-up; growth is the median of the last tenth against the
median of the tenth that follows the warm-up.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from app.database.dialects import POSTGRESQL
from tests.bench import mixed
from tests.bench.data import Databases, make_database
from tests.bench.postgres import kept_postgres
from tests.bench.report import table
from tests.bench.servers import Server, api_settings, memory, processor_seconds, serving, workers_of
from tests.bench.terminal import say

MOST_GROWTH = 0.01
_SAMPLES = 240
_CROWDED = 1 / 40
_WARM_UP = 1 / 3
_WINDOW = 1 / 10
_SERVE = ("serve", "--port", "{port}", "--workers", "1")


class Grown(Exception):
    """A worker holds more at the end than after its warm-up, or a request failed; the message says what."""


class Sample(NamedTuple):
    """What the processes of a server hold at a moment."""

    seconds: float
    bytes: int
    descriptors: int


class Growth(NamedTuple):
    """A figure after the warm-up and at the end."""

    after_warm_up: float
    at_the_end: float

    @property
    def part(self) -> float:
        return self.at_the_end / self.after_warm_up - 1

    @classmethod
    def of(cls, samples: Sequence[Sample], figure: Callable[[Sample], float]) -> "Growth":
        first, size = round(len(samples) * _WARM_UP), max(1, round(len(samples) * _WINDOW))
        return cls(*(median(map(figure, window)) for window in (samples[first : first + size], samples[-size:])))


def measure(data: Path, engines: Sequence[str], companies: int, seconds: float, rate: float) -> None:
    """Prints what a worker held meanwhile. Raises Grown."""
    with ExitStack() as stack:
        postgres = stack.enter_context(kept_postgres(data / "postgresql")) if POSTGRESQL in engines else None
        databases = Databases(data, postgres, say)
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="company-profiles-bench-")))
        found = []
        for engine in engines:
            url = databases.blank(engine, "soak")
            make_database(url, companies)
            say(f"\n{engine}, {companies:,} companies: {rate:g} requests a second for {seconds / 60:g} minutes")
            found += _soak(url, folder, companies, seconds, rate)
            databases.remove(engine, "soak")
    if found:
        raise Grown("; ".join(found))


def _soak(url: str, folder: Path, companies: int, seconds: float, rate: float) -> list[str]:
    """What is wrong with the server of a database after its time."""
    with (
        serving(folder, "app", _SERVE, api_settings(url), "/health/ready") as server,
        mixed.site(server.url, url, companies) as site,
    ):
        mixed.crowd(site, seconds * _CROWDED)
        with mixed.clients(site, rate):
            samples = _sample(server, seconds)
        used = processor_seconds(server.process.pid)
        _say_samples(samples)
        say(f"  {sum(site.answers.values()):,} responses, {used:.0f} s of processor time: {_by_kind(site)}")
        return [*judge(samples), *(f"{count} x {status} to {kind}" for (kind, status), count in site.failures.items())]


def _sample(server: Server, seconds: float) -> list[Sample]:
    began = time.monotonic()
    samples = []
    for number in range(1, _SAMPLES + 1):
        time.sleep(max(0.0, began + number * seconds / _SAMPLES - time.monotonic()))
        processes = [server.process.pid, *workers_of(server)]
        held = sum(memory(process) for process in processes), sum(descriptors(process) for process in processes)
        samples.append(Sample(time.monotonic() - began, *held))
    return samples


def descriptors(process_id: int) -> int:
    return sum(1 for _ in Path(f"/proc/{process_id}/fd").iterdir())


def judge(samples: Sequence[Sample]) -> list[str]:
    """What has grown by too much."""
    held, opened = Growth.of(samples, lambda sample: sample.bytes), Growth.of(samples, lambda sample: sample.descriptors)
    after, end = held.after_warm_up / 1e6, held.at_the_end / 1e6
    say(f"  memory {after:.1f} MB after the warm-up, {end:.1f} MB at the end: {held.part:+.2%}")
    say(f"  descriptors {opened.after_warm_up:g} after the warm-up, {opened.at_the_end:g} at the end")
    found = []
    if held.part >= MOST_GROWTH:
        found.append(f"memory grew by {held.part:.2%}")
    if opened.at_the_end > opened.after_warm_up + mixed.CLIENTS:
        found.append(f"descriptors grew from {opened.after_warm_up:g} to {opened.at_the_end:g}")
    return found


def _say_samples(samples: Sequence[Sample]) -> None:
    edges = [round(len(samples) * tenth / 10) for tenth in range(11)]
    windows = [samples[first:last] for first, last in pairwise(edges)]
    rows = [
        [
            f"{window[-1].seconds / 60:.1f}",
            f"{median(sample.bytes for sample in window) / 1e6:.1f}",
            f"{max(sample.bytes for sample in window) / 1e6:.1f}",
            f"{median(sample.descriptors for sample in window):g}",
            f"{max(sample.descriptors for sample in window)}",
        ]
        for window in windows
    ]
    say(table(["minutes", "median MB", "most MB", "median descriptors", "most descriptors"], rows, words=0))


def _by_kind(site: mixed.Site) -> str:
    return ", ".join(f"{count:,} x {status} to {kind}" for (kind, status), count in sorted(site.answers.items()))
