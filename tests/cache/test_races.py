"""An answer that was read before a write and is whole only after it is not kept."""

import asyncio
import datetime
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text
from starlette.types import Message, Receive, Scope, Send

from app.database.database import Database
from app.middleware.cache import ResponseCache
from app.revisions.current import BOUND_SECONDS, CurrentRevision, Version, read_version
from tests.changes.asgi import Call, application
from tests.changes.writing import write

COMPANY = "/v1/companies/alpha"
FILLS = [(COMPANY, ""), ("/v1/companies", "format=csv"), ("/v1/stats", ""), (f"{COMPANY}/profile", "")]
"""Read on the loop, in a stream, in a thread, and in one statement of many parts."""


class Held(Call):
    """An answer that was read, but waits on its way out."""

    def __init__(self, app: ResponseCache, path: str, query: str = "") -> None:
        self.was_read = asyncio.Event()
        self.release = asyncio.Event()
        super().__init__(app, path, query)

    async def _send(self, message: Message) -> None:
        self.was_read.set()
        await self.release.wait()
        await super()._send(message)


@asynccontextmanager
async def cached(url: str) -> AsyncIterator[ResponseCache]:
    async with application(url) as (app, _):
        assert isinstance(app, ResponseCache)
        yield app


async def body_of(app: ResponseCache, path: str, query: str = "") -> bytes:
    call = Call(app, path, query)
    await asyncio.wait_for(call.task, 30)
    return call.body


@pytest.mark.parametrize("known", [True, False], ids=["known by then", "not known yet"])
@pytest.mark.parametrize(("path", "query"), FILLS)
def test_a_slow_response_is_not_kept_over_a_write(url: str, database: Database, path: str, query: str, *, known: bool) -> None:
    write(database, "alpha", name="Before")

    async def scenario() -> None:
        async with cached(url) as app:
            slow = Held(app, path, query)
            await asyncio.wait_for(slow.was_read.wait(), 30)
            await asyncio.to_thread(write, database, "alpha", "beta", name="After")
            await asyncio.sleep(BOUND_SECONDS)
            if known:
                await body_of(app, "/v1/sources")
            slow.release.set()
            await slow.task
            fresh = await body_of(app, path, query)

            assert slow.body != fresh
            assert app.hits == 0
            assert fresh == await body_of(app, path, query)
            assert app.hits == 1

    asyncio.run(scenario())


def test_a_slow_response_is_not_kept_over_another_revision_of_the_same_number(url: str, database: Database) -> None:
    write(database, "alpha", name="Before")

    async def scenario() -> None:
        async with cached(url) as app:
            slow = Held(app, COMPANY)
            await asyncio.wait_for(slow.was_read.wait(), 30)
            await asyncio.to_thread(forge, database)
            await asyncio.sleep(BOUND_SECONDS)
            await body_of(app, "/v1/sources")
            slow.release.set()
            await slow.task

            assert b"Before" in slow.body
            assert b"Forged" in await body_of(app, COMPANY)
            assert app.hits == 0

    asyncio.run(scenario())


def forge(database: Database) -> None:
    """What a lossy failover leaves: revision 1 of the same dataset, but recorded later and of something else."""
    with database.writing() as connection:
        later = datetime.datetime.now(datetime.UTC).replace(microsecond=0) + datetime.timedelta(minutes=1)
        connection.execute(text("UPDATE revisions SET recorded_at = :later"), {"later": f"{later:%Y-%m-%d %H:%M:%S.%f}"})
        connection.execute(text("UPDATE companies SET document = replace(document, 'Before', 'Forged')"))


class Answering:
    """An application that answers everything with one status and the given headers."""

    def __init__(self, status: int, **headers: str) -> None:
        self._start = {"type": "http.response.start", "status": status}
        self._headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        await send({**self._start, "headers": self._headers})
        await send({"type": "http.response.body", "body": b"whole"})


@pytest.mark.parametrize(
    ("status", "dataset", "revision", "kept"),
    [
        (200, "{dataset}", 1, True),
        (304, "{dataset}", 1, False),
        (206, "{dataset}", 1, False),
        (404, "{dataset}", 1, False),
        (500, "{dataset}", 1, False),
        (200, "another", 1, False),
        (200, "{dataset}", 0, False),
        (200, "{dataset}", 2, False),
    ],
)
def test_only_a_whole_response_of_the_newest_revision_is_kept(
    url: str, database: Database, status: int, dataset: str, revision: int, *, kept: bool
) -> None:
    write(database, "alpha")

    async def scenario() -> None:
        async with cached(url) as app:
            name = dataset.format(dataset=(await app._state.database.read(read_version)).dataset)
            app.app = Answering(status, etag=f'"{name}-1-json"', profiles_revision=str(revision))
            await body_of(app, COMPANY)
            await body_of(app, COMPANY)
            assert app.hits == int(kept)

    asyncio.run(scenario())


Reading = Callable[..., Awaitable[Version]]


@pytest.fixture
def read_by(database: Database, monkeypatch: pytest.MonkeyPatch) -> Callable[[Reading], None]:
    """Lets the version be read by a function of the test's own, and be waited for, on either engine."""

    def put_in_place(read: Reading) -> None:
        monkeypatch.setattr(type(database), "waits", True)
        monkeypatch.setattr(database, "read", read)

    return put_in_place


def test_a_client_that_asks_while_a_long_reading_is_under_way_is_not_given_what_it_began_too_long_ago(
    database: Database, read_by: Callable[[Reading], None]
) -> None:
    readings = [Version("d", 1, None), Version("d", 2, None)]
    begun: list[int] = []

    async def read(*_: object) -> Version:
        begun.append(len(begun))
        version = readings[len(begun) - 1]
        await asyncio.sleep(BOUND_SECONDS * 2 if len(begun) == 1 else 0)
        return version

    async def scenario() -> None:
        current = CurrentRevision(database)
        first = asyncio.ensure_future(current.read())
        await asyncio.sleep(BOUND_SECONDS * 1.5)
        assert await current.read() == readings[1]
        assert await first == readings[0]
        await database.close()

    read_by(read)
    asyncio.run(scenario())


def test_a_reading_that_does_not_end_is_given_up_when_the_application_ends(
    database: Database, read_by: Callable[[Reading], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read(*_: object) -> Version:
        await asyncio.Event().wait()
        raise AssertionError

    async def scenario() -> None:
        current = CurrentRevision(database)
        asked = asyncio.ensure_future(current.read())
        await asyncio.sleep(0)
        async with asyncio.timeout(30):
            await current.close()
            with pytest.raises(asyncio.CancelledError):
                await asked
        await database.close()

    monkeypatch.setattr("app.revisions.current._END_SECONDS", 0.01)
    read_by(read)
    asyncio.run(scenario())


def test_the_version_is_read_again_before_it_is_too_old_and_nobody_waits_for_it(
    database: Database, read_by: Callable[[Reading], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []

    async def read(*_: object) -> Version:
        begun.append(len(begun) + 1)
        return Version("d", begun[-1], None)

    async def scenario() -> None:
        current = CurrentRevision(database)
        await current.read()
        assert current.known() == Version("d", 1, None)
        await asyncio.sleep(0.01)
        assert begun == [1]

        monkeypatch.setattr("app.revisions.current.AHEAD_SECONDS", 3600)
        assert [current.known() for _ in range(3)] == [Version("d", 1, None)] * 3
        await current.close()
        assert begun == [1, 2]
        assert current.known() == Version("d", 2, None)
        await current.close()
        await database.close()

    monkeypatch.setattr("app.revisions.current.BOUND_SECONDS", 3600)
    read_by(read)
    asyncio.run(scenario())
