"""Which revision is the newest, told on every request at next to no cost, so that a cached answer can be judged by it.

On SQLite ``PRAGMA data_version`` tells whether any other connection has committed since: what is known is what is there.
On PostgreSQL the head is read again once it is older than ``BOUND_SECONDS``: a commit is known after that time at the latest.
"""

import asyncio
import time
from typing import NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from app.db import Database
from app.models import RevisionHead

BOUND_SECONDS = 0.05


class Version(NamedTuple):
    """The state of a database: its random name, and its newest revision."""

    dataset: str
    newest: int


def read_version(connection: Connection) -> Version:
    return Version(*connection.execute(select(RevisionHead.dataset, RevisionHead.newest)).one())


class Freshness:
    """The version of one database, for one event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._version: Version | None = None
        self._commits: int | None = None
        self._valid_until = 0.0
        self._reading: asyncio.Task[Version | None] | None = None

    def known(self) -> Version | None:
        """The version, where it can be told at once. None where it must be read again, or cannot be told."""
        if self._database.waits:
            return self._version if time.monotonic() < self._valid_until else None
        try:
            commits = self._database.count_commits()
            if commits != self._commits:
                self._version = self._database.read_at_once(read_version)
                self._commits = commits
        except SQLAlchemyError:
            self._version = self._commits = None
        return self._version

    async def read(self) -> Version | None:
        """The version, read again for all who ask meanwhile. None where the database does not answer."""
        if not self._database.waits:
            return self.known()
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        return await asyncio.shield(self._reading)

    async def _read(self) -> Version | None:
        started = time.monotonic()
        try:
            self._version = await self._database.read(read_version)
            self._valid_until = started + BOUND_SECONDS
        except (SQLAlchemyError, OSError):
            self._version, self._valid_until = None, 0.0
        finally:
            self._reading = None
        return self._version
