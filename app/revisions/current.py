"""The current revision: known on every request at almost no cost, and waited for by long polls and event streams.

On SQLite ``PRAGMA data_version`` tells whether another connection has committed, so what is known is exact.
On PostgreSQL the head is read again when it is older than ``BOUND_SECONDS``: a commit is known at most that much later.
A request in the last ``AHEAD_SECONDS`` of that time starts the next reading, so that under load no request waits for one.
No engine has to send a signal: while anybody waits, one task looks a few times a second, so that revisions of other processes
are noticed too. The first to learn of a new revision, that task or a request, wakes all who wait.
"""

import asyncio
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType
from typing import NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.exc import NoResultFound

from app.database.database import Database
from app.database.failures import DATABASE_ERRORS
from app.database.hosts import HOSTS
from app.database.models import Revision, RevisionHead
from app.database.prepared import PreparedStatement
from app.database.sqlite import commit_counter

BOUND_SECONDS = 0.05
AHEAD_SECONDS = 0.015
_END_SECONDS = 1.0


class Version(NamedTuple):
    """The state of a database: its random name, its newest revision, and when that was recorded.

    After an older state was restored, the time tells apart two revisions of the same number. Its type is the driver's.
    """

    dataset: str
    newest: int
    recorded_at: object


_VERSION = PreparedStatement(
    select(RevisionHead.dataset, RevisionHead.newest, Revision.recorded_at).outerjoin(
        Revision, Revision.number == RevisionHead.newest
    )
)


def read_version(connection: Connection) -> Version:
    """Raises NoResultFound if the row that every migrated database has is missing."""
    for version in _VERSION.rows(connection, {}):
        return Version(*version)
    raise NoResultFound("the database lacks the row that names its newest revision")


class CurrentRevision:
    """The current version of one database, for one event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waits = database.waits
        self._version: Version | None = None
        self._count_commits: Callable[[], int] | None = None
        self._commits: int | None = None
        self._looked = False
        self._valid_until = 0.0
        self._reading: asyncio.Task[Version | None] | None = None
        self._waiting: dict[asyncio.Future[int], int] = {}
        self._watcher: asyncio.Task[None] | None = None
        self.ended = False

    def known(self) -> Version | None:
        """The version, if it is known without waiting. None if it must be read again or is not available."""
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
        # Every request that is handled before the loop runs this callback had arrived before the look.
        self._looked = True
        asyncio.get_running_loop().call_soon(self._look_again)
        return self._version

    def _look_again(self) -> None:
        self._looked = False

    def _look(self) -> None:
        try:
            connection = self._database.loop_connection()
            self._count_commits = self._count_commits or commit_counter(connection)
            commits = self._count_commits()
            if commits != self._commits:
                self._learn(read_version(connection))
                self._commits = commits
        except DATABASE_ERRORS:
            self._version = self._commits = None

    async def read(self) -> Version | None:
        """The version, read once for all who ask in the meantime. None if the database doesn't answer.

        A reading that took so long that it began too early for this caller is repeated.
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
            self._learn(await self._database.read(read_version))
            self._valid_until = started + BOUND_SECONDS
        except DATABASE_ERRORS:
            self._version, self._valid_until = None, 0.0
        finally:
            self._reading = None
        return self._version

    def _learn(self, version: Version) -> None:
        self._version = version
        for future, number in self._waiting.items():
            if version.newest != number and not future.done():
                future.set_result(version.newest)

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    async def after(self, number: int, seconds: float) -> int:
        """The newest revision as soon as it differs from ``number``; after so many seconds without a change, ``number``.

        It is smaller if a backup was restored. Raises the database's error if the database fails while this waits.
        When the server ends, all waits end at once.
        """
        if self.ended:
            return number
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting[future] = number
        if self._watcher is None or self._watcher.done():
            self._watcher = asyncio.create_task(self._watch())
            self._watcher.add_done_callback(self._pass_on_failure)
        try:
            async with asyncio.timeout(seconds):
                return await future
        except TimeoutError:
            return number
        finally:
            self._waiting.pop(future, None)

    async def _watch(self) -> None:
        pause = 0.2 if self._waits else 0.05
        while self._waiting:
            version = self.known() or await self.read()
            # If neither has a version, this read raises the reason.
            self._learn(version if version is not None else await self._database.read(read_version))
            await asyncio.sleep(pause)

    def _pass_on_failure(self, watcher: asyncio.Task[None]) -> None:
        """Give the error to all who wait. The next caller starts a new watcher."""
        error = None if watcher.cancelled() else watcher.exception()
        for future in self._waiting if error else ():
            if error and not future.done():
                future.set_exception(error)

    def end(self) -> None:
        """End all waits, now and from now on."""
        self.ended = True
        for future, number in self._waiting.items():
            if not future.done():
                future.set_result(number)

    async def close(self) -> None:
        """End all waits, and let a reading finish, so that the database can be closed. A reading that takes long is cancelled."""
        self.end()
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.wait((self._watcher,))
        if self._reading is not None:
            reading = self._reading
            await asyncio.wait((reading,), timeout=_END_SECONDS)
            reading.cancel()
            await asyncio.wait((reading,), timeout=_END_SECONDS)


@asynccontextmanager
async def current_revision(database: Database) -> AsyncIterator[CurrentRevision]:
    """The current revision while an application serves. Waits already end on SIGINT and SIGTERM.

    A server finishes its requests before it ends the application, so that long polls would delay it.
    """
    current = CurrentRevision(database)
    try:
        with _ended_by_signals(current, asyncio.get_running_loop()):
            yield current
    finally:
        await current.close()


@contextmanager
def _ended_by_signals(current: CurrentRevision, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Handle the signals before the server does, then pass them to its handlers."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread receives signals
        return
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    previous = {
        number: handler for number, handler in handlers.items() if handler is not None
    }  # None: not installed from Python, which could not restore it

    def handle(number: int, frame: FrameType | None) -> None:
        HOSTS.end_soon()
        loop.call_soon_threadsafe(current.end)
        handler = previous[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number in previous:
        signal.signal(number, handle)
    try:
        yield
    finally:
        HOSTS.go_on()
        for number, handler in previous.items():
            signal.signal(number, handler)
