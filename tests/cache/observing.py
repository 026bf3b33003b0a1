"""What readers of several servers saw while writers wrote, and what they should have seen."""

import gzip
import random
import re
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import httpx

from app.database.database import Database
from app.datasets.loader import load
from tests.cache.asking import GZIP, PLAIN, Answer, ask, connected
from tests.changes.writing import company

COMPANIES = ("alpha", "beta", "delta", "epsilon", "gamma")
ADDRESSES = (
    "/v1/companies",
    "/v1/companies?format=csv&fields=name",
    "/v1/companies?format=ndjson",
    "/v1/companies/alpha",
    "/v1/companies/gamma/profile",
    "/v1/search?q=all",
    "/v1/compare?companies=alpha,beta,gamma",
)
LISTS = frozenset(ADDRESSES[:3])
SECONDS = 120
LONGEST_PAUSE = 5.0
_NAME = re.compile(rb"\d{4}x")


@dataclass(frozen=True)
class Commit:
    """A transaction that gave all five companies one name: its last revision, and a time at which it was committed already."""

    revision: int
    name: str
    known_at: float


@dataclass(frozen=True)
class Seen:
    """An answer, and when it was asked for."""

    asked_at: float
    address: str
    answer: Answer

    @property
    def names(self) -> list[str]:
        """The names in the answer, of which a list has one for each company."""
        body = self.answer.body
        is_compressed = ("content-encoding", "gzip") in self.answer.headers and body
        return [name.decode() for name in _NAME.findall(gzip.decompress(body) if is_compressed else body)]


@dataclass
class Record:
    """All that was committed and all that was seen."""

    commits: list[Commit] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def wait_for_more(self, answers: int) -> None:
        """Lets readers see so many answers, so that some come from caches however busy the machine is."""
        wanted, deadline = len(self.seen) + answers, time.monotonic() + LONGEST_PAUSE
        while len(self.seen) < wanted and time.monotonic() < deadline:
            time.sleep(0.005)


def load_all(record: Record, database: Database, number: int) -> None:
    """Changes the five companies to one name that no other load gives."""
    name = f"{number}x"
    with database.writing() as connection:
        report = load(connection, [company(slug, f"All {name}") for slug in COMPANIES], actor="tests", reason="Test")
    record.commits.append(Commit(report.newest, name, time.monotonic()))


def write_all(url: str, record: Record, writer: int, times: int) -> None:
    """Loads with pauses."""
    chance = random.Random(writer)  # noqa: S311 - the same pauses in each run
    with connected(url) as database:
        for number in range(times):
            load_all(record, database, 1000 * writer + number)
            record.wait_for_more(chance.randint(0, 30))


def read_all(servers: Sequence[str], record: Record, reader: int) -> None:
    """Asks the servers in turn, some of the time with the ETag that it has, until the writers are done."""
    chance = random.Random(reader)  # noqa: S311
    etags: dict[tuple[str, bool], str] = {}
    with ExitStack() as stack:
        clients = [stack.enter_context(httpx.Client(base_url=url, timeout=SECONDS)) for url in servers]
        while not record.ended.is_set():
            address, compressed = chance.choice(ADDRESSES), chance.random() < 0.3
            condition = {"If-None-Match": etags[address, compressed]} if (address, compressed) in etags else {}
            headers = {**(GZIP if compressed else PLAIN), **(condition if chance.random() < 0.3 else {})}
            asked_at = time.monotonic()
            answer = ask(chance.choice(clients), address, headers)
            assert answer.status in (200, 304), answer
            record.seen.append(Seen(asked_at, address, answer))
            etags[address, compressed] = answer.etag


def observe(database: Database, url: str, servers: Sequence[str], *, writers: int, times: int, readers: int) -> Record:
    """Lets them all run at once, after a first load."""
    record = Record()
    load_all(record, database, 9000)
    writing = [threading.Thread(target=write_all, args=(url, record, writer + 1, times)) for writer in range(writers)]
    reading = [threading.Thread(target=read_all, args=(servers, record, reader)) for reader in range(readers)]
    for thread in (*writing, *reading):
        thread.start()
    for thread in writing:
        thread.join()
    record.ended.set()
    for thread in reading:
        thread.join()
    return record


def too_old(record: Record, allowed_seconds: float) -> list[tuple[Seen, int]]:
    """Answers that lack what had been committed so long before they were asked for, and that revision."""
    found = []
    for seen in record.seen:
        due = [commit.revision for commit in record.commits if commit.known_at < seen.asked_at - allowed_seconds]
        if due and seen.answer.revision < max(due):
            found.append((seen, max(due)))
    return found


def mixed(record: Record) -> list[Seen]:
    """Whole answers that hold anything but the name that their revision's transaction gave; lists hold it five times."""
    names = {commit.revision: commit.name for commit in record.commits}
    whole = [seen for seen in record.seen if seen.answer.status == 200]
    return [
        seen
        for seen in whole
        if set(seen.names) != {names[seen.answer.revision]} or (seen.address in LISTS and len(seen.names) != len(COMPANIES))
    ]


def ambiguous(seen: Iterable[Seen]) -> list[str]:
    """ETags that two different bodies of one address were served under."""
    bodies: dict[tuple[str, str], set[bytes]] = {}
    for one in seen:
        if one.answer.status == 200:
            bodies.setdefault((one.address, one.answer.etag), set()).add(one.answer.body)
    return [etag for (_, etag), found in bodies.items() if len(found) > 1]


def unfounded(seen: Iterable[Seen]) -> list[Seen]:
    """304s with another ETag than a whole answer of that address and revision has: their client would keep something else."""
    whole = {(one.address, one.answer.revision): bare(one.answer.etag) for one in seen if one.answer.status == 200}
    unchanged = [(one, bare(one.answer.etag)) for one in seen if one.answer.status == 304]
    return [one for one, etag in unchanged if etag != whole.get((one.address, one.answer.revision), etag)]


def bare(etag: str) -> str:
    """An ETag without what tells the encoding."""
    return etag.replace("-gzip", "")
