"""Clients of a site during a fault: they write, read, and read what they have written, and note every response."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import httpx

_PAUSE = 0.05
_ACCEPTED = {"write": {201, 503}, "read": {200, 503}, "own": {200, 503}}


class Noted(NamedTuple):
    """A response: to what kind of request, of which deployment, and when. A broken connection has the status 0."""

    kind: str
    route: str
    started: float
    ended: float
    status: int
    text: str

    @property
    def is_expected(self) -> bool:
        return self.status in _ACCEPTED[self.kind]

    @property
    def is_success(self) -> bool:
        return self.is_expected and self.status != 503


@dataclass
class Clients:
    """All of them, and what they noted. ``acknowledged`` are the slugs of the companies whose creation was acknowledged."""

    urls: dict[str, str]
    key: str
    noted: list[Noted] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    _newest: tuple[str, str] | None = None
    _ended: threading.Event = field(default_factory=threading.Event)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Until the end of the block."""
        acts: Sequence[Callable[[str, httpx.Client], None]] = (self._write, self._write, self._read, self._read, self._read_own)
        threads = [threading.Thread(target=self._repeat, args=(act, route)) for route in self.urls for act in acts]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._ended.set()
            for thread in threads:
                thread.join()
            self._ended.clear()

    def _repeat(self, act: Callable[[str, httpx.Client], None], route: str) -> None:
        with httpx.Client(base_url=self.urls[route], timeout=100) as client:
            while not self._ended.is_set():
                act(route, client)
                time.sleep(_PAUSE)

    def _write(self, route: str, client: httpx.Client) -> None:
        """Sends a change again, with the same key, until it is acknowledged."""
        slug = f"company-{next(self._numbers)}"
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": slug}
        send = partial(client.post, "/v1/companies", json={"slug": slug, "name": slug}, headers=headers)
        while not self._ended.is_set():
            response = self._note("write", route, send)
            if response is not None and response.status_code == 201:
                self.acknowledged.append(slug)
                self._newest = (slug, response.headers["profiles-revision"])
                return
            time.sleep(_PAUSE)

    def _read(self, route: str, client: httpx.Client) -> None:
        self._note("read", route, partial(client.get, "/v1/companies?limit=3"))

    def _read_own(self, route: str, client: httpx.Client) -> None:
        """With and without a key in turn: from the primary, and from a standby that has the revision."""
        if self._newest is not None:
            slug, revision = self._newest
            headers = {"Profiles-Minimum-Revision": revision}
            for more in ({}, {"Authorization": f"Bearer {self.key}"}):
                self._note("own", route, partial(client.get, f"/v1/companies/{slug}", headers=headers | more))

    def _note(self, kind: str, route: str, send: Callable[[], httpx.Response]) -> httpx.Response | None:
        started = time.monotonic()
        try:
            response = send()
        except httpx.TransportError as error:
            self.noted.append(Noted(kind, route, started, time.monotonic(), 0, repr(error)))
            return None
        self.noted.append(Noted(kind, route, started, time.monotonic(), response.status_code, response.text[:300]))
        return response


def longest_pause(noted: Sequence[Noted], since: float) -> float:
    """The longest time without a success."""
    moments = sorted(one.ended for one in noted if one.is_success and one.ended >= since)
    return max((later - earlier for earlier, later in itertools.pairwise([since, *moments])), default=0.0)


def first_success(noted: Sequence[Noted], since: float) -> float:
    """How long after a moment the first success came."""
    return min((one.ended for one in noted if one.is_success and one.ended >= since), default=float("inf")) - since
