"""However writers and readers meet, each reader sees every revision once, in the order of the numbers.

Why it holds. The trap is a number that is given out before, and seen after, a greater one: numbers from a sequence are
taken at once but appear at commit, so a reader that has seen 8 and asks for what comes after 8 never sees 7. Here no
number is given out but under the lock on the one row of ``revision_head``, which its writer keeps until it has committed
(app/revisions/log.py). The next writer waits there, and goes on from the number that the first one left: revisions become
visible in the order of their numbers, all of a transaction at once, and one that is rolled back leaves no gap. A reader
takes the newest number and the revisions after its own from one statement, so from one snapshot: what that snapshot does
not hold yet has greater numbers than all that it holds. SQLite gives the same by its one write lock.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice

import httpx
import pytest

from app.database.database import Database
from tests.changes.streams import listening
from tests.changes.writing import load_companies, write
from tests.databases import settings_for
from tests.server import running_server

WRITERS = 4
LOADS = 12
SECONDS = 120


class RolledBack(Exception):
    """A writer that changes its mind."""


def write_at_random(url: str, writer: int) -> None:
    """Loads of one to three companies, with pauses between appending and committing; some of them are rolled back."""
    chance = random.Random(writer)  # noqa: S311 - the same pauses in each run
    database = Database(settings_for(url))
    for number in range(LOADS):
        slugs = [f"company-{writer}-{number}-{part}" for part in range(1 + number % 3)]
        with suppress(RolledBack), database.writing() as connection:
            load_companies(connection, [f"undone-{writer}-{number}"])
            time.sleep(chance.uniform(0, 0.02))
            raise RolledBack
        with database.writing() as connection:
            load_companies(connection, slugs)
            time.sleep(chance.uniform(0, 0.02))
        time.sleep(chance.uniform(0, 0.02))
    database.engine.dispose()


EXPECTED = list(range(1, WRITERS * sum(1 + number % 3 for number in range(LOADS)) + 1))

Seen = list[int]


def attempts(seen: Seen) -> Iterator[random.Random]:
    """A source of chance for each time a reader connects, until it has seen the last number."""
    chance = random.Random(5)  # noqa: S311
    deadline = time.monotonic() + SECONDS
    while EXPECTED[-1] not in seen:
        assert time.monotonic() < deadline, f"after {SECONDS} seconds only {seen}"
        yield chance


def read_pages(url: str, seen: Seen) -> None:
    """Follows ``next``, and at its end goes on from ``newest``."""
    with httpx.Client(base_url=url, timeout=SECONDS) as client:
        address = "/v1/changes?limit=3"
        for chance in attempts(seen):
            limit = chance.randint(1, 7)
            page = client.get(address).json()
            seen += [item["revision"] for item in page["items"]]
            address = page["next"] or f"/v1/changes?since={page['newest']}&limit={limit}"


def read_by_waiting(url: str, seen: Seen) -> None:
    """Waits for the next change, but often hangs up before it comes."""
    for chance in attempts(seen):
        since = seen[-1] if seen else 0
        patience = httpx.Timeout(SECONDS, read=chance.choice((0.01, 0.05, 0.3)))
        with suppress(httpx.ReadTimeout), httpx.Client(base_url=url, timeout=patience) as client:
            answer = client.get(f"/v1/changes?since={since}&wait=30&limit={chance.randint(1, 7)}")
            seen += [item["revision"] for item in answer.json()["items"]]


def read_events(url: str, seen: Seen) -> None:
    """Listens, hangs up after some events, and connects again with the id of the last one, as a browser does."""
    last: int | None = 0
    for chance in attempts(seen):
        with (
            suppress(httpx.ReadTimeout),
            httpx.Client(base_url=url, timeout=httpx.Timeout(SECONDS, read=chance.choice((0.05, 0.3)))) as client,
            listening(client, last=last) as coming,
        ):
            for event in islice(coming, chance.randint(1, 9)):
                seen += [event.id] if event.event != "start" else []
                last = event.id


@pytest.mark.slow
@pytest.mark.parametrize("read", [read_pages, read_by_waiting, read_events])
def test_readers_see_every_revision_once_while_writers_commit(url: str, read: Callable[[str, Seen], None]) -> None:
    readers: list[Seen] = [[] for _ in range(3)]
    with running_server(settings_for(url)) as running:
        threads = [threading.Thread(target=write_at_random, args=(url, writer)) for writer in range(WRITERS)]
        threads += [threading.Thread(target=read, args=(running.url, seen)) for seen in readers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert readers == [EXPECTED] * 3


def test_a_later_number_is_never_seen_before_an_earlier_one(database: Database, url: str, reader: httpx.Client) -> None:
    second = Database(settings_for(url))
    writing = threading.Thread(target=write, args=(second, "second"))
    with database.writing() as connection:
        load_companies(connection, ["first"])
        writing.start()
        writing.join(0.3)  # time enough to be first, could it be
        assert reader.get("/v1/changes").json()["newest"] == 0
    writing.join(30)
    second.engine.dispose()

    assert [item["url"] for item in reader.get("/v1/changes").json()["items"]] == ["/v1/companies/first", "/v1/companies/second"]
