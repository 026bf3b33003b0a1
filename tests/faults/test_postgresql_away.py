"""PostgreSQL is stopped, or killed, and started again while clients write: nothing acknowledged is lost, and it goes on.

A standby that takes the place of the primary in mid-load is in tests/scaling/test_standbys_failing.py.
"""

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from app.operations.migrate import migrate
from tests.cli.processes import serving
from tests.editing.conftest import key_of
from tests.editing.lamps import COMPANY_ADDRESS
from tests.faults.conftest import load_lamps
from tests.faults.wholeness import opened, require_whole
from tests.faults.writers import Writer, require_kept, writing
from tests.postgresql import PostgresServer, running_postgresql
from tests.scaling.cluster import wait_until

pytestmark = pytest.mark.slow

LONGEST_AWAY = 0.5


class DurablePostgres(PostgresServer):
    """One that has written what it acknowledges. A killed one leaves that to the system, so that no fsync is needed."""

    options: Sequence[str] = ("fsync=off", "synchronous_commit=on", "max_connections=50", "unix_socket_directories=")

    def kill(self) -> None:
        os.kill(int((self._data / "postmaster.pid").read_text(encoding="ascii").split()[0]), signal.SIGKILL)

    def restart(self) -> None:
        """As a service manager does: again until the last of the killed processes has ended."""

        def is_started() -> bool:
            try:
                self.start_again()
            except subprocess.CalledProcessError:
                return False
            return True

        wait_until(is_started, "PostgreSQL starts")


@pytest.fixture(scope="module")
def durable() -> Iterator[DurablePostgres]:
    with running_postgresql(DurablePostgres) as server:
        yield server


class Reader(threading.Thread):
    """Reads all the time, and remembers the answers that were none."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self.ended = threading.Event()
        self.statuses: set[int] = set()
        self.without_advice: list[str] = []

    def run(self) -> None:
        with httpx.Client(base_url=self._url, timeout=60) as client:
            while not self.ended.is_set():
                answer = client.get(COMPANY_ADDRESS)
                self.statuses.add(answer.status_code)
                if answer.status_code != 200 and "retry-after" not in answer.headers:
                    self.without_advice.append(answer.text)
                time.sleep(0.01)


def wait_for_more(writers: Sequence[Writer]) -> None:
    """Until each writer was acknowledged something again."""
    reached = [writer.acknowledged for writer in writers]
    wait_until(lambda: all(w.acknowledged > n for w, n in zip(writers, reached, strict=True)), "writes go on")


@pytest.mark.parametrize("end", ["kill", "fast"])
def test_errors_pass_and_nothing_acknowledged_is_lost(
    durable: DurablePostgres, tmp_path: Path, rounds: Iterator[random.Random], end: str
) -> None:
    url = durable.create_database(f"away_{end}")
    with opened(url) as database:
        migrate(database)
        load_lamps(url, tmp_path)
        key = key_of(database)
    with serving(tmp_path, database_url=url, database_wait_seconds="5") as served:
        reader = Reader(served.url)
        reader.start()
        for chance in rounds:
            with writing(served.url, key, chance, goes_on=True) as writers:
                time.sleep(chance.uniform(0, 0.3))
                durable.kill() if end == "kill" else durable.stop(end)
                time.sleep(chance.uniform(0, LONGEST_AWAY))
                durable.restart()
                wait_for_more(writers)

            refused = [answer for writer in writers for answer in writer.refused]
            assert {(answer.status_code, answer.headers.get("retry-after")) for answer in refused} <= {(503, "2")}
            require_kept(url, [one for writer in writers for one in writer.sent])
            require_whole(url)
        reader.ended.set()
        reader.join()
        assert served.stop() == 0

    assert reader.statuses <= {200, 503}
    assert reader.without_advice == []
