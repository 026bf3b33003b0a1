"""Clients that do everything at once, at a fixed rate: reads, writes, exports, event streams, keys that come and go."""

import itertools
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import httpx

from app.auth.key import Scope
from app.auth.queries import create_key, revoke_key
from app.database.database import Database
from app.values.dates import now
from tests.bench.data import settings_of
from tests.bench.endpoints import TITLES, address_of, keys_of

CLIENTS = 6
EXPECTED = frozenset((200, 201, 204, 304, 400, 404, 412, 422))
"""Statuses of this load. Nothing in it may be refused for lack of room, and nothing may fail."""
_CROWD = 40
_STREAM_SECONDS = 2.0
_READS = 500
"""Different addresses of each endpoint."""
_WEIGHTS = {
    "read": 50, "repeat": 15, "search": 8, "validate": 8, "expensive": 4, "mistake": 4, "patch": 4, "create and delete": 3,
    "export": 1, "stream": 1, "long poll": 1, "key": 1,
}  # fmt: skip
_EXPENSIVE = (
    "/v1/stats",
    "/v1/companies?total=true&country=CN",
    "/v1/companies?as_of=1000&limit=20",
    "/v1/search?q=solar&total=true",
)
_MISTAKES = ("/v1/companies/nobody", "/v1/companies?limit=x", "/v1/nothing", "/v1/companies?cursor=x")


@dataclass
class Site:
    """What the clients share: a server, its database for keys, addresses to read, and facts to change."""

    url: str
    database: Database
    key: str
    reads: Sequence[str]
    facts: Sequence[str]
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)

    @property
    def failures(self) -> dict[tuple[str, int], int]:
        return {answer: count for answer, count in self.answers.items() if answer[1] not in EXPECTED}


def _new_key(database: Database, name: str) -> str:
    with database.writing() as connection:
        return create_key(connection, name=name, scopes=[Scope.WRITE], expires_at=None, now=now().replace(microsecond=0)).text


@contextmanager
def site(url: str, database_url: str, companies: int) -> Iterator[Site]:
    """Everything that the clients of a server need, until the end of the block."""
    database = Database(settings_of(database_url))
    try:
        with database.reading() as connection:
            reads = [address_of(name, key) for name in TITLES for key in keys_of(name, companies, connection)[:_READS]]
        facts = [address for address in reads if address.endswith("/profile")]
        yield Site(url, database, _new_key(database, "soak"), reads, facts)
    finally:
        database.engine.dispose()


class Client(threading.Thread):
    """Sends a request of a random kind at each beat of its own; one that is late leaves beats out."""

    def __init__(self, site: Site, number: int, seconds_apart: float, ended: threading.Event) -> None:
        super().__init__(name=f"client {number}", daemon=True)
        self._site = site
        self._number = number
        self._seconds_apart = seconds_apart
        self._ended = ended
        self._chance = random.Random(number)  # noqa: S311 - the same requests in every run
        self._count = itertools.count()
        self._etag = ""

    def run(self) -> None:
        kinds, weights = list(_WEIGHTS), list(_WEIGHTS.values())
        due = time.monotonic() + self._number * self._seconds_apart / CLIENTS
        with httpx.Client(base_url=self._site.url, timeout=60, trust_env=False) as client:
            while not self._ended.wait(max(0.0, due - time.monotonic())):
                due = max(due + self._seconds_apart, time.monotonic())
                kind = self._chance.choices(kinds, weights)[0]
                self._note(kind, self._send(client, kind))

    def _note(self, kind: str, statuses: Sequence[int]) -> None:
        self._site.answers.update((kind, status) for status in statuses)

    def _send(self, client: httpx.Client, kind: str) -> list[int]:
        """The statuses of the requests of one kind; 0 for one that got no response."""
        send = getattr(self, f"_{kind.replace(' ', '_')}")
        try:
            return [answer.status_code for answer in send(client)]
        except httpx.TransportError:
            return [0]

    @property
    def _authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._site.key}"}

    def _read(self, client: httpx.Client) -> Iterator[httpx.Response]:
        yield client.get(self._chance.choice(self._site.reads))

    def _repeat(self, client: httpx.Client) -> Iterator[httpx.Response]:
        yield client.get(self._site.reads[self._chance.randrange(8)])

    def _search(self, client: httpx.Client) -> Iterator[httpx.Response]:
        word = "".join(self._chance.choices("bdfgklmnrvaeio", k=4))
        yield client.get("/v1/search", params={"q": word})

    def _validate(self, client: httpx.Client) -> Iterator[httpx.Response]:
        answer = client.get("/v1/companies", headers={"If-None-Match": self._etag})
        self._etag = answer.headers.get("etag", "")
        yield answer

    def _expensive(self, client: httpx.Client) -> Iterator[httpx.Response]:
        yield client.get(self._chance.choice(_EXPENSIVE), headers={"Cache-Control": "no-cache"})

    def _mistake(self, client: httpx.Client) -> Iterator[httpx.Response]:
        yield client.get(self._chance.choice(_MISTAKES))

    def _patch(self, client: httpx.Client) -> Iterator[httpx.Response]:
        address = f"{self._chance.choice(self._site.facts).removesuffix('/profile')}/milestones/milestone-1"
        headers = {"If-Match": "*", "Content-Type": "application/merge-patch+json"}
        note = json.dumps({"note": f"Note {next(self._count)}"})
        yield client.patch(address, content=note, headers=headers | self._authorization)

    def _create_and_delete(self, client: httpx.Client) -> Iterator[httpx.Response]:
        slug = f"soak-{self._number}-{next(self._count)}"
        headers = self._authorization | {"Idempotency-Key": slug}
        yield client.post("/v1/companies", json={"slug": slug, "name": slug}, headers=headers)
        yield client.delete(f"/v1/companies/{slug}", headers=self._authorization | {"If-Match": "*"})

    def _export(self, client: httpx.Client) -> Iterator[httpx.Response]:
        yield client.get("/v1/companies?format=ndjson")

    def _stream(self, client: httpx.Client) -> Iterator[httpx.Response]:
        until = time.monotonic() + _STREAM_SECONDS
        with client.stream("GET", "/v1/changes/stream", timeout=httpx.Timeout(60, read=_STREAM_SECONDS)) as answer:
            yield answer
            try:
                for _ in answer.iter_raw():
                    if time.monotonic() > until:
                        break
            except httpx.ReadTimeout:
                pass  # nothing was changed meanwhile

    def _long_poll(self, client: httpx.Client) -> Iterator[httpx.Response]:
        newest = client.get("/v1/changes?limit=1").json()["newest"]
        yield client.get("/v1/changes", params={"since": newest, "wait": 2})

    def _key(self, client: httpx.Client) -> Iterator[httpx.Response]:
        """A key of its own writes, is revoked, and is refused from then on: the 401 counts as found."""
        name = f"soak-{self._number}-{next(self._count)}"
        key = _new_key(self._site.database, name)
        headers = {"Authorization": f"Bearer {key}"}
        yield client.post("/v1/companies", json={"slug": name, "name": name}, headers=headers)
        yield client.delete(f"/v1/companies/{name}", headers=headers | {"If-Match": "*"})
        with self._site.database.writing() as connection:
            revoke_key(connection, name, now().replace(microsecond=0))
        refused = client.post("/v1/companies", json={"slug": name, "name": name}, headers=headers)
        if refused.status_code != httpx.codes.UNAUTHORIZED:
            yield refused


@contextmanager
def clients(site: Site, rate: float) -> Iterator[None]:
    """All clients together send so many requests a second, until the end of the block."""
    ended = threading.Event()
    with _running([Client(site, number, CLIENTS / rate, ended) for number in range(CLIENTS)], ended):
        yield


def crowd(site: Site, seconds: float) -> None:
    """Many clients without a pause: what a server opens and fills under load, it holds from then on."""
    ended = threading.Event()
    forgetful = replace(site, answers=Counter())
    with _running([Client(forgetful, CLIENTS + number, 0.0, ended) for number in range(_CROWD)], ended):
        time.sleep(seconds)


@contextmanager
def _running(threads: Sequence[threading.Thread], ended: threading.Event) -> Iterator[None]:
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()
