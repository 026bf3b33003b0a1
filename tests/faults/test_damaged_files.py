"""A database file that is locked, cut off or may not be written to: said in one line at the start, a problem while serving."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from app.operations.migrate import migrate
from tests.cli.processes import SECONDS, environment, serving
from tests.faults.conftest import load_lamps
from tests.faults.wholeness import opened, require_whole

BOUND_BY_PERMISSIONS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
"""Lets permissions hold for the superuser too."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database file with the lamps, that nobody has open."""
    file = tmp_path / "data" / "file.db"
    file.parent.mkdir()
    with opened(f"sqlite:///{file}") as database:
        migrate(database)
    load_lamps(f"sqlite:///{file}", tmp_path)
    return file


@contextlib.contextmanager
def cut_off(file: Path) -> Iterator[None]:
    whole = file.with_name("whole.db")
    shutil.copyfile(file, whole)
    os.truncate(file, file.stat().st_size // 2)
    yield
    shutil.copyfile(whole, file)


@contextlib.contextmanager
def read_only(file: Path) -> Iterator[None]:
    file.chmod(0o444)
    file.parent.chmod(0o555)
    yield
    file.parent.chmod(0o755)
    file.chmod(0o644)


@contextlib.contextmanager
def locked(file: Path) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


Fault = Callable[[Path], contextlib.AbstractContextManager[None]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "reported"),
    [
        (cut_off, "it is damaged; restore it from a backup"),
        (read_only, "cannot be written to; change its permissions or name another file in PROFILES_DATABASE_URL"),
    ],
)
def test_a_start_on_it_is_refused_in_one_line_and_works_once_it_is_corrected(
    file: Path, tmp_path: Path, fault: Fault, reported: str
) -> None:
    settings = {"database_url": f"sqlite:///{file}", "database_wait_seconds": "0.5"}
    command = [*BOUND_BY_PERMISSIONS, sys.executable, "-m", "app", "serve", "--port", "0"]
    with fault(file):
        ended = subprocess.run(
            command, cwd=tmp_path, env=environment(settings), capture_output=True, check=False, text=True, timeout=SECONDS
        )
    with serving(tmp_path, **settings) as served:
        answer = httpx.get(f"{served.url}/v1/companies/fernhold", timeout=60)

    assert ended.returncode == 3
    assert reported in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert answer.json()["name"] == "Fernhold"
    require_whole(f"sqlite:///{file}")


def test_a_file_that_another_program_has_locked_is_served_all_the_same(file: Path, tmp_path: Path) -> None:
    settings = {"database_url": f"sqlite:///{file}", "database_wait_seconds": "0.5"}
    with locked(file), serving(tmp_path, **settings) as served:
        answer = httpx.get(f"{served.url}/v1/companies/fernhold", timeout=60)

    assert answer.json()["name"] == "Fernhold"
    require_whole(f"sqlite:///{file}")


@pytest.mark.slow
def test_a_file_that_is_damaged_while_it_is_served_is_never_answered_for_as_if_it_were_whole(file: Path, tmp_path: Path) -> None:
    settings = {"database_url": f"sqlite:///{file}"}
    with serving(tmp_path, **settings) as served, httpx.Client(base_url=served.url, timeout=60) as client:
        assert client.get("/v1/companies/fernhold").status_code == 200
        with cut_off(file):
            addresses = ("/health/ready", "/v1/companies/fernhold/milestones", "/v1/search?q=lamp", "/v1/companies?format=csv")
            answers = [client.get(address, headers={"Connection": "close"}) for address in addresses]

    problems = [answer for answer in answers if answer.status_code != 200]
    assert problems
    assert {answer.headers["content-type"] for answer in problems} == {"application/problem+json"}
    assert {answer.status_code for answer in problems} <= {500, 503}
    assert "sqlite" not in "".join(answer.text.lower() for answer in problems)
    with serving(tmp_path, **settings) as served:
        assert httpx.get(f"{served.url}/v1/companies/fernhold", timeout=60).json()["name"] == "Fernhold"
