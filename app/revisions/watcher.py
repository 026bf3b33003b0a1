"""Waiting for the next revision: one watcher per process, however many clients wait.

No engine has to send a signal: the watcher reads one number, a few times a second, and only while somebody waits. So
revisions that other processes commit are noticed too, on SQLite, on PostgreSQL and on what speaks its protocol.
"""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType

from sqlalchemy import Connection, select

from app.database.database import Database
from app.database.dialects import SQLITE
from app.database.models import RevisionHead


def _read_newest(connection: Connection) -> int:
    return connection.execute(select(RevisionHead.newest)).scalar_one()


class NewestRevision:
    """The number of the newest revision, to be waited for. It belongs to one event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seconds = 0.05 if database.url.get_backend_name() == SQLITE else 0.2
        self._waiting: dict[asyncio.Future[int], int] = {}
        self._watcher: asyncio.Task[None] | None = None
        self.ended = False

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    async def after(self, number: int, seconds: float) -> int:
        """The newest revision as soon as it is another than ``number``; ``number`` itself after so many seconds without one.

        It is smaller where a backup was restored. Raises the database's error if that fails meanwhile.
        Once the server ends, everyone who waits or would wait is answered at once.
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
        while self._waiting:
            newest = await self._database.read(_read_newest)
            for future, number in self._waiting.items():
                if newest != number and not future.done():
                    future.set_result(newest)
            await asyncio.sleep(self._seconds)

    def _pass_on_failure(self, watcher: asyncio.Task[None]) -> None:
        """Whoever waits gets the error; the next one who comes starts a watcher anew."""
        error = None if watcher.cancelled() else watcher.exception()
        for future in self._waiting if error else ():
            if error and not future.done():
                future.set_exception(error)

    def end(self) -> None:
        """Let go of everyone who waits, for good."""
        self.ended = True
        for future, number in self._waiting.items():
            if not future.done():
                future.set_result(number)

    async def close(self) -> None:
        """Ends the watcher too, so that the database can be closed."""
        self.end()
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.wait((self._watcher,))


@asynccontextmanager
async def newest_revision(database: Database) -> AsyncIterator[NewestRevision]:
    """The newest revision while an application serves; it ends with that, and on SIGINT and SIGTERM already.

    A server first finishes its requests and only then ends the application, so that long waits would hold it up.
    """
    newest = NewestRevision(database)
    try:
        with _ended_by_signals(newest, asyncio.get_running_loop()):
            yield newest
    finally:
        await newest.close()


@contextmanager
def _ended_by_signals(newest: NewestRevision, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Hears the signals before the server, which then does with them what it always does."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears signals
        return
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    previous = {
        number: handler for number, handler in handlers.items() if handler is not None
    }  # None is not Python's to put back

    def hear(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(newest.end)
        handler = previous[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number in previous:
        signal.signal(number, hear)
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
