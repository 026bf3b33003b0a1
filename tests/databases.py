"""Databases for tests: blank, migrated or seeded, on either engine."""

import datetime
import itertools
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cached_property
from pathlib import Path

from pydantic import SecretStr

import seed
from app.database.database import Database
from app.datasets.loader import load
from app.datasets.reader import read_dataset
from app.operations.migrate import migrate
from app.settings import Settings
from tests.postgresql import PostgresServer
from tests.shared import once

SEEDED_AT = datetime.datetime(2026, 11, 24, 9, 30, tzinfo=datetime.UTC)
ENGINES = ("sqlite", "postgresql")
_numbers = itertools.count(1)


def settings_for(url: str) -> Settings:
    return Settings(_env_file=None, database_url=SecretStr(url), database_wait_seconds=5, log_level="critical")


class Databases:
    """Creates databases on one engine. Most are copies of ``migrated``, which is empty, or of ``seeded``.

    PostgreSQL refuses connections to these two, since it copies only a database without any.
    """

    def __init__(self, engine: str, folder: Path, postgres: PostgresServer | None) -> None:
        self.engine = engine
        self._folder = folder
        self._postgres = postgres
        self.migrated = once(folder / f"{engine}.migrated", self._migrate)
        self.seeded = once(folder / f"{engine}.seeded", self._seed)

    def _migrate(self) -> str:
        url = self.blank("migrated")
        database = Database(settings_for(url))
        migrate(database)
        database.engine.dispose()
        return self._template(url)

    def _seed(self) -> str:
        url = self.copy(self.migrated, "seeded")
        database = Database(settings_for(url))
        with database.writing() as connection:
            load(connection, read_dataset(seed.files()), actor="tests", reason="Seed", clock=lambda: SEEDED_AT)
        database.engine.dispose()
        return self._template(url)

    def _template(self, url: str) -> str:
        if self._postgres:
            self._postgres.refuse_connections(url.rpartition("/")[2])
        return url

    @cached_property
    def readable(self) -> str:
        """The URL of a copy of the seed that the tests of this process share, and only read."""
        return self.copy(self.seeded, "readable")

    def blank(self, name: str) -> str:
        """The URL of a database without a schema."""
        name = self._unique(name)
        return self._postgres.create_database(name) if self._postgres else f"sqlite:///{self._folder / name}.db"

    def copy(self, url: str, name: str = "copy") -> str:
        """The URL of a copy."""
        if self._postgres:
            return self._postgres.create_database(self._unique(name), template=url.rpartition("/")[2])
        copied = self.blank(name)
        # Not shutil.copy: recent changes may be in the write-ahead log beside the file.
        source, target = (sqlite3.connect(address.removeprefix("sqlite:///")) for address in (url, copied))
        with closing(source), closing(target):
            source.backup(target)
        return copied

    def drop(self, url: str) -> None:
        """Removes a database. Fixtures drop what they create for one test, because all databases are in memory."""
        if self._postgres:
            self._postgres.drop_database(url.rpartition("/")[2])
        else:
            Path(url.removeprefix("sqlite:///")).unlink(missing_ok=True)

    @staticmethod
    def _unique(name: str) -> str:
        return f"{name}_{os.getpid()}_{next(_numbers)}"


DatabasesOn = Callable[[str], Databases]
