"""The wall clock of a running server jumps by hours and years, forward and back, as with a broken time server or battery.

``test_clock.py`` has the rules for times one by one; here everything else goes on meanwhile.
"""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import psycopg
import pytest

from app.auth.key import Scope
from app.auth.queries import create_key
from tests.cli.processes import environment, run, serving
from tests.databases import DatabasesOn
from tests.editing.conftest import key_of
from tests.editing.lamps import COMPANY_ADDRESS
from tests.faults.conftest import load_lamps
from tests.faults.faketime import WallClock, wall_clock
from tests.faults.wholeness import opened, require_whole
from tests.scaling.cluster import wait_until

__all__ = ["wall_clock"]
pytestmark = pytest.mark.slow

LONGEST = 30.0
"""Seconds. All that is waited for takes two at most; other tests may run beside this one."""
JUMPS = {"+2h": timedelta(hours=2), "-3y": timedelta(days=-3 * 365), "+0": timedelta(0), "+5y": timedelta(days=5 * 365)}


@pytest.fixture
def keys(url: str) -> dict[str, str]:
    """A key for ever and one that expires within the hour."""
    now = datetime.now(UTC).replace(microsecond=0)
    with opened(url) as database:
        with database.writing() as connection:
            ends = now + timedelta(hours=1)
            short = create_key(connection, name="short", scopes=[Scope.WRITE], expires_at=ends, now=now).text
        return {"long": key_of(database), "short": short}


def jump(clock: WallClock, client: httpx.Client, distance: str) -> None:
    """Sets the clock, until the server's responses are dated by it."""
    clock.set(distance)

    def is_set() -> bool:
        dated = parsedate_to_datetime(client.get("/health/live").headers["date"])
        return abs(dated - datetime.now(UTC) - JUMPS[distance]) < timedelta(minutes=5)

    wait_until(is_set, f"the clock of the server is {distance}")


def seconds_left(answer: httpx.Response) -> int:
    """What RateLimit says of the window."""
    return int(answer.headers["ratelimit"].rpartition("t=")[2])


def creation(client: httpx.Client, slug: str, key: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": slug}
    return client.post("/v1/companies", json={"slug": slug, "name": slug}, headers=headers)


def test_everything_goes_on_while_the_clock_jumps(url: str, keys: dict[str, str], wall_clock: WallClock, tmp_path: Path) -> None:
    recorded: list[str] = []
    with (
        serving(tmp_path, database_url=url, rate_limit="500/minute") as served,
        httpx.Client(base_url=served.url, timeout=LONGEST) as client,
        httpx.Client(base_url=served.url, timeout=LONGEST) as listener,
        listener.stream("GET", "/v1/changes/stream") as events,
    ):
        lines = events.iter_lines()
        for number, distance in enumerate(["+0", "+2h", "-3y", "+0", "+5y", "+0", "-3y"]):
            jump(wall_clock, client, distance)
            began = time.monotonic()
            made = creation(client, f"c{number}", keys["long"])
            again = creation(client, f"c{number}", keys["long"])
            short = creation(client, f"s{number}", keys["short"])
            reads = [
                client.get(address) for address in ("/v1/stats", COMPANY_ADDRESS, f"/v1/companies/c{number}", "/health/ready")
            ]
            newest = client.get("/v1/changes?limit=1").json()["newest"]
            waited = client.get("/v1/changes", params={"since": newest, "wait": 1})

            assert (made.status_code, again.status_code) == (201, 201)
            assert again.headers["idempotency-replayed"] == "true"
            assert short.status_code == (401 if distance in ("+2h", "+5y") else 201)
            assert [answer.status_code for answer in (*reads, waited)] == [200] * 5
            assert 0 <= seconds_left(reads[1]) <= 60
            assert any(f'"slug":"c{number}"' in line for line in iter(lines.__next__, None) if f"c{number}" in line)
            assert time.monotonic() - began < LONGEST
            recorded.append(made.json()["updated_at"])
        answers = [client.get(COMPANY_ADDRESS) for _ in range(500)]
        assert "Traceback" not in served.said

    assert recorded == sorted(recorded)
    assert 1 <= int(next(answer for answer in answers if answer.status_code == 429).headers["retry-after"]) <= 60
    require_whole(url)


def sessions(url: str) -> set[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        query = "SELECT pid, backend_start FROM pg_stat_activity WHERE application_name = 'company-profiles'"
        return set(connection.execute(query).fetchall())


def test_connections_are_kept_after_a_clock_that_was_ahead_when_they_broke(
    databases_on: DatabasesOn, wall_clock: WallClock, tmp_path: Path
) -> None:
    databases = databases_on("postgresql")
    url = databases.copy(databases.migrated, "ahead")
    load_lamps(url, tmp_path)
    addresses = [f"/v1/companies?limit={number}" for number in range(1, 60)]
    with serving(tmp_path, database_url=url) as served, httpx.Client(base_url=served.url, timeout=LONGEST) as client:
        jump(wall_clock, client, "+2h")
        assert client.get(COMPANY_ADDRESS).status_code == 200
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'company-profiles' AND datname = current_database()"
            )
        wait_until(lambda: client.get("/v1/companies").status_code == 200, "the database is read again")
        jump(wall_clock, client, "+0")
        with ThreadPoolExecutor(8) as threads:
            assert {answer.status_code for answer in threads.map(client.get, addresses)} == {200}
        before = sessions(url)
        assert {client.get(f"{address}&sort=-name").status_code for address in addresses} == {200}
        assert before & sessions(url)


WAITING = """
import pathlib, sys, threading, time
from sqlalchemy import make_url
from sqlalchemy.exc import TimeoutError
from app.database.engines import Limits, create_sync_engine
engine = create_sync_engine(make_url("sqlite:///waiting.db"), Limits(1, 1.0, 1.0))
held = [engine.connect(), engine.connect()]
threading.Timer(0.5, pathlib.Path(sys.argv[1]).write_text, ["-2h"]).start()
try:
    engine.connect()
except TimeoutError:
    print("refused")
"""


def test_nobody_waits_for_a_connection_until_the_clock_has_caught_up(wall_clock: WallClock, tmp_path: Path) -> None:
    command = [sys.executable, "-c", WAITING, str(wall_clock.file)]
    ended = subprocess.run(command, cwd=tmp_path, env=environment({}), capture_output=True, timeout=60, check=True)

    assert ended.stdout == b"refused\n"


def test_check_reports_a_log_whose_clock_was_ahead(url: str, wall_clock: WallClock, tmp_path: Path) -> None:
    wall_clock.set("+5y")
    (tmp_path / "one.ndjson").write_text(json.dumps({"kind": "company", "slug": "ahead", "name": "Ahead"}), encoding="utf-8")
    assert run(tmp_path, "load", "one.ndjson", database_url=url).returncode == 0
    wall_clock.set("+0")
    checked = run(tmp_path, "check", database_url=url)

    assert b"in the future" in checked.stdout
