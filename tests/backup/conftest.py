"""The commands on an SQLite database of the test's own: backups are files there."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.database.database import Database
from app.server.setup import prepare
from tests.cli.conftest import CommandLine

Make = Callable[[str], CommandLine]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, in which every file is."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def on(folder: Path) -> Make:
    """The commands on a file of the folder, which need not be there."""
    return lambda name: CommandLine(f"sqlite:///{folder / name}")


@pytest.fixture
def live(on: Make) -> CommandLine:
    """The commands on a database with the seed."""
    command = on("live.db")
    with command.database() as database:
        prepare(database, with_seed=True)
    return command


def content(command: CommandLine) -> dict[str, list[str]]:
    """Every row of every table, the engine's own tables of the text index too, but for the dataset's name."""
    with command.database() as database:
        return rows(database)


def rows(database: Database) -> dict[str, list[str]]:
    with database.reading() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        found = {table: connection.exec_driver_sql(f'SELECT * FROM "{table}"').all() for table in tables}  # noqa: S608
    written = {table: sorted(map(repr, values)) for table, values in found.items()}
    return written | {"revision_head": [str(found["revision_head"][0].newest)]}


def changed(file: str, *statements: str) -> None:
    """Change a database past the program."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
