"""Places for expensive reads: a few run at once, the others queue, and none works for a client that has left.

No client and no kind of query may take all places, so that others get one soon (docs/operate/limits.md).
"""

import asyncio
import math
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar, cast

from anyio import CancelScope, CapacityLimiter, to_thread
from sqlalchemy import Connection

from app.database.sqlite import restart_time, stop_statement
from app.errors.limits import Overloaded, QueryTimeout

T = TypeVar("T")

_JOB = "profiles_job"
_TIMES = 3
"""How many times as long as one statement all steps of a query may take."""
_CANCEL_SECONDS = 2.0
"""How long PostgreSQL may take to accept that a query is cancelled."""


class CallerLeft(Exception):
    """The client closed its connection before its query was done."""


class Caller(Protocol):
    """The request that a scan is for."""

    client: str

    async def hung_up(self) -> None:
        """Return when the client closes its connection."""

    def step_aside(self, kind: str) -> None:
        """Count the request as queued, no longer as being processed. Raises Overloaded if too many are."""

    def step_back(self) -> None:
        """Count the request as being processed again."""


CALLER: ContextVar[Caller | None] = ContextVar("CALLER", default=None)
"""Set by app/middleware/load_shedding.py. None outside of requests."""


class Job:
    """A query in a thread, which the event loop can stop. A statement may take some seconds; 0 means no limit."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._seconds = _TIMES * seconds or math.inf
        self._ends = math.inf
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._is_stopped = False

    @contextmanager
    def on(self, connection: Connection) -> Iterator[None]:
        """A block in which the job uses a connection. It ends before the connection serves another query."""
        with self._lock:
            self._ends = time.monotonic() + self._seconds
            self.go_on()
            self._connection = connection
        info = connection.info  # a connection that was lost has none
        info[_JOB] = self
        try:
            yield
        finally:
            with self._lock:
                self._connection = None
            info.pop(_JOB, None)

    def go_on(self) -> None:
        """Raises QueryTimeout if the job was stopped or its time is over."""
        if self._is_stopped or time.monotonic() > self._ends:
            raise QueryTimeout

    def stop(self) -> None:
        """End the statement in progress, and refuse the next one. May wait for PostgreSQL."""
        with self._lock:
            self._is_stopped = True
            if self._connection is not None:
                _cancel_statement(self._connection)


def _cancel_statement(connection: Connection) -> None:
    if stop_statement(connection):
        return
    with suppress(Exception):  # a server that takes no cancellation ends the statement at its own time limit
        cast(Any, connection.connection.driver_connection).cancel_safe(timeout=_CANCEL_SECONDS)


def go_on(connection: Connection) -> None:
    """Before each step of a long query, which has the time of a statement. Raises QueryTimeout if the client has left, or if
    the time of all steps is over.
    """
    job: Job | None = connection.info.get(_JOB)
    if job is not None:
        restart_time(connection)
        job.go_on()


class Turn:
    """One query that has a place or waits for one."""

    def __init__(self, client: str, kind: str) -> None:
        self.client = client
        self.kind = kind
        self.has_place = asyncio.Event()


def share_of_client(places: int) -> int:
    """The most places that one client may take: three quarters, but at least one."""
    return max(1, places - max(1, places // 4))


class Places:
    """A number of places. Who waits too long gets Overloaded; of those that wait, the one with the fewest places is next."""

    def __init__(self, number: int, wait_seconds: float, most_of_kind: int | None = None) -> None:
        """A kind may take half of the places, unless its number is given."""
        self._number = number
        self._most_of_client = share_of_client(number)
        self._most_of_kind = most_of_kind or max(1, number // 2)
        self._wait_seconds = wait_seconds
        self._threads = CapacityLimiter(number)
        self._taken: list[Turn] = []
        self._waiting: list[Turn] = []

    async def run(self, kind: str, job: Job, query: Callable[[], T]) -> T:
        """Run a query in a thread when it has a place. It is stopped when its client has left."""
        caller = CALLER.get()
        async with _watched(caller, job), self._place(caller, kind):
            try:
                return await to_thread.run_sync(query, limiter=self._threads)
            except asyncio.CancelledError:
                _stop(job)
                raise

    async def take(self, kind: str) -> Callable[[], None]:
        """Take a place for as long as a response is sent. Any thread may call the function that gives it up."""
        caller, loop = CALLER.get(), asyncio.get_running_loop()
        turn = _turn_of(caller, kind)
        try:
            async with _watched(caller, Job()):
                await self._enter(caller, turn)
        except BaseException:
            self._leave(turn)
            raise
        return lambda: cast(None, loop.call_soon_threadsafe(self._leave, turn))

    @asynccontextmanager
    async def _place(self, caller: Caller | None, kind: str) -> AsyncIterator[None]:
        turn = _turn_of(caller, kind)
        try:
            await self._enter(caller, turn)
            yield
        finally:
            self._leave(turn)

    def _has_room_for(self, turn: Turn) -> bool:
        return (
            len(self._taken) < self._number
            and sum(other.client == turn.client for other in self._taken) < self._most_of_client
            and sum(other.kind == turn.kind for other in self._taken) < self._most_of_kind
        )

    async def _enter(self, caller: Caller | None, turn: Turn) -> None:
        """Return when the turn has a place. The caller must ``_leave`` it, even after an error."""
        if self._has_room_for(turn):
            self._taken.append(turn)
            return
        if caller is not None:
            caller.step_aside(turn.kind)
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(self._wait_seconds):
                await turn.has_place.wait()
        except TimeoutError:
            raise _no_place(self._wait_seconds) from None
        finally:
            if caller is not None:
                caller.step_back()

    def _leave(self, turn: Turn) -> None:
        """Give up the place, or the position in the queue, and let others have it. Does nothing the second time."""
        for turns in (self._taken, self._waiting):
            if turn in turns:
                turns.remove(turn)
        while ready := [other for other in self._waiting if self._has_room_for(other)]:
            following = min(ready, key=lambda other: sum(other.client == one.client for one in self._taken))
            self._waiting.remove(following)
            self._taken.append(following)
            following.has_place.set()


def _turn_of(caller: Caller | None, kind: str) -> Turn:
    return Turn("" if caller is None else caller.client, kind)


def _no_place(seconds: float) -> Overloaded:
    detail = f"The server is busy with other expensive requests, and none ended within {seconds:g} seconds. Try again later."
    return Overloaded(detail, headers={"Retry-After": f"{max(1, round(seconds))}"})


@asynccontextmanager
async def _watched(caller: Caller | None, job: Job) -> AsyncIterator[None]:
    """A block that ends with CallerLeft when the client closes its connection, as soon as the job is stopped."""
    if caller is None:
        yield
        return
    has_left = False

    async def watch() -> None:
        nonlocal has_left
        await caller.hung_up()
        has_left = True
        scope.cancel()
        _stop(job)

    with CancelScope() as scope:
        watching = asyncio.create_task(watch())
        try:
            yield
        except Exception:
            if not has_left:
                raise
        finally:
            watching.cancel()
    if has_left:
        raise CallerLeft


def _stop(job: Job) -> None:
    """From the event loop, which must not wait for PostgreSQL."""
    asyncio.get_running_loop().run_in_executor(None, job.stop)
