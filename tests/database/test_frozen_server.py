"""A PostgreSQL that is frozen, not dead: nothing waits for ever, and what needs no database does not wait at all.

The servers are really paused in tests/faults/test_frozen_postgresql.py and tests/scaling/test_frozen_servers.py.
"""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from app.revisions.current import BOUND_SECONDS
from tests.database.proxy import freezing_proxy
from tests.databases import DatabasesOn, settings_for
from tests.faults.wholeness import opened
from tests.postgresql import PostgresServer
from tests.server import running_server

OF_THE_DATABASE = ("/v1/companies/baidu", "/v1/stats", "/health/ready")
OF_NOTHING = ("/health/live", "/docs", "/problems", "/openapi.json")


def test_reads_end_with_a_problem_and_the_rest_does_not_wait(postgres: PostgresServer, databases_on: DatabasesOn) -> None:
    databases = databases_on("postgresql")
    url = databases.copy(databases.seeded)
    with freezing_proxy(postgres.port) as proxy:
        settings = settings_for(url.replace(f":{postgres.port}/", f":{proxy.port}/"))
        settings = settings.model_copy(update={"database_wait_seconds": 2.0, "statement_seconds": 600.0})
        with running_server(settings) as running, httpx.Client(base_url=running.url, timeout=60) as client:
            for address in (*OF_THE_DATABASE, *OF_NOTHING):
                assert client.get(address).status_code == 200
            with proxy.frozen(), ThreadPoolExecutor() as threads:
                time.sleep(2 * BOUND_SECONDS)
                waiting = [threads.submit(client.get, address) for address in OF_THE_DATABASE]
                at_once = [client.get(address).status_code for address in OF_NOTHING]
                refused = [one.result() for one in waiting]

            again = [client.get(address).status_code for address in OF_THE_DATABASE]

    assert at_once == [200] * len(OF_NOTHING)
    assert [answer.status_code for answer in refused] == [503] * len(OF_THE_DATABASE)
    assert {answer.json()["title"] for answer in refused} == {"Database unavailable"}
    assert again == [200] * len(OF_THE_DATABASE)


def test_a_statement_that_the_server_works_on_may_take_long(databases_on: DatabasesOn) -> None:
    databases = databases_on("postgresql")
    with opened(databases.copy(databases.migrated)) as database, database.writing() as connection:
        assert connection.exec_driver_sql("SELECT 1 FROM pg_sleep(1.5)").scalar_one() == 1
