"""A process that serves holds no library that only something else needs: those took 25 MB in each worker."""

from pathlib import Path

import httpx

from tests.cli.conftest import CommandLine, message
from tests.cli.processes import serving

TELLING = (
    "-c",
    "import atexit, sys; from app.cli.main import main; atexit.register(lambda: print('Held', *sys.modules)); main()",
)
"""The command, which tells what it has imported when it ends."""
OF_OTHER_COMMANDS = {"alembic", "app.cli.datasets", "app.cli.keys", "app.operations.migrate", "app.server.setup", "httpx", "mako"}
OF_RARE_REQUESTS = {"edtf", "pyparsing"}
OF_THE_APPLICATION = {"app.main", "app.server.worker", "fastapi", "uvloop"}


def held(folder: Path, *arguments: str, **settings: str) -> set[str]:
    """The modules of a server's first process after it has answered."""
    with serving(folder, *arguments, program=TELLING, **settings) as served:
        assert httpx.get(f"{served.url}/health/ready", timeout=30).status_code == 200
        assert httpx.get(f"{served.url}/v1/companies/baidu/profile", timeout=30).status_code == 200
        assert served.stop() == 0
    [told] = (line for line in served.said.splitlines() if line.startswith("Held "))
    return set(told.split())


def test_a_server_holds_nothing_of_other_commands_nor_of_its_own_preparation(blank: CommandLine, folder: Path) -> None:
    for _ in ("makes, migrates and seeds its database", "finds it"):
        modules = held(folder, database_url=blank.database_url)
        assert modules >= OF_THE_APPLICATION
        assert modules & (OF_OTHER_COMMANDS | OF_RARE_REQUESTS) == set()


def test_a_server_collects_no_garbage_among_what_it_started_with(seeded: CommandLine, folder: Path) -> None:
    program = TELLING[1].replace("'Held', *sys.modules", "'Frozen', __import__('gc').get_freeze_count()")
    with serving(folder, program=("-c", program), database_url=seeded.database_url) as served:
        assert httpx.get(f"{served.url}/health/ready", timeout=30).status_code == 200
        assert served.stop() == 0

    assert int(served.said.rpartition("Frozen ")[2]) > 100_000


def test_what_keeps_several_workers_holds_no_application(seeded: CommandLine, folder: Path) -> None:
    modules = held(folder, "--workers", "2", database_url=seeded.database_url)

    assert "uvicorn" in modules
    assert modules & (OF_THE_APPLICATION | OF_OTHER_COMMANDS | OF_RARE_REQUESTS) == set()


def test_what_goes_wrong_in_preparing_is_said_as_ever(on_file: CommandLine) -> None:
    on_file.output("migrate", "0002")
    with on_file.database() as database, database.writing():
        told = message(on_file("serve", "--port", "0", database_wait_seconds="0.1"), 3)

    assert told.endswith("file.db: another program holds its lock; try again when that has finished")
