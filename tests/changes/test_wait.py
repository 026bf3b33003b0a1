"""Long-poll: an answer comes with the first change, or at the end of the wait, and nobody who left is waited for."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import httpx
import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from app.api.changes import events
from app.database.database import Database
from app.revisions.current import CurrentRevision
from tests.changes.asgi import Call, application, until
from tests.changes.writing import load_companies, write
from tests.cli.processes import run

DATASET = "companies:\n  - {slug: fern, name: Fern}\n"


def test_a_wait_ends_empty_where_nothing_changes(client: httpx.Client) -> None:
    page = client.get("/v1/changes?since=64&wait=1").json()

    assert (page["items"], page["next"], page["newest"]) == ([], None, 64)


def test_a_client_that_asks_again_waits_again(url: str) -> None:
    async def scenario() -> None:
        async with application(url) as (app, newest):
            page = await Call(app, "/v1/changes", "wait=1").finished()
            assert page["items"] == []
            again = Call(app, "/v1/changes", "wait=1")
            await until(lambda: newest.waiting == 1 or again.task.done())
            assert not again.task.done()
            again.hang_up()
            await asyncio.wait_for(again.task, 30)

    asyncio.run(scenario())


def test_a_wait_is_over_at_once_where_there_are_changes_already(client: httpx.Client) -> None:
    # The client gives up long before the wait would end.
    page = client.get("/v1/changes?since=63&wait=60", timeout=20).json()

    assert [item["revision"] for item in page["items"]] == [64]


def test_head_does_not_wait(client: httpx.Client) -> None:
    assert client.head("/v1/changes?since=64&wait=60", timeout=20).status_code == 200


@pytest.mark.slow
def test_a_wait_ends_when_another_process_writes(reader: httpx.Client, url: str, tmp_path: Path) -> None:
    (tmp_path / "dataset.yaml").write_text(DATASET, encoding="utf-8")
    answers: list[httpx.Response] = []
    waiting = threading.Thread(target=lambda: answers.append(reader.get("/v1/changes?wait=60", timeout=90)))
    waiting.start()
    loaded = run(tmp_path, "load", "dataset.yaml", database_url=url)
    waiting.join(50)

    assert loaded.returncode == 0, loaded.stderr
    assert [answer.json()["items"][0]["url"] for answer in answers] == ["/v1/companies/fern"]


def test_a_change_that_the_filters_leave_out_does_not_end_a_wait(url: str, database: Database) -> None:
    async def scenario() -> None:
        async with application(url) as (app, newest):
            call = Call(app, "/v1/changes", "company=moss&wait=60")
            for slug in ("fern", "reed"):
                await until(lambda: newest.waiting == 1)
                await asyncio.to_thread(write, database, slug)
            await asyncio.to_thread(write, database, "moss")
            page = await call.finished()
            assert [item["revision"] for item in page["items"]] == [3]

    asyncio.run(scenario())


@pytest.mark.parametrize(("path", "query"), [("/v1/changes", "wait=60"), ("/v1/changes/stream", "")])
def test_a_client_that_hangs_up_is_not_waited_for(url: str, path: str, query: str) -> None:
    async def scenario() -> None:
        async with application(url) as (app, newest):
            calls = [Call(app, path, query) for _ in range(5)]
            await until(lambda: newest.waiting == 5)
            for call in calls[:4]:
                call.hang_up()
            await until(lambda: newest.waiting == 1)
            await asyncio.wait_for(asyncio.gather(*(call.task for call in calls[:4])), 30)
            assert not calls[4].task.done()
            calls[4].hang_up()
            await asyncio.wait_for(calls[4].task, 30)

    asyncio.run(scenario())


def test_many_who_wait_cost_one_reader_of_the_database(database: Database) -> None:
    async def scenario() -> None:
        newest = CurrentRevision(database)
        waits = [asyncio.ensure_future(newest.after(0, 30)) for _ in range(200)]
        await until(lambda: newest.waiting == 200)
        tasks = asyncio.all_tasks() - {*waits}
        await asyncio.to_thread(write, database, "fern")
        assert await asyncio.gather(*waits) == [1] * 200
        assert len(tasks) <= 3, "this test, the watcher and its reading"
        await newest.close()
        await database.close()

    asyncio.run(scenario())


def test_who_waits_while_the_database_fails_gets_the_error_and_the_next_one_a_response(
    url: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with application(url) as (app, newest):
            first, second = Call(app, "/v1/changes", "wait=60"), Call(app, "/v1/changes", "wait=60")
            await until(lambda: newest.waiting == 2)
            with monkeypatch.context() as patched:
                patched.setattr(Database, "read", _away)
                patched.setattr(Database, "loop_connection", _away_at_once)
                await first.finished()
                await second.finished()
            assert (first.status, second.status) == (503, 503)
            third = Call(app, "/v1/changes", "wait=60")
            await until(lambda: newest.waiting == 1)
            await asyncio.to_thread(write, database, "fern")
            assert (await third.finished())["newest"] == 1

    asyncio.run(scenario())


def test_a_stream_outlasts_a_database_that_is_away(url: str, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "RETRY_SECONDS", 0.01)

    async def scenario() -> None:
        async with application(url) as (app, newest):
            call = Call(app, "/v1/changes/stream")
            await until(lambda: newest.waiting == 1)
            with monkeypatch.context() as patched:
                patched.setattr(Database, "read", _away)
                patched.setattr(Database, "loop_connection", _away_at_once)
                await until(lambda: call.body.count(b": ping") >= 2)
            await asyncio.to_thread(write, database, "fern")
            await until(lambda: b"id: 1\n" in call.body)
            call.hang_up()
            await asyncio.wait_for(call.task, 30)

    asyncio.run(scenario())


async def _away(_database: Database, _query: Callable[[Connection], int], *_arguments: object) -> NoReturn:
    _away_at_once(_database)


def _away_at_once(_database: Database) -> NoReturn:
    raise OperationalError("", {}, Exception("away"), connection_invalidated=True)


def test_a_stream_ends_when_another_dataset_takes_the_place(url: str, database: Database) -> None:
    async def scenario() -> None:
        async with application(url) as (app, newest):
            call = Call(app, "/v1/changes/stream")
            await until(lambda: newest.waiting == 1)
            with database.writing() as connection:
                load_companies(connection, ["fern"])
                connection.exec_driver_sql("UPDATE revision_head SET dataset = 'another'")
            await asyncio.wait_for(call.task, 30)
            assert call.body.count(b"event: ") == 1

    asyncio.run(scenario())
