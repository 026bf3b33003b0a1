"""The files of docs/operate/failover.md are those that ``python -m tests.failover`` starts, and PgBouncer's starts here too."""

from contextlib import suppress
from pathlib import Path

import httpx
import psycopg
import pytest
import yaml
from psycopg.errors import DuplicateObject

from tests.databases import DatabasesOn, settings_for
from tests.failover.documented import NODES, Places, files, statements
from tests.poolers.pgbouncer import PROGRAM, running_pgbouncer_with
from tests.postgresql import PostgresServer
from tests.server import running_server

PORTS = {"a": 1, "b": 2, "c": 3}
PLACES = Places(Path("/here"), Path("/binaries"), PORTS, PORTS, 4, 5, 6, 7)


def test_the_page_shows_every_file_and_only_places_are_changed_in_it() -> None:
    assert len(files()) == 8
    for node in NODES:
        patroni = yaml.safe_load(PLACES.patroni_of(node))
        assert (patroni["name"], patroni["postgresql"]["listen"]) == (node, f"127.0.0.1:{PORTS[node]}")
        assert patroni["bootstrap"]["dcs"]["synchronous_mode"] == "quorum"
        assert f"server {node} 127.0.0.1:{PORTS[node]} check port {PORTS[node]}" in PLACES.haproxy_cfg()
    assert "on-marked-down shutdown-sessions" in PLACES.haproxy_cfg()
    assert PLACES.etcd_environment()["ETCD_LISTEN_CLIENT_URLS"] == "http://127.0.0.1:4"
    assert sum(statement.lstrip().startswith("ALTER ROLE") for statement in statements()) == 4


@pytest.mark.parametrize("name", ["pooled", "direct"])
def test_the_program_is_set_up_as_the_page_says(name: str) -> None:
    settings = PLACES.program(name)
    assert settings["database_url"].endswith(":7/profiles" if name == "pooled" else ":1,127.0.0.1:2,127.0.0.1:3/profiles")
    assert settings["read_url"].endswith("?target_session_attrs=standby")


@pytest.mark.skipif(PROGRAM is None, reason="needs Debian's package pgbouncer")
def test_the_page_s_pgbouncer_serves(postgres: PostgresServer, databases_on: DatabasesOn) -> None:
    databases = databases_on("postgresql")
    url = databases.copy(databases.seeded)
    name = url.rpartition("/")[2]
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection, suppress(DuplicateObject):
        connection.execute("CREATE ROLE profiles SUPERUSER LOGIN")

    def configuration(port: int, folder: Path) -> str:
        users = folder / "userlist.txt"
        users.write_text(files()["/etc/pgbouncer/userlist.txt"], encoding="utf-8")
        places = Places(folder, folder, PORTS, PORTS, 4, 5, postgres.port, port)
        return places.pgbouncer_ini(users).replace("dbname=profiles", f"dbname={name}")

    with running_pgbouncer_with(configuration) as port:
        settings = settings_for(f"postgresql://profiles:change-me@127.0.0.1:{port}/profiles")
        with running_server(settings) as server, httpx.Client(base_url=server.url, timeout=30) as client:
            assert client.get("/v1/companies/baidu").status_code == 200
    databases.drop(url)
