"""Commands and a server that may not take more memory, on 200 MB of data: they work, or say so, and nothing is half done."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.bench.companies import slug_of
from tests.bench.data import make_database
from tests.bench.ndjson import dataset
from tests.cli.processes import environment, serving
from tests.editing.conftest import key_of
from tests.faults.wholeness import opened, revisions

pytestmark = pytest.mark.slow

COMPANIES = 4_600
"""About 200 MB."""
LIMITED = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_AS, [int(sys.argv.pop(1)) << 20] * 2); "
RUN = LIMITED + "sys.argv[0] = 'app'; runpy.run_module('app', run_name='__main__')"
ENOUGH = 260
"""Megabytes of addresses, of which a process has more than of memory."""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("large") / "large.db"
    make_database(f"sqlite:///{file}", COMPANIES)
    assert file.stat().st_size > 190e6
    return f"sqlite:///{file}"


def run(megabytes: int, folder: Path, *arguments: str, database_url: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", RUN, str(megabytes), *arguments]
    settings = environment({"database_url": database_url})
    return subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, timeout=300, check=False)


def limited(megabytes: int, folder: Path, *arguments: str, database_url: str) -> subprocess.CompletedProcess[str]:
    ended = run(megabytes, folder, *arguments, database_url=database_url)
    is_said = ended.returncode == 3 and "company-profiles: not enough memory" in ended.stderr and "Traceback" not in ended.stderr
    assert ended.returncode == 0 or is_said, ended.stderr
    return ended


@pytest.mark.parametrize("megabytes", [ENOUGH, 95])
def test_commands_work_or_say_that_there_is_not_enough_memory(large: str, tmp_path: Path, megabytes: int) -> None:
    commands = (["export", "--format", "ndjson", "--output", "all.ndjson"], ["check"], ["backup", "profiles.backup"])
    ended = [limited(megabytes, tmp_path, *command, database_url=large) for command in commands]

    if megabytes == ENOUGH:
        assert [one.returncode for one in ended] == [0, 0, 0]
    assert (tmp_path / "profiles.backup").exists() == (ended[2].returncode == 0)


@pytest.mark.parametrize("megabytes", [ENOUGH, 55])
def test_a_load_is_whole_or_did_not_happen(tmp_path: Path, megabytes: int) -> None:
    url = f"sqlite:///{tmp_path / 'loaded.db'}"
    file = dataset(tmp_path, 2_000)
    records = len(file.read_text(encoding="utf-8").splitlines())
    limited(ENOUGH, tmp_path, "migrate", database_url=url)
    ended = limited(megabytes, tmp_path, "load", str(file), database_url=url)

    assert ended.returncode == 0 or megabytes < ENOUGH
    assert len(revisions(url)) == (records if ended.returncode == 0 else 0)


@pytest.mark.parametrize("megabytes", [85, 95, 105])
def test_a_load_that_ends_in_the_middle_did_not_happen(tmp_path: Path, megabytes: int) -> None:
    """However it ends: a library that cannot go on without memory ends the process itself."""
    url = f"sqlite:///{tmp_path / 'loaded.db'}"
    file = dataset(tmp_path, 2_000)
    records = len(file.read_text(encoding="utf-8").splitlines())
    limited(ENOUGH, tmp_path, "migrate", database_url=url)
    ended = run(megabytes, tmp_path, "load", str(file), database_url=url)

    assert len(revisions(url)) == (records if ended.returncode == 0 else 0)


def test_a_server_serves_or_refuses_and_keeps_what_it_acknowledged(large: str, tmp_path: Path) -> None:
    """Its threads alone need more than it has. A library that cannot go on without memory ends the process: a status of 0."""
    with opened(large) as database:
        headers = {"Authorization": f"Bearer {key_of(database)}"}

    def send(number: int) -> int:
        addresses = ("/v1/stats", "/v1/companies?format=ndjson", f"/v1/companies/{slug_of(number)}/profile", "/v1/search?q=solar")
        with httpx.Client(base_url=served.url, timeout=120) as client:
            try:
                if number % 5:
                    return client.get(addresses[number % 4]).status_code
                return client.post("/v1/companies", json={"slug": f"new-{number}", "name": "New"}, headers=headers).status_code
            except httpx.TransportError:
                return 0

    with (
        serving(tmp_path, program=("-c", RUN, str(ENOUGH)), database_url=large) as served,
        ThreadPoolExecutor(40) as threads,
    ):
        statuses = list(threads.map(send, range(100)))

    assert set(statuses) & {200, 201, 503}, served.said
    with opened(large) as database, database.reading() as connection:
        slugs = set(connection.exec_driver_sql("SELECT slug FROM companies WHERE slug LIKE 'new-%'").scalars())
        assert connection.exec_driver_sql("PRAGMA integrity_check").all() == [("ok",)]
    assert {f"new-{number}" for number, status in enumerate(statuses) if status == 201} <= slugs
