"""While the state of the database is unknown the cache is bypassed; afterwards it works again."""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from starlette.datastructures import State
from starlette.types import Message, Receive, Scope, Send

from app.middleware.cache import ResponseCache
from app.operations.migrate import migrate
from app.revisions.current import BOUND_SECONDS
from tests.cache.asking import PLAIN, Answer, Served, ask, connected, served_from
from tests.changes.writing import write
from tests.databases import DatabasesOn, settings_for
from tests.postgresql import PostgresServer, running_postgresql

ADDRESS = "/v1/companies/alpha"
SECONDS = 60


def when_back(served: Served) -> Answer:
    """The first answer that is no error."""
    deadline = time.monotonic() + SECONDS
    while (answer := ask(served.client, ADDRESS)).status == 503:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return answer


def assert_unavailable(served: Served) -> None:
    """Even to those who have it already, and to those who only ask for headers."""
    for method in ("GET", "HEAD"):
        for headers in (PLAIN, {**PLAIN, "If-None-Match": "*"}):
            answer = ask(served.client, ADDRESS, headers, method)
            assert answer.status == 503
            assert int(answer.header("retry-after")) > 0
            assert "profiles-revision" not in dict(answer.headers)


@pytest.fixture
def away() -> Iterator[PostgresServer]:
    """A PostgreSQL that the test stops and starts again."""
    with running_postgresql(PostgresServer) as server:
        yield server


class NeverKnown:
    """The current revision of a database that is frozen."""

    def known(self) -> None:
        return None

    async def read(self) -> None:
        await asyncio.Event().wait()


@pytest.mark.parametrize("path", ["/health/live", "/docs", "/openapi.json", "/assets/0/site.css", "/", "/elsewhere"])
def test_what_names_no_revision_does_not_wait_for_one(path: str) -> None:
    passed_on = []

    async def application(scope: Scope, _receive: Receive, _send: Send) -> None:
        passed_on.append(scope["path"])

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(_message: Message) -> None:
        pass

    async def request(path: str) -> None:
        scope = {"type": "http", "method": "GET", "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b""}
        cache = ResponseCache(application, State({"current_revision": NeverKnown()}), 1024)
        async with asyncio.timeout(10):
            await cache(scope | {"headers": [(b"host", b"api.example")]}, receive, send)

    asyncio.run(request(path))
    assert passed_on == [path]


@pytest.mark.slow
def test_a_postgresql_that_stops_is_noticed_within_the_bound_and_one_that_starts_again_too(away: PostgresServer) -> None:
    url = away.create_database("stopping")
    with connected(url) as database:
        migrate(database)
        write(database, "alpha", name="Before")
    with served_from(settings_for(url)) as served:
        assert served.is_kept(ADDRESS)
        away.stop("fast")
        time.sleep(BOUND_SECONDS)
        assert_unavailable(served)

        away.start_again()
        with connected(url) as database:
            write(database, "alpha", name="After")
        answer = when_back(served)
        assert b"After" in answer.body
        assert answer.revision == 2
        assert served.is_kept(ADDRESS)


def test_connections_that_the_server_ends_cost_no_right_response(postgres: PostgresServer, databases_on: DatabasesOn) -> None:
    databases = databases_on("postgresql")
    url = databases.copy(databases.migrated)
    with connected(url) as database:
        write(database, "alpha", name="Before")
    with served_from(settings_for(url)) as served:
        assert served.is_kept(ADDRESS)
        with psycopg.connect(postgres.url("postgres"), autocommit=True) as administrator:
            administrator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [url.rpartition("/")[2]]
            )
        with connected(url) as database:
            write(database, "alpha", name="After")
        time.sleep(BOUND_SECONDS)

        assert b"After" in when_back(served).body
        assert served.is_kept(ADDRESS)


def test_an_sqlite_that_cannot_be_asked_is_not_served_from_the_cache(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'locked.db'}"
    with connected(url) as database:
        migrate(database)
        write(database, "alpha", name="Before")
    with contextlib.closing(sqlite3.connect(tmp_path / "locked.db", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=DELETE")  # so that a writer can keep readers out
        with served_from(settings_for(url).model_copy(update={"database_wait_seconds": 0.05})) as served:
            assert served.is_kept(ADDRESS)
            other.execute("BEGIN EXCLUSIVE")
            assert_unavailable(served)
            other.execute("ROLLBACK")

            assert b"Before" in ask(served.client, ADDRESS).body
            assert served.is_kept(ADDRESS)
