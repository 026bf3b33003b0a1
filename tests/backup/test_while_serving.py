"""A database that is restored under a server: readers see the old state or the restored one, whatever happens meanwhile."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.backup.conftest import content
from tests.cli.conftest import CommandLine
from tests.cli.processes import SECONDS, environment, serving
from tests.history.newsroom import Newsroom

ADDRESS = "/v1/companies/fern"
STOP_MIDWAY = """
import sys, time
from app.operations.backup import copying
from app.cli.main import main

copying.STEP = 10
copy_pages, steps = copying.copy_pages, iter(range(10**9))

def stop_midway(number):
    if next(steps) == 3:
        print("midway", flush=True)
        time.sleep(600)

def copy_until_midway(source, target, **also):
    copy_pages(source, target, **also | {"advance": stop_midway})

from app.operations.backup import restore as restoring
from app.operations.backup import backup as taking
(restoring if "restore" in sys.argv else taking).copy_pages = copy_until_midway
main()
"""


@pytest.fixture
def newsroom(live: CommandLine, folder: Path) -> Iterator[Newsroom]:
    """An editor at a server on the database, in a process of its own."""
    key = live.output("keys", "create", "newsroom", "--scope", "write").decode().strip()
    headers = {"Authorization": f"Bearer {key}"}
    with (
        serving(folder, database_url=live.database_url) as server,
        httpx.Client(base_url=server.url, headers=headers, timeout=SECONDS) as client,
    ):
        yield Newsroom(client)


@pytest.fixture
def reader(newsroom: Newsroom) -> Iterator[httpx.Client]:
    """Somebody without a key, whose answers are kept in the cache."""
    with httpx.Client(base_url=newsroom.client.base_url, timeout=SECONDS) as client:
        yield client


def write(newsroom: Newsroom, name: str) -> None:
    answer = newsroom.client.post("/v1/datasets", json={"companies": [{"slug": "fern", "name": name}]})
    assert answer.is_success, answer.text


def stopped_midway(command: str, live: CommandLine, folder: Path) -> subprocess.Popen[bytes]:
    """A command that has copied some pages, and waits."""
    arguments = (command, "copy.db", "--force")
    variables = environment({"database_url": live.database_url})
    process = subprocess.Popen([sys.executable, "-c", STOP_MIDWAY, *arguments], cwd=folder, env=variables, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"midway\n"
    return process


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=SECONDS)


def test_a_running_server_goes_on_with_the_restored_state(live: CommandLine, newsroom: Newsroom, reader: httpx.Client) -> None:
    write(newsroom, "Before")
    live.output("backup", "copy.db")
    write(newsroom, "After")
    for _ in range(3):
        lost = reader.get(ADDRESS)
    assert lost.json()["name"] == "After"

    live.output("restore", "copy.db", "--force")

    assert reader.get(ADDRESS).json()["name"] == "Before"
    write(newsroom, "Later")
    again = reader.get(ADDRESS, headers={"If-None-Match": lost.headers["etag"]})
    assert (again.status_code, again.json()["name"]) == (200, "Later")
    assert again.headers["profiles-revision"] == lost.headers["profiles-revision"]


@pytest.mark.slow
def test_while_a_restore_is_under_way_readers_see_the_old_state_and_after_a_kill_too(
    live: CommandLine, newsroom: Newsroom, reader: httpx.Client, folder: Path
) -> None:
    write(newsroom, "Before")
    live.output("backup", "copy.db")
    write(newsroom, "After")
    before = content(live)

    process = stopped_midway("restore", live, folder)
    assert reader.get(ADDRESS).json()["name"] == "After"
    kill(process)

    assert content(live) == before
    write(newsroom, "Later")
    assert reader.get(ADDRESS).json()["name"] == "Later"
    with closing(sqlite3.connect("live.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_killed_backup_leaves_no_file_of_its_name(live: CommandLine, folder: Path) -> None:
    process = stopped_midway("backup", live, folder)
    kill(process)

    assert not (folder / "copy.db").exists()
    live.output("backup", "copy.db")
    live.output("restore", "copy.db", "--force")


@pytest.mark.slow
def test_a_killed_backup_leaves_the_file_that_it_was_to_replace(live: CommandLine, folder: Path) -> None:
    live.output("backup", "copy.db")
    before = (folder / "copy.db").read_bytes()

    kill(stopped_midway("backup", live, folder))

    assert (folder / "copy.db").read_bytes() == before
