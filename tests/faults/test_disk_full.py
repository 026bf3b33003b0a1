"""A full disk: writes are refused with the reason, reads continue, and with room again writes do too, without a restart.

SQLite's own limit on a file's pages fails as a full disk does, on any machine. Where this user may mount one, a small
file system in memory is filled as well. PostgreSQL is made to report what it reports when its disk is full.
"""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest
from sqlalchemy import event

from app.operations.migrate import migrate
from tests.databases import settings_for
from tests.editing.conftest import key_of
from tests.editing.curator import Curator, refused
from tests.editing.lamps import COMPANY_ADDRESS
from tests.faults.conftest import load_lamps
from tests.faults.running import database_of
from tests.faults.wholeness import opened, require_whole
from tests.postgresql import PostgresServer
from tests.server import RunningServer, running_server

MEGABYTES = 6
MOST_WRITES = 500
Act = Callable[[], None]


def may_mount() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], check=False).returncode:
            return False
        subprocess.run(["umount", folder], check=True)
    return True


DISKS = ["pages", "tmpfs"] if may_mount() else ["pages"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path) -> None:
    with (folder / "filler").open("wb", buffering=0) as file:
        while True:
            try:
                file.write(b"x" * 4096)
            except OSError:
                return


def limit_pages(running: RunningServer) -> tuple[Act, Act]:
    """What lets a file grow no more, and what lets it grow again."""
    pages = [2**32 - 2]

    def set_limit(connection: object, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages[0]}")  # type: ignore[attr-defined]

    event.listen(database_of(running).engine, "checkout", set_limit)
    return lambda: pages.__setitem__(0, 1), lambda: pages.__setitem__(0, 2**32 - 2)


@contextmanager
def serving(url: str, folder: Path) -> Iterator[tuple[RunningServer, Curator]]:
    with opened(url) as database:
        migrate(database)
    load_lamps(url, folder)
    with opened(url) as database:
        key = key_of(database)
    headers = {"Authorization": f"Bearer {key}"}
    with running_server(settings_for(url)) as running, httpx.Client(base_url=running.url, headers=headers, timeout=60) as client:
        yield running, Curator(client)


@pytest.fixture(params=DISKS)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Curator, Act, Act]]:
    """An SQLite database on a disk: its address, somebody who writes to it, what fills the disk, and what makes room."""
    with ExitStack() as stack:
        if request.param == "pages":
            url = f"sqlite:///{tmp_path / 'file.db'}"
            running, curator = stack.enter_context(serving(url, tmp_path))
            yield url, curator, *limit_pages(running)
        else:
            folder: Path = request.getfixturevalue("small_disk")
            url = f"sqlite:///{folder / 'file.db'}"
            _, curator = stack.enter_context(serving(url, tmp_path))
            yield url, curator, lambda: fill(folder), (folder / "filler").unlink


def first_refusal(curator: Curator) -> httpx.Response:
    """Writes until there is no room: a page that is begun, and a log that is there already, take some more."""
    for number in range(MOST_WRITES):
        answer = curator.post("/v1/companies", {"slug": f"c{number}", "name": f"Company {number}", "note": "n" * 4000})
        if answer.status_code != 201:
            return answer
    raise AssertionError("the disk is never full")


def test_a_full_disk_is_reported_while_reads_go_on_and_with_room_writes_do(disk: tuple[str, Curator, Act, Act]) -> None:
    url, curator, fill_up, make_room = disk
    fill_up()
    answer = first_refusal(curator)
    before = curator.newest()

    assert "disk is full" in refused(answer, 507, "insufficient-storage")
    assert int(answer.headers["retry-after"]) > 0
    refused(
        curator.post("/v1/datasets", {"companies": [{"slug": "d", "name": "D", "note": "n" * 4000}]}), 507, "insufficient-storage"
    )
    assert curator.read(COMPANY_ADDRESS)["name"] == "Fernhold"
    assert curator.get("/health/ready").status_code == 200
    assert curator.newest() == before

    make_room()
    curator.created("/v1/companies", {"slug": "roomy", "name": "Roomy", "note": "n" * 4000})
    require_whole(url)


@pytest.mark.slow
@pytest.mark.parametrize("_", DISKS[1:])
def test_a_full_disk_for_temporary_files_is_reported_too(
    _: str, small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(small_disk))
    lines = "".join(f'{{"kind":"company","slug":"c{n}","name":"C","note":"{"n" * 4000}"}}\n' for n in range(500)).encode()
    with serving(f"sqlite:///{tmp_path / 'file.db'}", tmp_path) as (_running, curator):
        fill(small_disk)
        answer = curator.post("/v1/datasets", lines, content_type="application/x-ndjson")
        assert "disk is full" in refused(answer, 507, "insufficient-storage")

        (small_disk / "filler").unlink()
        assert curator.post("/v1/datasets", lines, content_type="application/x-ndjson").json()["created"] == 500


@pytest.mark.slow
def test_a_full_disk_of_postgresql_is_reported_too(postgres: PostgresServer, tmp_path: Path) -> None:
    url = postgres.create_database("full_disk")
    with serving(url, tmp_path) as (_running, curator), psycopg.connect(url, autocommit=True) as administrator:
        raising = "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'"
        administrator.execute(f"CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {raising}; END$$".encode())
        administrator.execute("CREATE TRIGGER no_room BEFORE INSERT ON revisions EXECUTE FUNCTION no_room()")
        answer = curator.post("/v1/companies", {"slug": "c", "name": "C"})
        assert "disk is full" in refused(answer, 507, "insufficient-storage")
        assert curator.read(COMPANY_ADDRESS)["name"] == "Fernhold"

        administrator.execute("DROP TRIGGER no_room ON revisions")
        curator.created("/v1/companies", {"slug": "c", "name": "C"})
    require_whole(url)
