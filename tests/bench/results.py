"""What was measured, and what is made of it: medians, ratios of one round, and the targets that they must reach."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, NamedTuple

from app.database.dialects import POSTGRESQL, SQLITE


@dataclass(frozen=True)
class Result:
    """One run of wrk against one server. Latencies are in microseconds, and so is the server's processor time a request."""

    engine: str
    companies: int
    endpoint: str
    contender: str
    round: int
    requests_per_second: float
    median: int
    p99: int
    processor: float = 0.0


def rate(result: Result) -> float:
    """Requests a second."""
    return result.requests_per_second


def rate_by_processor(result: Result) -> float:
    """Requests for each second of the server's processor time."""
    return 1e6 / result.processor


class Case(NamedTuple):
    """What is compared is of one engine, one size and one endpoint."""

    engine: str
    companies: int
    endpoint: str


class Spread(NamedTuple):
    """The values of several rounds."""

    least: float
    middle: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        return cls(min(values), median(values), max(values))


class Results:
    """Everything that was measured, in its order."""

    def __init__(self, results: Iterable[Result]) -> None:
        self.all = list(results)
        self.cases = list(dict.fromkeys(Case(one.engine, one.companies, one.endpoint) for one in self.all))

    def of(self, case: Case, contender: str) -> dict[int, Result]:
        """The results of a contender by round."""
        return {
            one.round: one
            for one in self.all
            if one.contender == contender and Case(one.engine, one.companies, one.endpoint) == case
        }

    def spread(self, case: Case, contender: str, value: Callable[[Result], float]) -> Spread | None:
        found = [value(one) for one in self.of(case, contender).values()]
        return Spread.of(found) if found else None

    def ratio(self, case: Case, ours: str, theirs: str, value: Callable[[Result], float] = rate) -> Spread | None:
        """What one contender answers in a second by what another does, each of the same round."""
        first, second = self.of(case, ours), self.of(case, theirs)
        rounds = [value(first[number]) / value(second[number]) for number in first if number in second]
        return Spread.of(rounds) if rounds else None

    def latency(self, case: Case, contender: str = "cold") -> float | None:
        """The median of the rounds' median latencies, in microseconds."""
        spread = self.spread(case, contender, lambda result: result.median)
        return spread.middle if spread else None


class Verdict(NamedTuple):
    """A target, and what was measured of it."""

    case: Case
    target: str
    measured: float
    reached: bool


_SMALL = 1_000
_LEAST_RATIOS: Final = (
    ("hot", "bare", 0.85, (SQLITE, POSTGRESQL), ("company", "list", "profile")),
    ("not-modified", "hot", 1.0, (SQLITE, POSTGRESQL), ("company", "list", "profile")),
    ("cold", "constant", 0.5, (SQLITE,), ("company", "profile")),
    ("cold", "constant", 0.4, (SQLITE,), ("list",)),
    ("cold", "datasette", 4.0, (SQLITE,), ("profile",)),
    ("cold", "idiomatic", 10.0, (SQLITE,), ("profile",)),
    ("cold", "constant", 0.3, (POSTGRESQL,), ("company", "list", "profile")),
)
_MOST_GROWTH: Final = {"company": 1.3, "list": 1.3, "profile": 1.3, "deep": 1.3}
"""Of the median latency, from 1,000 companies to the most that were measured."""
_MOST_OF_COMPANY: Final = {"suggest": 3.0, "search": 10.0}
"""Median latency by that of one company, at the largest size."""
_MOST_TAIL: Final = 4.0


def verdicts(results: Results) -> list[Verdict]:
    """What there are figures for, by the medians of the rounds."""
    return [verdict for case in results.cases for verdict in (*_ratios(results, case), *_latencies(results, case))]


def _ratios(results: Results, case: Case) -> Iterable[Verdict]:
    for ours, theirs, least, engines, endpoints in _LEAST_RATIOS:
        spread = results.ratio(case, ours, theirs)
        if spread and case.engine in engines and case.endpoint in endpoints:
            yield Verdict(case, f"{ours} at least {least} times {theirs}", spread.middle, spread.middle >= least)


def _latencies(results: Results, case: Case) -> Iterable[Verdict]:
    here = results.latency(case)
    if here is None:
        return
    tail = results.spread(case, "cold", lambda result: result.p99 / max(result.median, 1))
    if tail and case.engine == POSTGRESQL:
        yield Verdict(case, f"cold p99 within {_MOST_TAIL} times the median", tail.middle, tail.middle <= _MOST_TAIL)
    if case.companies < max(one.companies for one in results.cases) or case.companies <= _SMALL:
        return
    for others, of_what, most in (
        (case._replace(companies=_SMALL), "that at 1,000 companies", _MOST_GROWTH.get(case.endpoint)),
        (case._replace(endpoint="company"), "that of one company", _MOST_OF_COMPANY.get(case.endpoint)),
    ):
        there = results.latency(others)
        if most and there:
            yield Verdict(case, f"cold median within {most} times {of_what}", here / there, here / there <= most)
