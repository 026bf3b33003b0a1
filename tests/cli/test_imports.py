"""What each process imports. A library that a process does not use costs it memory for as long as it runs, and time to start."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import CommandLine
from tests.cli.processes import environment, run, serving

pytestmark = pytest.mark.any_engine

REPORTING = """
import atexit, sys
from app.cli.main import main
atexit.register(lambda: print("Held", *(name for name, module in sys.modules.items() if module)))
main()
"""
"""The command, which reports what it has imported when it ends."""
FREEZING = """
import atexit, gc
from app.cli.main import main
atexit.register(lambda: print("Frozen", gc.get_freeze_count()))
main()
"""
OF_OTHER_COMMANDS = {
    "alembic",
    "app.cli.datasets",
    "app.cli.keys",
    "app.operations.migrate",
    "app.server.setup",
    "httpx",
    "mako",
    "rich",
}
OF_RARE_REQUESTS = {
    "anyascii",
    "cleanco",
    "edtf",
    "opencc",
    "pydantic.v1",
    "pyparsing",
    "rapidfuzz",
    "sentencex",
    "stdnum",
    "yaml",
}
"""Of matching names, correcting spellings, writing and dates that users give; and what FastAPI looks for the old models in."""
OF_THE_APPLICATION = {"app.main", "app.server.worker", "fastapi", "uvloop"}
OF_EVERY_COMMAND = {"app.cli.terminal", "app.settings", "pydantic", "sqlalchemy", "uvicorn"}


def held(text: str) -> set[str]:
    [line] = (line for line in text.splitlines() if line.startswith("Held "))
    return set(line.split())


def served(folder: Path, *arguments: str, **settings: str) -> set[str]:
    """The modules of a server's first process after it has answered."""
    with serving(folder, *arguments, program=("-c", REPORTING), **settings) as server:
        assert httpx.get(f"{server.url}/health/ready", timeout=30).status_code == 200
        assert httpx.get(f"{server.url}/v1/companies/baidu/profile", timeout=30).status_code == 200
        assert server.stop() == 0
    return held(server.said)


@pytest.mark.parametrize(("option", "unused"), [("--version", {"rich"}), ("--help", set[str]())])
def test_the_options_before_a_command_import_no_command(folder: Path, option: str, unused: set[str]) -> None:
    program = [sys.executable, "-c", REPORTING, option]
    result = subprocess.run(program, cwd=folder, env=environment({}), capture_output=True, check=True)

    assert held(result.stdout.decode()) & (unused | OF_EVERY_COMMAND | OF_OTHER_COMMANDS - {"rich"}) == set()


def test_a_server_holds_nothing_of_other_commands_nor_of_its_own_preparation(blank: CommandLine, folder: Path) -> None:
    for _ in ("makes, migrates and seeds its database", "finds it"):
        modules = served(folder, database_url=blank.database_url)
        assert modules >= OF_THE_APPLICATION
        assert modules & (OF_OTHER_COMMANDS | OF_RARE_REQUESTS) == set()


def test_a_server_collects_no_garbage_among_what_it_started_with(seeded: CommandLine, folder: Path) -> None:
    with serving(folder, program=("-c", FREEZING), database_url=seeded.database_url) as server:
        assert httpx.get(f"{server.url}/health/ready", timeout=30).status_code == 200
        assert server.stop() == 0

    assert int(server.said.rpartition("Frozen ")[2]) > 100_000


def test_what_keeps_several_workers_holds_no_application(seeded: CommandLine, folder: Path) -> None:
    modules = served(folder, "--workers", "2", database_url=seeded.database_url)

    assert "uvicorn" in modules
    assert modules & (OF_THE_APPLICATION | OF_OTHER_COMMANDS | OF_RARE_REQUESTS) == set()


def test_a_fault_while_the_database_is_prepared_is_reported_once(on_file: CommandLine, folder: Path) -> None:
    on_file.output("migrate", "0002")
    with on_file.database() as database, database.writing():
        result = run(folder, "serve", "--port", "0", database_url=on_file.database_url, database_wait_seconds="0.1")

    assert result.returncode == 3
    [line] = result.stderr.decode().splitlines()
    assert line.startswith("company-profiles: cannot use the database file ")
    assert line.endswith("file.db: it is locked by another program; try again when that has finished")
