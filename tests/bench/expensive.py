"""What expensive reads do to everything else: ten times as many as a worker runs at once, of one kind after another.

Beside them one client asks for health and others for a small response that is cached.
"""

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import count, cycle
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from tests.bench.terminal import say

PLACES = 4
TIMES = 10
_SMALL = "/v1/companies?limit=5"
_HEALTH = ("/health/live", "/health/ready")
_PAUSE_SECONDS = 0.02
_NAMES = 1000
_SHARED_WORDS = (
    "the", "first", "national", "bank", "group", "of", "united", "technology", "energy", "systems", "media", "capital",
    "holdings", "international",
)  # fmt: skip


class Sent(NamedTuple):
    """A request: its method, its address and its form."""

    method: str
    address: str
    form: str = ""


class Answered(NamedTuple):
    """How a request was answered, and in how many seconds."""

    status: int
    seconds: float


def _batch(first: int) -> str:
    """A form with a thousand names of common words."""
    words = _SHARED_WORDS
    names = (f"{words[n % 14]} {words[n // 14 % 14]} {words[n // 196 % 14]}" for n in range(first, first + _NAMES))
    return urlencode({"queries": json.dumps({f"q{n}": {"query": name} for n, name in enumerate(names)})})


def kinds() -> dict[str, Iterator[Sent]]:
    """Requests of each expensive kind, which bypass the cache."""
    return {
        "stats": (Sent("GET", "/v1/stats") for _ in count()),
        "total": (Sent("GET", f"/v1/companies?total=true&from=1900-01-01&to=2020-01-{n % 28 + 1:02}&limit=1") for n in count()),
        "as_of": (Sent("GET", f"/v1/companies?as_of={n % 900 + 1}&sort=-founded&limit=50") for n in count()),
        "search": (Sent("GET", f"/v1/search?q=company&country=CN&total=true&limit={n % 200 + 1}") for n in count()),
        "export": (Sent("GET", "/v1/companies?format=ndjson") for _ in count()),
        "reconcile": (Sent("POST", "/reconcile", _batch(n * 7)) for n in count()),
    }


def measure(url: str, seconds: float) -> None:
    """Prints the latency of small reads and of health checks without other load, then under each kind of expensive read."""
    small, health, _ = _observe(url, (), 0, seconds)
    say(f"  alone:     cached reads p99 {_p99(small):6.1f} ms; health p99 {_p99(health):6.1f} ms")
    for name, requests in kinds().items():
        under, checks, expensive = _observe(url, requests, PLACES * TIMES, seconds)
        failed = sum(one.status != 200 for one in (*under, *checks))
        statuses = ", ".join(f"{number} x {status}" for status, number in sorted(Counter(o.status for o in expensive).items()))
        slowest = max((one.seconds for one in expensive), default=0.0)
        say(
            f"  {name:10} cached reads p99 {_p99(under):6.1f} ms, {_p99(under) / _p99(small):4.1f} times; health p99"
            f" {_p99(checks):6.1f} ms; {failed} of both failed; {statuses}; slowest {slowest:.1f} s"
        )


def _p99(answers: Iterable[Answered]) -> float:
    ordered = sorted(one.seconds * 1000 for one in answers)
    return ordered[len(ordered) * 99 // 100]


def _observe(
    url: str, requests: Iterable[Sent], clients: int, seconds: float
) -> tuple[list[Answered], list[Answered], list[Answered]]:
    """The answers to small reads, to health checks, and to the requests, which some clients send one after another."""
    until = time.monotonic() + seconds
    ahead = [sent for sent, _ in zip(requests, range(clients * 20), strict=False)]
    with ThreadPoolExecutor(clients + 2) as threads:
        small = threads.submit(_ask, url, cycle((Sent("GET", _SMALL),)), until)
        health = threads.submit(_ask, url, (Sent("GET", address) for address in cycle(_HEALTH)), until)
        busy = [threads.submit(_ask, url, cycle(ahead[number::clients]), until, pause=0.0) for number in range(clients)]
        return small.result(), health.result(), [answer for client in busy for answer in client.result()]


def _ask(url: str, requests: Iterator[Sent], until: float, pause: float = _PAUSE_SECONDS) -> list[Answered]:
    """Sends one request after another, with a pause between them."""
    place = urlsplit(url)
    answers = []
    while time.monotonic() < until:
        sent = next(requests)
        connection = HTTPConnection(place.hostname or "", place.port, timeout=120)
        began = time.perf_counter()
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if sent.form else {}
        if sent.address != _SMALL:
            headers["Cache-Control"] = "no-cache"
        connection.request(sent.method, sent.address, sent.form or None, headers)
        answer = connection.getresponse()
        answer.read()
        answers.append(Answered(answer.status, time.perf_counter() - began))
        connection.close()
        time.sleep(pause)
    return answers
