"""Each migration, on a database with data in it: no row is lost, and the version that runs meanwhile goes on."""

import ast
import re
import threading
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import event, inspect, text
from sqlalchemy.engine.interfaces import ReflectedColumn

import migrations
from app.database.database import Database
from app.database.schema_version import NEWEST_VERSION, VERSIONS
from app.operations.migrate import migrate
from tests.cli.conftest import CommandLine, message
from tests.databases import Databases, settings_for
from tests.history.conftest import key_of
from tests.history.newsroom import Chance, Newsroom
from tests.server import running_server

SECONDS, MOST_CHANGES = 60, 200
MIGRATIONS = list(pairwise(["base", *VERSIONS]))
"""The version before each migration, and the one that it leads to."""
CONTRACTED: dict[str, frozenset[str]] = {}
"""What a migration may take away (``table`` or ``table.column``), since no released version uses it any more."""

ADDED_TO_DOCUMENTS = {
    "0007": re.compile(r',"edition":[^,]*,"checked":"[a-z]*","checked_at":(?:null|"[^"]*")(?=})'),
    "0008": re.compile(r',"withdrawn":false,"retrieved":null,"licence":null(?=,"facts_url")'),
}
"""The members that a migration adds to stored documents."""

every_migration = pytest.mark.parametrize(("before", "after"), MIGRATIONS, ids=[after for _, after in MIGRATIONS])


def to(url: str, version: str) -> None:
    with opened(url) as database:
        migrate(database, version, may_drop=True)


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = Database(settings_for(url))
    yield database
    database.engine.dispose()


@pytest.fixture(scope="session")
def written(databases: Databases) -> str:
    """A database of the newest schema that people have written to, until there is something in each table."""
    url = databases.copy(databases.migrated)
    with opened(url) as database:
        headers = {"Authorization": f"Bearer {key_of(database)}"}
    with running_server(settings_for(url)) as running, httpx.Client(base_url=running.url, headers=headers, timeout=30) as client:
        client.post("/v1/companies", json={"slug": "sent-once", "name": "Sent once"}, headers={"Idempotency-Key": "once"})
        chance = Chance(Newsroom(client), seed=1)
        chance.start()
        while empty := [table for table, values in rows(url).items() if not values]:
            assert chance.made.total() < MOST_CHANGES, empty
            chance.change()
    return url


@pytest.fixture
def url(databases: Databases, written: str) -> str:
    """A copy of it, of the test's own."""
    return databases.copy(written)


def rows(url: str, known: Mapping[str, Collection[str]] | None = None) -> dict[str, list[str]]:
    """Every row of every table but Alembic's and those of SQLite's text index, with all columns or those that are known."""
    names = columns(url) if known is None else known
    tables = [table for table in names if table != "alembic_version" and not table.startswith("search_text_")]
    with opened(url) as database, database.reading() as connection:
        found = {
            table: connection.execute(text(f'SELECT {", ".join(names[table])} FROM "{table}"')).all()  # noqa: S608
            for table in tables
        }
    return {table: sorted(repr(tuple(row)) for row in values) for table, values in found.items()}  # a row shortens its values


def without(added: re.Pattern[str] | None, tables: dict[str, list[str]]) -> dict[str, list[str]]:
    if added is None:
        return tables
    return {table: sorted(added.sub("", row) for row in values) for table, values in tables.items()}


def columns(url: str) -> dict[str, dict[str, ReflectedColumn]]:
    with opened(url) as database, database.reading() as connection:
        inspector = inspect(connection)
        return {
            table: {column["name"]: column for column in inspector.get_columns(table)} for table in inspector.get_table_names()
        }


@every_migration
def test_a_migration_keeps_every_row_up_and_down(url: str, before: str, after: str) -> None:
    to(url, before)
    old, known = rows(url), columns(url)

    to(url, after)
    new = without(ADDED_TO_DOCUMENTS.get(after), rows(url, known))
    to(url, before)

    assert new == old
    assert rows(url) == old


def test_the_program_names_the_versions_that_its_migrations_make() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent)).walk_revisions()

    assert [script.revision for script in scripts][::-1] == list(VERSIONS)


def test_migrations_import_nothing_of_the_application_which_changes_after_them() -> None:
    folder = Path(migrations.__file__).parent
    imported = {
        name
        for path in folder.rglob("*.py")
        if path.name != "env.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }

    assert "sqlalchemy" in imported
    assert {name for name in imported if name.partition(".")[0] == "app"} == set()


@pytest.mark.slow
@pytest.mark.parametrize("before", VERSIONS)
def test_what_migrations_fill_is_filled_from_what_is_there(url: str, before: str) -> None:
    """Search finds what it found. What was written over before the past was kept has none."""
    filled = ("search_entries", "search_text")
    old = rows(url)
    to(url, before)
    to(url, NEWEST_VERSION)
    new = rows(url)

    assert [new[table] for table in filled] == [old[table] for table in filled]


@pytest.mark.slow
@every_migration
def test_a_migration_takes_nothing_away_that_the_version_before_it_reads_or_writes(
    databases: Databases, before: str, after: str
) -> None:
    url = databases.blank("upgraded")
    to(url, before)
    old = columns(url)
    to(url, after)
    new = columns(url)

    gone = {table for table in old if table not in new} | {
        f"{table}.{name}" for table in old.keys() & new.keys() for name in old[table] if name not in new[table]
    }
    changed, in_the_way = [], []
    for table in old.keys() & new.keys():
        for name, column in new[table].items():
            if name not in old[table]:
                in_the_way += [] if column["nullable"] or column["default"] is not None else [f"{table}.{name}"]
            elif (str(column["type"]), column["nullable"]) != (str(old[table][name]["type"]), old[table][name]["nullable"]):
                changed.append(f"{table}.{name}")
    assert (gone - CONTRACTED.get(after, frozenset()), changed, in_the_way) == (set(), [], [])


class Readers:
    """Threads that read every table again and again, as the version that runs does, until the end of the block."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._tables = [table for table in columns(url) if table != "alembic_version"]
        self._over = threading.Event()
        self._has_read = threading.Event()
        self.reads = 0

    def run(self) -> None:
        with opened(self._url) as database:
            while not self._over.is_set():
                for table in self._tables:
                    with database.reading() as connection:
                        connection.execute(text(f'SELECT count(*) FROM "{table}"')).one()  # noqa: S608
                self.reads += 1
                self._has_read.set()

    def wait(self, *_: object) -> None:
        """Called after each statement of a migration: lets a reader go through all tables, if nothing is in its way."""
        self._has_read.clear()
        self._has_read.wait(0.5)

    def stop(self) -> None:
        self._over.set()


@pytest.mark.slow
@every_migration
def test_readers_go_on_while_a_migration_runs(url: str, before: str, after: str) -> None:
    to(url, before)
    readers = Readers(url)
    with opened(url) as database, ThreadPoolExecutor() as threads:
        event.listen(database.engine, "after_cursor_execute", readers.wait)
        reading = threads.submit(readers.run)
        migrated = migrate(database, after)
        readers.stop()
        reading.result(SECONDS)

    assert migrated[1] == after
    assert readers.reads > 1


@pytest.mark.slow
@every_migration
def test_of_two_that_migrate_at_once_one_does_and_the_other_finds_it_done(url: str, before: str, after: str) -> None:
    to(url, before)
    together = threading.Barrier(2)

    def migrate_together() -> tuple[str | None, str | None]:
        with opened(url) as database:
            together.wait(SECONDS)
            return migrate(database, after)

    with ThreadPoolExecutor() as threads:
        done = [threads.submit(migrate_together) for _ in range(2)]
        assert {future.result(SECONDS) for future in done} == {(None if before == "base" else before, after), (after, after)}


@pytest.mark.slow
def test_a_migration_that_would_have_to_wait_for_long_is_given_up_whole(url: str, databases: Databases) -> None:
    """On PostgreSQL it is given up soon however long a request may wait, since readers wait behind it."""
    to(url, "0001")
    wait_seconds = "600" if databases.engine == "postgresql" else "0.5"
    with ThreadPoolExecutor() as threads, opened(url) as database, database.writing() as connection:
        connection.execute(text("UPDATE companies SET note = 'Not committed yet'"))
        migrating = threads.submit(CommandLine(url), "migrate", database_wait_seconds=wait_seconds)
        said = message(migrating.result(SECONDS), 3)

    assert "holds" in said or "locked" in said
    assert said.endswith(("try again later", "try again when that has finished"))
    assert CommandLine(url)("migrate").stderr.partition(": ")[2].startswith("0001 → ")
