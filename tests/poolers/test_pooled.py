"""Behind a pooler every transaction may run on another server connection: nothing depends on what a session keeps."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from app.database.database import Database
from app.database.failures import timed_out
from app.operations.migrate import migrate
from app.settings import Settings
from tests.cli.processes import run, serving
from tests.databases import Databases, DatabasesOn, settings_for
from tests.faults.wholeness import opened
from tests.history.conftest import key_of
from tests.poolers.pgbouncer import PROGRAM, running_pgbouncer, version
from tests.postgresql import PostgresServer, running_postgresql
from tests.scaling.cluster import wait_until
from tests.server import running_server

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="needs Debian's package pgbouncer")

MODES = ["transaction", "session"]
NAMES = ("statement_timeout", "lock_timeout", "TimeZone")
SETTINGS = select(*(func.current_setting(name) for name in NAMES))
READS = [
    "/v1/companies?country=CN",
    "/v1/companies/baidu",
    "/v1/companies/baidu?include=milestones,products,metrics",
    "/v1/milestones?company=baidu",
    "/v1/search?q=robin",
    "/v1/suggest?q=ba",
    "/v1/stats",
    "/v1/timeline",
    "/v1/companies?as_of=1",
    "/v1/changes",
]


@pytest.fixture(scope="module")
def databases(databases_on: DatabasesOn) -> Databases:
    return databases_on("postgresql")


@pytest.fixture(scope="module", params=MODES)
def pooler(request: pytest.FixtureRequest, postgres: PostgresServer) -> Iterator[str]:
    with running_pgbouncer(postgres.port, pool_mode=request.param, default_pool_size="20") as url:
        yield url


def through(pooler: str, url: str) -> Settings:
    """The settings of a process that reaches a database through a pooler."""
    return settings_for(f"{pooler}/{url.rpartition('/')[2]}")


def settings_of(connection: Connection) -> tuple[str, ...]:
    return tuple(connection.execute(SETTINGS).one())


def test_times_and_time_zone_hold_in_every_way_to_use_it(pooler: str, databases: Databases) -> None:
    async def ask() -> None:
        database = Database(through(pooler, databases.copy(databases.seeded)), statement_seconds=2.5)
        try:
            for _ in range(10):
                assert await database.read(settings_of) == ("2500ms", "5s", "UTC")
                assert await database.scan(settings_of) == ("2500ms", "5s", "UTC")
                assert await (await database.as_of("1")).read(settings_of) == ("2500ms", "5s", "UTC")
                assert await database.write(settings_of) == ("0", "5s", "UTC")
        finally:
            await database.close()

    asyncio.run(ask())


@pytest.mark.parametrize("way", ["read", "scan"])
def test_a_statement_that_takes_too_long_ends(pooler: str, databases: Databases, way: str) -> None:
    def sleep(connection: Connection) -> None:
        connection.execute(text("SELECT pg_sleep(60)")).all()

    async def ask() -> None:
        database = Database(through(pooler, databases.copy(databases.seeded)), statement_seconds=0.1)
        try:
            with pytest.raises(DBAPIError) as raised:
                await (database.read if way == "read" else database.scan)(sleep)
            assert timed_out(raised.value)
            assert await database.read(lambda connection: connection.scalar(text("SELECT 1"))) == 1
        finally:
            await database.close()

    asyncio.run(ask())


def test_a_locked_row_is_not_waited_for_longer_than_allowed(pooler: str, databases: Databases) -> None:
    url = databases.copy(databases.seeded)
    lock = text("SELECT newest FROM revision_head FOR UPDATE")
    first, second = (
        Database(through(pooler, url).model_copy(update={"database_wait_seconds": seconds})) for seconds in (5.0, 0.2)
    )
    with first.writing() as holder:
        holder.execute(lock)
        with pytest.raises(DBAPIError, match="lock timeout"), second.writing() as waiting:
            waiting.execute(lock)
    first.engine.dispose()
    second.engine.dispose()


def test_other_clients_of_a_pooler_keep_their_own_settings(postgres: PostgresServer, databases: Databases) -> None:
    url = databases.copy(databases.seeded)

    async def ask(pooler: str) -> None:
        database = Database(through(pooler, url), statement_seconds=2.5)
        await database.read(settings_of)
        await database.write(settings_of)
        await database.close()

    with running_pgbouncer(postgres.port, default_pool_size="1") as pooler:
        asyncio.run(ask(pooler))
        other = Database(through(pooler, url).model_copy(update={"database_wait_seconds": 7.0}))
        with other.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.autocommit = True
            row = driver.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')").fetchone()
        other.engine.dispose()
    assert row == ("0", "0")


@pytest.mark.slow
def test_two_processes_read_and_write_as_without_a_pooler(postgres: PostgresServer, databases: Databases, tmp_path: Path) -> None:
    """Each of them repeats every statement often enough to prepare it, in another order than the other one."""
    url = databases.copy(databases.seeded)
    owner = Database(settings_for(url))
    headers = {"Authorization": f"Bearer {key_of(owner)}"}
    owner.engine.dispose()
    with ExitStack() as stack:
        pooler = stack.enter_context(running_pgbouncer(postgres.port))
        clients = []
        for number in range(2):
            folder = tmp_path / str(number)
            folder.mkdir()
            settings = {"database_url": f"{pooler}/{url.rpartition('/')[2]}", "cache_megabytes": "0"}
            served = stack.enter_context(serving(folder, **settings))
            clients.append(stack.enter_context(httpx.Client(base_url=served.url, headers=headers, timeout=30)))
        expected = {path: clients[0].get(path).json() for path in READS}

        def use(number: int) -> list[str]:
            wrong = []
            for turn in range(12):
                for path in READS[:: -1 if number else 1]:
                    response = (
                        clients[number].get(path) if turn % 2 else httpx.get(f"{clients[number].base_url}{path}", timeout=30)
                    )
                    wrong += [] if response.status_code == 200 else [f"{path} {response.status_code}"]
                created = clients[number].post("/v1/companies", json={"slug": f"c{number}-{turn}", "name": f"C{number} {turn}"})
                wrong += [] if created.status_code == 201 else [created.text]
            return wrong

        with ThreadPoolExecutor() as threads:
            assert [wrong for found in threads.map(use, range(2)) for wrong in found] == []
        assert clients[1].get("/v1/companies/baidu").json() == expected["/v1/companies/baidu"]
        assert clients[0].get("/v1/companies/c1-11").json()["name"] == "C1 11"


@pytest.mark.slow
def test_a_server_that_is_away_behind_a_pooler_is_a_503_until_it_is_back() -> None:
    with running_postgresql(PostgresServer) as server:
        with opened(server.create_database("pooled")) as database:
            migrate(database)
            headers = {"Authorization": f"Bearer {key_of(database)}"}
        with (
            running_pgbouncer(server.port, server_login_retry="1", query_wait_timeout="2") as pooler,
            running_server(settings_for(f"{pooler}/pooled")) as running,
            httpx.Client(base_url=running.url, headers=headers, timeout=30) as client,
        ):
            assert client.get("/v1/companies").status_code == 200
            server.stop("fast")
            refused = [client.get("/v1/companies") for _ in range(10)]
            refused += [client.post("/v1/companies", json={"slug": "a", "name": "A"}) for _ in range(5)]
            server.start_again()
            wait_until(lambda: client.get("/v1/companies").status_code == 200, "reads are back")

    assert {response.status_code for response in refused} == {503}


def test_prepared_statements_that_the_pooler_mixes_end_the_start(
    postgres: PostgresServer, databases: Databases, tmp_path: Path
) -> None:
    name = databases.copy(databases.seeded).rpartition("/")[2]
    settings = {"max_prepared_statements": "0"} if version() >= (1, 21) else {}
    with running_pgbouncer(postgres.port, **settings) as pooler:
        ended = run(tmp_path, "serve", "--port", "0", database_url=f"{pooler}/{name}", prepared_statements="on")

    assert ended.returncode == 3
    assert b"mixes the prepared statements of its clients" in ended.stderr
    assert b"PROFILES_PREPARED_STATEMENTS=auto" in ended.stderr


def test_a_session_pooler_keeps_prepared_statements_apart(postgres: PostgresServer, databases: Databases) -> None:
    with running_pgbouncer(postgres.port, pool_mode="session") as pooler:
        settings = through(pooler, databases.copy(databases.seeded)).model_copy(update={"prepared_statements": "on"})
        database = Database(settings)
        database.require_separate_statements()
        database.engine.dispose()


@pytest.mark.parametrize(("setting", "prepares"), [("auto", True), ("on", True), ("off", False)])
def test_without_a_pooler_statements_are_prepared_unless_turned_off(
    databases: Databases, setting: str, *, prepares: bool
) -> None:
    async def prepared() -> int:
        settings = settings_for(databases.copy(databases.seeded)).model_copy(update={"prepared_statements": setting})
        database = Database(settings, statement_seconds=2.5)
        try:
            for _ in range(8):
                assert await database.read(settings_of) == ("2500ms", "5s", "UTC")
            return await database.read(lambda connection: connection.scalar(text("SELECT count(*) FROM pg_prepared_statements")))
        finally:
            await database.close()

    assert (asyncio.run(prepared()) > 0) is prepares
