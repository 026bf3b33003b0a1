"""Time limits that PostgreSQL's administrator sets for sessions: on a role, on a database or on the server.

The program sets its own limits of statements and locks. Of the others it obeys what ends a session or a transaction.
"""

import itertools
import json
import time
from collections.abc import Callable, Iterator

import httpx
import psycopg
import pytest

from app.operations.migrate import migrate
from tests.cli.conftest import CommandLine
from tests.conftest import Databases, DatabasesOn, settings_for
from tests.editing.conftest import key_of
from tests.editing.curator import Curator
from tests.editing.lamps import COMPANY_ADDRESS
from tests.faults.conftest import load_lamps
from tests.faults.wholeness import opened, require_whole
from tests.server import running_server

pytestmark = pytest.mark.slow

Limited = Callable[..., str]
_numbers = itertools.count()


@pytest.fixture
def on_postgresql(databases_on: DatabasesOn) -> Databases:
    return databases_on("postgresql")


@pytest.fixture
def limited(on_postgresql: Databases, tmp_path, postgres) -> Iterator[Limited]:
    roles: list[str] = []

    def make(**limits: str) -> str:
        url = on_postgresql.copy(on_postgresql.migrated, "limited")
        load_lamps(url, tmp_path)
        role = f"limited_{next(_numbers)}_{time.monotonic_ns()}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {role} SUPERUSER LOGIN")
            for name, value in limits.items():
                connection.execute(f"ALTER ROLE {role} SET {name} = '{value}'")
        roles.append(role)
        return url.replace("//postgres@", f"//{role}@")

    yield make
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        for role in roles:
            connection.execute(f"DROP ROLE {role}")


def serving(url):
    return running_server(settings_for(url).model_copy(update={"log_level": "info"}))


def lines(n, name):
    return "\n".join(json.dumps({"kind": "company", "slug": f"many-{i}", "name": name}) for i in range(n))


@pytest.mark.parametrize("limits", [
    {"statement_timeout": "50ms", "lock_timeout": "50ms"},
    {"idle_in_transaction_session_timeout": "50ms"},
    {"idle_session_timeout": "200ms"},
    {"transaction_timeout": "200ms"},
])
def test_x(limited: Limited, limits, tmp_path) -> None:
    url = limited(**limits)
    with opened(url) as database:
        key = key_of(database)
    (tmp_path / "many.ndjson").write_text(lines(3000, "A"))
    r = CommandLine(url)("load", str(tmp_path / "many.ndjson"))
    print("LOAD", r.exit_code, r.output[-600:])
    if r.exit_code:
        r = CommandLine(url.replace(url.split("//")[1].split("@")[0], "postgres"))("load", str(tmp_path / "many.ndjson"))
        print("LOAD", r.exit_code, r.output[-600:])
    r = CommandLine(url)("export", "--format", "ndjson")
    print("EXPORT", r.exit_code, r.output[-100:])
    r = CommandLine(url)("check")
    print("CHECK", r.exit_code, r.output[-1600:])
    with serving(url) as running, httpx.Client(base_url=running.url, timeout=60) as client:
        auth = {"Authorization": f"Bearer {key}"}
        for i in range(3):
            for address in ("/v1/companies?limit=7", COMPANY_ADDRESS, "/v1/stats", "/v1/companies?total=true", "/v1/companies?as_of=1", "/health/ready"):
                a = client.get(address)
                if a.status_code != 200: print("READ", i, address, a.status_code, a.headers.get("retry-after"), a.text[:100])
            a = client.post("/v1/companies", json={"slug": f"n{i}", "name": "N"}, headers=auth)
            if a.status_code != 201: print("WRITE", i, a.status_code, a.headers.get("retry-after"), a.text[:200])
            time.sleep(1)
        a = client.post("/v1/datasets?reason=x", content=lines(3000, "B"), headers=auth | {"Content-Type": "application/x-ndjson"})
        print("DATASET", a.status_code, a.headers.get("retry-after"), a.text[:200])
        got = 0
        try:
            with client.stream("GET", "/v1/companies?format=ndjson") as s:
                for part in s.iter_raw(20000):
                    got += len(part); time.sleep(0.1)
            print("NDJSON whole", got)
        except httpx.TransportError as e:
            print("NDJSON", got, repr(e))
    require_whole(url.replace(url.split("//")[1].split("@")[0], "postgres"))
