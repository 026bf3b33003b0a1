"""The commands in the test's own process, which spares the start of an interpreter."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from app.cli.main import app
from app.database.database import Database
from app.database.models import Base
from app.server.setup import prepare
from tests.databases import Databases, settings_for


@dataclass(frozen=True)
class CommandLine:
    """Runs a command on one database. Keywords are settings."""

    database_url: str

    def __call__(self, *arguments: str, given: bytes | None = None, **settings: str) -> Result:
        return self.under(settings, *arguments, given=given)

    def under(self, settings: dict[str, str], *arguments: str, given: bytes | None = None) -> Result:
        chosen = {"database_url": self.database_url, "database_wait_seconds": "5", "port": "0"} | settings
        variables = {f"PROFILES_{name.upper()}": value for name, value in chosen.items()}
        return CliRunner().invoke(app, arguments, input=given, env=variables)

    def output(self, *arguments: str, given: bytes | None = None, **settings: str) -> bytes:
        """What a command that succeeds writes to standard output."""
        result = self(*arguments, given=given, **settings)
        assert result.exit_code == 0, result.stderr
        return result.stdout_bytes

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The database itself, to look into."""
        database = Database(settings_for(self.database_url))
        yield database
        database.engine.dispose()

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        with self.database() as database, database.reading() as connection:
            tables = Base.metadata.tables.items()
            return {name: len(connection.execute(select(table)).all()) for name, table in tables}


def message(result: Result, code: int) -> str:
    """The message of a command that failed with a code as it should: one line, no traceback."""
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.stderr
    assert result.stderr.count("\n") == 1, result.stderr
    assert result.stderr.startswith("company-profiles: ")
    return result.stderr.strip().removeprefix("company-profiles: ")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty current folder; what ``serve`` does to the process is undone."""
    monkeypatch.chdir(tmp_path)
    variables = dict(os.environ)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield tmp_path
    for number, handler in handlers.items():
        signal.signal(number, handler)
    os.environ.clear()
    os.environ.update(variables)


@pytest.fixture
def blank(databases: Databases) -> Iterator[CommandLine]:
    """The commands on a database without a schema."""
    url = databases.blank("blank")
    yield CommandLine(url)
    databases.drop(url)


@pytest.fixture
def empty(databases: Databases) -> Iterator[CommandLine]:
    """The commands on a migrated database without rows."""
    url = databases.copy(databases.migrated)
    yield CommandLine(url)
    databases.drop(url)


@pytest.fixture(scope="session")
def seeded_template(databases: Databases) -> CommandLine:
    """A database with the seed that nobody has open, so that PostgreSQL can copy it."""
    command = CommandLine(databases.copy(databases.migrated))
    with command.database() as database:
        prepare(database, with_seed=True)
    return command


@pytest.fixture
def seeded(databases: Databases, seeded_template: CommandLine) -> Iterator[CommandLine]:
    """The commands on a database with the seed."""
    url = databases.copy(seeded_template.database_url)
    yield CommandLine(url)
    databases.drop(url)


@pytest.fixture
def on_file(folder: Path) -> CommandLine:
    """The commands on an SQLite file that is not there yet, for what does not differ between engines."""
    return CommandLine(f"sqlite:///{folder / 'file.db'}")
