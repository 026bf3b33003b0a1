"""An older state that is restored under a running server empties the cache, whatever it has in common with the newer one."""

import datetime
import sqlite3
import time
from contextlib import closing

import psycopg
import pytest
from sqlalchemy import text

from app.database.database import Database
from app.datasets.loader import load
from app.revisions.current import BOUND_SECONDS
from tests.cache.asking import Served, ask, connected
from tests.changes.writing import company, write
from tests.databases import Databases

ADDRESS = "/v1/companies/alpha"


@pytest.fixture
def backup(databases: Databases, database: Database, url: str) -> str:
    """A copy of ``database`` at its first revision."""
    write(database, "alpha", name="Before")
    database.engine.dispose()
    return databases.copy(url.replace("+psycopg", ""), "backup")


def restore(database: Database, backup: str) -> None:
    """The backup's state in the place of what is there, by the means of the engine."""
    if backup.startswith("sqlite"):
        paths = (url.removeprefix("sqlite:///") for url in (backup, database.url.render_as_string()))
        source, target = (sqlite3.connect(path) for path in paths)
        with closing(source), closing(target):
            source.backup(target)
        return
    database.engine.dispose()
    with psycopg.connect(backup.rpartition("/")[0] + "/postgres", autocommit=True) as administrator:
        name, template = database.url.database, backup.rpartition("/")[2]
        administrator.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
        administrator.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())


def body_when_back(served: Served) -> bytes:
    """Past the bound, and past the errors of connections that the restoring has ended."""
    deadline = time.monotonic() + 60
    time.sleep(BOUND_SECONDS)
    while (answer := ask(served.client, ADDRESS)).status == 503:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return answer.body


def test_a_backup_with_fewer_revisions_is_read_at_once(own: Served, database: Database, backup: str) -> None:
    write(database, "alpha", name="After")
    time.sleep(BOUND_SECONDS)
    assert b"After" in ask(own.client, ADDRESS).body

    restore(database, backup)

    assert b"Before" in body_when_back(own)


def test_another_dataset_with_as_many_revisions_is_read_at_once(own: Served, database: Database, backup: str) -> None:
    with connected(backup) as other, other.writing() as connection:
        connection.execute(text("UPDATE revision_head SET dataset = 'another'"))
        connection.execute(text("UPDATE companies SET document = replace(document, 'Before', 'Elsewhere')"))
    assert own.is_kept(ADDRESS)

    restore(database, backup)

    assert b"Elsewhere" in body_when_back(own)


def test_a_backup_that_went_on_to_the_same_number_is_read_at_once(own: Served, database: Database, backup: str) -> None:
    write(database, "alpha", name="Lost")
    time.sleep(BOUND_SECONDS)
    assert b"Lost" in ask(own.client, ADDRESS).body
    assert own.is_kept(ADDRESS)

    restore(database, backup)
    in_a_minute = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=1)
    with database.writing() as connection:
        load(connection, [company("alpha", "Found")], actor="tests", reason="Test", clock=lambda: in_a_minute)

    assert b"Found" in body_when_back(own)
