"""A backup of a server's database while people write over HTTP holds all that was there at its revision, and nothing else."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event

import httpx
import pytest
from sqlalchemy import ColumnElement, Connection, Table, select, text

from app.database.database import Database
from app.database.history_tables import HISTORY_TABLES, PARTS, RESOURCES
from app.database.models import Base, RevisionHead, SearchEntry, SearchSpelling
from app.operations.backup import copying
from app.operations.backup.backup import take_backup
from tests.backup.conftest import Make
from tests.cli.conftest import CommandLine
from tests.cli.processes import SECONDS, serving
from tests.history.newsroom import Chance, Newsroom
from tests.search.indexing import index_everything

pytestmark = pytest.mark.slow

WRITERS, BACKUPS = 3, 5
TABLES = Base.metadata.tables


def write_by_chance(url: str, key: str, seed: int, stop: Event) -> int:
    """Sends changes of every kind until asked to stop, and creations with an idempotency key. Returns how many."""
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=SECONDS) as client:
        chance = Chance(Newsroom(client), seed)
        chance.start()
        made = 0
        while not stop.is_set():
            chance.change()
            made += 1
            body = {"slug": f"writer-{seed}-{made}", "name": f"Company {made} of writer {seed}"}
            client.post("/v1/companies", json=body, headers={"Idempotency-Key": f"{seed}-{made}"}).raise_for_status()
    return made


@contextmanager
def written_to(live: CommandLine, folder: Path) -> Iterator[Newsroom]:
    """A server on the database in a process of its own, and people who write to it through the block. Yields a reader."""
    key = live.output("keys", "create", "newsroom", "--scope", "write").decode().strip()
    stop = Event()
    with (
        serving(folder, database_url=live.database_url) as server,
        ThreadPoolExecutor(WRITERS) as threads,
        httpx.Client(base_url=server.url, timeout=SECONDS) as client,
    ):
        writers = [threads.submit(write_by_chance, server.url, key, seed, stop) for seed in range(WRITERS)]
        try:
            yield Newsroom(client)
        finally:
            stop.set()
            made = [writer.result(SECONDS) for writer in writers]
        assert sum(made) > 0


def found(connection: Connection, name: str, condition: ColumnElement[bool] | None = None) -> list[str]:
    table = TABLES[name]
    query = select(table) if condition is None else select(table).where(condition)
    return sorted(map(repr, connection.execute(query).all()))


def held(database: Database, revision: int) -> dict[str, list[str]]:
    """What each table held at a revision, as the log and the past that the database keeps tell."""
    until: dict[str, Table] = {table.name: table for table in HISTORY_TABLES.values()}
    with asyncio.run(database.as_of(str(revision))).stream() as past:
        state = {name: found(past, name) for name in (*RESOURCES, *PARTS)}
    with database.reading() as connection:
        state |= {name: found(connection, name, table.c.until <= revision) for name, table in until.items()}
        state["revisions"] = found(connection, "revisions", TABLES["revisions"].c.number <= revision)
        state["former_addresses"] = found(connection, "former_addresses", TABLES["former_addresses"].c.since <= revision)
        state["idempotent_answers"] = answers(connection, revision)
        state["api_keys"] = keys(connection)
    return state


def answers(connection: Connection, revision: int) -> list[str]:
    rows = connection.execute(select(TABLES["idempotent_answers"])).all()
    return sorted(repr(row) for row in rows if json.loads(row.body)["revision"] <= revision)


def keys(connection: Connection) -> list[str]:
    """Without their last use, which is written at times of its own."""
    columns = [column for column in TABLES["api_keys"].columns if column.name != "last_used_at"]
    return sorted(map(repr, connection.execute(select(*columns)).all()))


def indexed(connection: Connection) -> tuple[list[str], list[str], set[str]]:
    texts = connection.execute(text("SELECT rowid, * FROM search_text ORDER BY rowid")).all()
    spellings = found(connection, SearchSpelling.__tablename__)
    return found(connection, SearchEntry.__tablename__), list(map(repr, texts)), set(spellings)


def assert_search_is_that_of_the_rows(database: Database) -> None:
    """The index is what making it anew from the same rows gives; spellings are never taken out of it."""
    with database.trying() as connection:
        entries, texts, spellings = indexed(connection)
        for table in ("search_entries", "search_text", "search_spellings"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
        index_everything(connection)
        made_entries, made_texts, made_spellings = indexed(connection)
    assert (entries, texts) == (made_entries, made_texts)
    assert made_spellings <= spellings


def assert_holds_exactly_its_revision(copy: Database, original: Database) -> int:
    """Compares each row of each table with the original as of that revision. Returns the revision."""
    with copy.reading() as connection:
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        revision: int = connection.execute(select(RevisionHead.newest)).scalar_one()
        every = {name: found(connection, name) for name in TABLES} | {"api_keys": keys(connection)}
    state = held(original, revision)
    assert {name: every[name] for name in state} == state
    assert set(every) - set(state) == {"revision_head", "search_entries", "search_spellings"}
    assert_search_is_that_of_the_rows(copy)
    return revision


def test_a_backup_taken_under_load_is_restored_to_exactly_its_revision(
    live: CommandLine, on: Make, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "STEP", 5)
    with written_to(live, folder) as reader:
        for number in range(BACKUPS):
            newest = reader.newest
            while reader.newest == newest:
                time.sleep(0.01)
            live.output("backup", f"{number}.db")
    revisions = []
    for number in range(BACKUPS):
        restored = on(f"restored-{number}.db")
        restored.output("restore", f"{number}.db")
        with restored.database() as copy, live.database() as original:
            revisions.append(assert_holds_exactly_its_revision(copy, original))
    assert revisions == sorted(set(revisions))


@pytest.mark.usefixtures("live")
def test_commits_while_pages_are_copied_neither_enter_the_copy_nor_start_it_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "STEP", 10)
    steps = 0
    with closing(sqlite3.connect("live.db", isolation_level=None)) as writer:
        pages = writer.execute("PRAGMA page_count").fetchone()[0]

        def commit(_: int) -> None:
            nonlocal steps
            steps += 1
            assert steps <= pages, "the copying starts again and again"
            writer.execute("UPDATE companies SET note = ?", [f"Commit {steps}"])

        take_backup(folder / "live.db", folder / "copy.db", replace=False, wait_seconds=1, advance=commit)
    assert steps == -(-pages // 10)
    with closing(sqlite3.connect("copy.db")) as copy:
        assert copy.execute("SELECT count(*) FROM companies WHERE note LIKE 'Commit %'").fetchone() == (0,)
