"""Time limits of sessions that PostgreSQL's administrator sets, and sessions that are cancelled or ended at random.

The program sets its own limits of statements and locks. What ends a pause or a transaction holds for it too.
"""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

import httpx
import psycopg
import pytest
from psycopg import sql

from tests.cli.processes import run, serving
from tests.databases import DatabasesOn
from tests.editing.conftest import key_of
from tests.editing.lamps import COMPANY_ADDRESS
from tests.faults.conftest import load_lamps
from tests.faults.test_killed_commands import write_edition
from tests.faults.wholeness import opened, require_whole, revisions
from tests.faults.writers import require_kept, writing
from tests.postgresql import PostgresServer

pytestmark = pytest.mark.slow

LISTS = ("/v1/companies", COMPANY_ADDRESS, "/v1/stats", "/v1/companies?total=true", "/v1/companies?as_of=1", "/v1/search?q=lamp")
Limited = Callable[..., str]
_numbers = itertools.count()


@pytest.fixture
def limited(databases_on: DatabasesOn, postgres: PostgresServer, tmp_path: Path) -> Iterator[Limited]:
    """A database with the lamps, and the URL of a role of its own with time limits."""
    databases, roles = databases_on("postgresql"), []

    def make(**limits: str) -> str:
        url = databases.copy(databases.migrated, "limited")
        load_lamps(url, tmp_path)
        role = f"{url.rpartition('/')[2]}_{next(_numbers)}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE ROLE {} SUPERUSER LOGIN").format(sql.Identifier(role)))
            for name, value in limits.items():
                setting = sql.SQL("ALTER ROLE {} SET {} = {}")
                connection.execute(setting.format(sql.Identifier(role), sql.Identifier(name), value))
        roles.append(role)
        return url.replace("//postgres@", f"//{role}@")

    yield make
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        for role in roles:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def role_of(url: str) -> str:
    return url.partition("//")[2].partition("@")[0]


def unlimited(url: str) -> str:
    return f"postgresql://postgres@{url.partition('@')[2]}"


@contextmanager
def client_of(folder: Path, url: str) -> Iterator[httpx.Client]:
    """Somebody with a key, at a server in a process of its own."""
    with opened(unlimited(url)) as database:
        headers = {"Authorization": f"Bearer {key_of(database)}"}
    with (
        serving(folder, database_url=url) as served,
        httpx.Client(base_url=served.url, headers=headers, timeout=60) as client,
    ):
        yield client


def test_limits_of_statements_and_locks_are_those_of_this_program(limited: Limited, tmp_path: Path) -> None:
    """The administrator's 30 ms are less than it takes to load a dataset, or to wait for another writer."""
    url = limited(statement_timeout="30ms", lock_timeout="1ms")
    file = tmp_path / "many.ndjson"
    write_edition(file, "Edition 1")
    assert run(tmp_path, "load", file.name, database_url=url).returncode == 0
    assert run(tmp_path, "check", database_url=url).returncode == 0
    with client_of(tmp_path, url) as client, ThreadPoolExecutor() as threads:
        read = [client.get(address).status_code for address in LISTS]
        bodies = [{"slug": f"new-{number}", "name": "New"} for number in range(20)]
        written = [one.status_code for one in threads.map(lambda body: client.post("/v1/companies", json=body), bodies)]

    assert read == [200] * len(LISTS)
    assert written == [201] * len(bodies)


def test_a_session_that_was_ended_while_it_was_idle_is_not_noticed(limited: Limited, tmp_path: Path) -> None:
    with client_of(tmp_path, limited(idle_session_timeout="300ms")) as client:
        events = client.build_request("GET", "/v1/changes/stream")
        answer = client.send(events, stream=True)
        statuses = []
        for number in range(3):
            time.sleep(1)
            statuses.append(client.post("/v1/companies", json={"slug": f"new-{number}", "name": "New"}).status_code)
            time.sleep(1)
            statuses += [client.get(address).status_code for address in ("/v1/stats", "/v1/companies?limit=3", "/health/ready")]
        told = 0
        for line in answer.iter_lines():
            told += line == "event: create"
            if told == 3:
                break
        answer.close()

    assert statuses == [201, 200, 200, 200] * 3


def limit_sessions(url: str, limit: str, value: str) -> None:
    """Gives a role a time limit, which holds for its next sessions, and ends the sessions that it has."""
    role = sql.Identifier(role_of(url))
    with psycopg.connect(unlimited(url), autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(role, sql.Identifier(limit), value))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [role_of(url)])


def test_a_session_that_ends_while_it_is_made_is_a_503(limited: Limited, tmp_path: Path) -> None:
    """With one millisecond PostgreSQL often ends the first statement of a new session."""
    url = limited()
    with client_of(tmp_path, url) as client:
        statuses = set()
        for _ in range(60):
            limit_sessions(url, "transaction_timeout", "1ms")
            statuses |= {client.post("/v1/companies", json={"slug": "new", "name": "New"}).status_code for _ in range(2)}

    assert statuses <= {201, 409, 503}
    assert 503 in statuses


@pytest.mark.parametrize("limit", ["idle_in_transaction_session_timeout", "transaction_timeout"])
def test_a_transaction_that_may_not_last_changes_nothing(limited: Limited, tmp_path: Path, limit: str) -> None:
    url = limited()
    before = len(revisions(unlimited(url)))
    file = tmp_path / "many.ndjson"
    write_edition(file, "Edition 1")
    with client_of(tmp_path, url) as client:
        limit_sessions(url, limit, "5ms")
        loaded = run(tmp_path, "load", file.name, database_url=url)
        headers = {"Content-Type": "application/x-ndjson"}
        sent = client.post("/v1/datasets", content=file.read_bytes(), headers=headers)
        live = client.get("/health/live")

    assert loaded.returncode == 3
    assert loaded.stderr.startswith(b"company-profiles: cannot use the database at ")
    assert loaded.stderr.count(b"\n") <= 2
    assert (sent.status_code, sent.headers["retry-after"], live.status_code) == (503, "2", 200)
    assert len(revisions(unlimited(url))) == before
    require_whole(unlimited(url))


class Feed(threading.Thread):
    """Follows the events from the beginning, and connects again as a browser does. The numbers that it was told."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self.ended = threading.Event()
        self.numbers: list[int] = []
        self.statuses: set[int] = set()

    def run(self) -> None:
        with httpx.Client(base_url=self._url, timeout=60) as client:
            while not self.ended.is_set():
                with suppress(httpx.TransportError), client.stream("GET", "/v1/changes/stream", params=self._since()) as answer:
                    self.statuses.add(answer.status_code)
                    self._follow(answer)
                time.sleep(0.05)

    def _since(self) -> dict[str, int]:
        return {"since": self.numbers[-1] if self.numbers else 0}

    def _follow(self, answer: httpx.Response) -> None:
        event: dict[str, str] = {}
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            event[name] = value
            if not line:
                if event.get("event", "start") != "start":
                    self.numbers.append(int(event["id"]))
                event = {}
            if self.ended.is_set():
                return


@pytest.mark.parametrize("end", ["pg_cancel_backend", "pg_terminate_backend"])
def test_statements_and_sessions_that_end_at_random_are_503_and_nothing_is_half_done(
    limited: Limited, tmp_path: Path, rounds: Iterator[Random], end: str
) -> None:
    url = limited()
    with opened(unlimited(url)) as database:
        key = key_of(database)
    query = "SELECT {}(pid) FROM pg_stat_activity WHERE usename = {} AND state <> 'idle'"
    with serving(tmp_path, database_url=url) as served, psycopg.connect(unlimited(url), autocommit=True) as connection:
        feed = Feed(served.url)
        feed.start()
        statement = sql.SQL(query).format(sql.SQL(end), role_of(url))
        statuses: set[tuple[int, bool]] = set()
        for chance in rounds:
            with writing(served.url, key, chance, goes_on=True) as writers, httpx.Client(base_url=served.url) as client:
                for number in range(100):
                    connection.execute(statement)
                    time.sleep(chance.uniform(0, 0.02))
                    if number % 10 == 0:
                        answer = client.get(LISTS[number // 10 % len(LISTS)], timeout=60)
                        statuses.add((answer.status_code, "retry-after" in answer.headers))
            sent = [one for writer in writers for one in writer.sent]
            statuses |= {(answer.status_code, "retry-after" in answer.headers) for w in writers for answer in w.refused}
            require_kept(unlimited(url), sent)
        newest = len(revisions(unlimited(url)))
        with httpx.Client(base_url=served.url, headers={"Authorization": f"Bearer {key}"}) as client:
            client.post("/v1/companies", json={"slug": "last", "name": "Last"}).raise_for_status()
        deadline = time.monotonic() + 60
        while len(feed.numbers) <= newest and time.monotonic() < deadline:
            time.sleep(0.05)
        feed.ended.set()
    feed.join()

    assert statuses <= {(200, False), (503, True)}
    assert feed.statuses <= {200, 503}
    assert feed.numbers == list(range(1, newest + 2))
    assert "Traceback" not in served.said
    require_whole(unlimited(url))
