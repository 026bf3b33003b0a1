"""Clients that write continuously, and remember what they sent and what they received."""

import itertools
import json
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from tests.editing.curator import MERGE_PATCH
from tests.editing.lamps import COMPANY_ADDRESS, MILESTONE
from tests.faults.wholeness import revisions
from tests.scaling.cluster import wait_until


@dataclass
class Sent:
    """A request, identified in the log by its reason, and its response. Without a response its outcome is unknown."""

    method: str
    address: str
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    changes: int = 1
    """Revisions that it makes."""
    reason: str = field(default_factory=lambda: uuid.uuid4().hex)
    answer: httpx.Response | None = None

    def send(self, client: httpx.Client) -> httpx.Response:
        return client.request(
            self.method, self.address, params={"reason": self.reason}, content=self.body.encode(), headers=self.headers
        )

    @property
    def is_acknowledged(self) -> bool:
        return self.answer is not None and self.answer.is_success


class Writer(threading.Thread):
    """Sends one request after the other, from where it left off, until it is to end or the server is gone."""

    def __init__(self, name: str, url: str, key: str, chance: random.Random, *, goes_on: bool = False) -> None:
        super().__init__()
        self._slug = name
        self._url = url
        self._key = key
        self._chance = chance
        self._goes_on = goes_on
        self.ended = threading.Event()
        self.sent: list[Sent] = []
        self._created: list[str] = []

    @property
    def acknowledged(self) -> int:
        return sum(1 for one in self.sent if one.is_acknowledged)

    @property
    def refused(self) -> list[httpx.Response]:
        return [one.answer for one in self.sent if one.answer is not None and not one.is_acknowledged]

    def run(self) -> None:
        with httpx.Client(base_url=self._url, headers={"Authorization": f"Bearer {self._key}"}, timeout=60) as client:
            for number in itertools.count():
                if self.ended.is_set():
                    return
                one = self._next(number)
                self.sent.append(one)
                try:
                    one.answer = one.send(client)
                except httpx.TransportError:
                    if not self._goes_on:
                        return
                if one.is_acknowledged and one.method == "POST" and one.address.endswith("milestones"):
                    self._created.append(f"{one.address}/{json.loads(one.body)['slug']}")
                elif not one.is_acknowledged:
                    time.sleep(0.05)

    def _next(self, number: int) -> Sent:
        kinds: Sequence[Callable[[int], Sent]] = (self._creation, self._creation, self._dataset, self._patching, self._deletion)
        return self._chance.choice(kinds)(number)

    def _creation(self, number: int) -> Sent:
        body = json.dumps(MILESTONE | {"slug": f"m-{uuid.uuid4().hex}", "title": f"Event {number} of {self._slug}"})
        headers = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        return Sent("POST", f"{COMPANY_ADDRESS}/milestones", body, headers)

    def _dataset(self, number: int) -> Sent:
        """Two companies under one new name, in one transaction."""
        name = f"Name {number} {uuid.uuid4().hex}"
        lines = [json.dumps({"kind": "company", "slug": f"{self._slug}-{side}", "name": name}) for side in ("a", "b")]
        return Sent("POST", "/v1/datasets", "\n".join(lines), {"Content-Type": "application/x-ndjson"}, changes=2)

    def _patching(self, number: int) -> Sent:
        if not self._created:
            return self._creation(number)
        body = json.dumps({"note": f"Note {uuid.uuid4().hex}"})
        return Sent("PATCH", self._created[-1], body, {"Content-Type": MERGE_PATCH, "If-Match": "*"})

    def _deletion(self, number: int) -> Sent:
        return Sent("DELETE", self._created.pop(0), headers={"If-Match": "*"}) if self._created else self._creation(number)


@contextmanager
def writing(url: str, key: str, chance: random.Random, number: int = 4, *, goes_on: bool = False) -> Iterator[list[Writer]]:
    """Writers who are under way. At the end of the block they end: by themselves where the server is gone by then."""
    names = [f"w{index}" for index in range(number)]
    writers = [Writer(name, url, key, random.Random(chance.random()), goes_on=goes_on) for name in names]  # noqa: S311
    for writer in writers:
        writer.start()
    try:
        wait_until(lambda: all(writer.acknowledged for writer in writers), "every writer was acknowledged something")
        yield writers
    finally:
        for writer in writers:
            writer.ended.set()
        for writer in writers:
            writer.join()


def require_kept(url: str, sent: Sequence[Sent]) -> None:
    """What was acknowledged is in the log as it was answered; what was not is there as a whole, or not at all."""
    log = revisions(url)
    by_reason: dict[str, list[int]] = {}
    for row in log:
        by_reason.setdefault(row.reason, []).append(row.number)
    for one in sent:
        found = by_reason.get(one.reason, [])
        if one.answer is None or one.answer.status_code >= 500:
            assert len(found) in (0, one.changes), (one, found)
            continue
        assert one.answer.is_success, (one, one.answer.text)
        assert len(found) == one.changes, (one, found)
        assert int(one.answer.headers["profiles-revision"]) >= found[-1]
        if one.answer.headers.get("etag"):
            assert log[found[0] - 1].document == one.answer.text
            assert f"-{found[0]}-" in one.answer.headers["etag"]


def require_replayed(url: str, client: httpx.Client, sent: Sequence[Sent]) -> None:
    """Creations sent again: what was done is answered as it was, what was not is done now, each once."""
    done = {row.reason: row.document for row in revisions(url)}
    creations = [one for one in sent if "Idempotency-Key" in one.headers]
    for one in creations:
        answer = one.send(client)
        assert answer.status_code == 201, answer.text
        assert (answer.headers.get("idempotency-replayed") == "true") == (one.reason in done)
        assert answer.text == done.get(one.reason, answer.text)
        if one.answer is not None and one.answer.is_success:
            assert answer.headers["etag"] == one.answer.headers["etag"]
        one.answer = answer
