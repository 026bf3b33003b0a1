"""Which revision is the newest, told on every request at next to no cost, so that a cached answer can be judged by it.

On SQLite ``PRAGMA data_version`` tells whether any other connection has committed since: what is known is what is there.
On PostgreSQL the head is read again once it is older than ``BOUND_SECONDS``: a commit is known after that time at the latest.
Who asks ``AHEAD_SECONDS`` before that has it read meanwhile: where requests come more often than that, and a reading takes
less, nobody waits for it.
Either is looked at once for all the requests that the event loop has received before.
"""

import asyncio
import time
from typing import NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.exc import NoResultFound

from app.database.database import Database
from app.database.failures import DATABASE_ERRORS
from app.database.models import Revision, RevisionHead
from app.database.prepared import KeptStatement

BOUND_SECONDS = 0.05
AHEAD_SECONDS = 0.015
_END_SECONDS = 1.0


class Version(NamedTuple):
    """The state of a database: its random name, its newest revision, and when that was recorded.

    The time, in whichever way the driver gives it, tells a revision from the one of the same number that was made after an
    older state was restored.
    """

    dataset: str
    newest: int
    recorded_at: object


_VERSION = KeptStatement(
    select(RevisionHead.dataset, RevisionHead.newest, Revision.recorded_at).outerjoin(
        Revision, Revision.number == RevisionHead.newest
    )
)


def read_version(connection: Connection) -> Version:
    """Raises NoResultFound without the row that a database has while it has tables."""
    for version in _VERSION.rows(connection, {}):
        return Version(*version)
    raise NoResultFound("the database lacks the row that names its newest revision")


class Freshness:
    """The version of one database, for one event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waits = database.waits
        self._version: Version | None = None
        self._commits: int | None = None
        self._looked = False
        self._valid_until = 0.0
        self._reading: asyncio.Task[Version | None] | None = None

    def known(self) -> Version | None:
        """The version, where it can be told at once. None where it must be read again, or cannot be told."""
        if self._looked:
            return self._version
        if self._waits:
            left = self._valid_until - time.monotonic()
            if left <= 0.0:
                return None
            if left < AHEAD_SECONDS and self._reading is None:
                self._reading = asyncio.create_task(self._read())
        else:
            self._look()
        # Every request that is handled before the loop comes to this had arrived before the look.
        self._looked = True
        asyncio.get_running_loop().call_soon(self._look_again)
        return self._version

    def _look_again(self) -> None:
        self._looked = False

    def _look(self) -> None:
        try:
            commits = self._database.count_commits()
            if commits != self._commits:
                self._version = self._database.read_at_once(read_version)
                self._commits = commits
        except DATABASE_ERRORS:
            self._version = self._commits = None

    async def read(self) -> Version | None:
        """The version, read again for all who ask meanwhile. None where the database does not answer.

        A reading that began too long before it was asked for, since it took long, is done once more.
        """
        if not self._waits:
            return self._version
        asked = time.monotonic()
        while True:
            if self._reading is None:
                self._reading = asyncio.create_task(self._read())
            version = await asyncio.shield(self._reading)
            if version is None or asked < self._valid_until:
                return version

    async def _read(self) -> Version | None:
        started = time.monotonic()
        try:
            self._version = await self._database.read(read_version)
            self._valid_until = started + BOUND_SECONDS
        except DATABASE_ERRORS:
            self._version, self._valid_until = None, 0.0
        finally:
            self._reading = None
        return self._version

    async def close(self) -> None:
        """Lets a reading come to its end, so that the database can be closed. One that takes long is given up."""
        if self._reading is not None:
            reading = self._reading
            await asyncio.wait((reading,), timeout=_END_SECONDS)
            reading.cancel()
            await asyncio.wait((reading,), timeout=_END_SECONDS)
