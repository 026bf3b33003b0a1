"""Readiness says what is wrong, in words that help and hold no host, user or password."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from app.database.database import Database
from app.operations.migrate import migrate
from app.settings import Settings
from tests.databases import Databases, settings_for
from tests.postgresql import PostgresServer
from tests.server import running_server

PASSWORD = "geheim"  # noqa: S105 - of nobody


def readiness(settings: Settings) -> httpx.Response:
    with running_server(settings) as server:
        return httpx.get(f"{server.url}/health/ready", timeout=30)


def detail(url: str) -> str:
    answer = readiness(settings_for(url))
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert PASSWORD not in answer.text
    assert "127.0.0.1" not in answer.text
    return str(answer.json()["detail"])


@contextmanager
def changed(url: str) -> Iterator[Database]:
    database = Database(settings_for(url))
    yield database
    database.engine.dispose()


def execute(url: str, statement: str) -> None:
    with changed(url) as database, database.writing() as connection:
        connection.execute(text(statement))


def test_a_database_that_takes_changes_has_nothing_in_its_way(databases: Databases) -> None:
    answer = readiness(settings_for(databases.copy(databases.seeded)))

    assert answer.status_code == 200
    assert (answer.json()["cannot_write"], answer.json()["revision"]) == (None, 64)


def test_a_database_without_a_schema_is_named_as_such(databases: Databases) -> None:
    assert detail(databases.blank("blank")) == "The database has no schema yet. Run company-profiles migrate."


def test_an_older_schema_is_named_with_the_one_that_is_needed(databases: Databases) -> None:
    url = databases.copy(databases.migrated)
    with changed(url) as database:
        migrate(database, "0001", may_drop=True)
    assert detail(url).startswith("The database has schema version 0001, this program needs ")


def test_another_programs_database_is_reported(databases: Databases) -> None:
    url = databases.blank("foreign")
    execute(url, "CREATE TABLE orders (id integer)")
    assert detail(url) == "The database belongs to another program. Name another one in PROFILES_DATABASE_URL."


def test_a_database_that_lost_its_head_is_reported(databases: Databases) -> None:
    url = databases.copy(databases.seeded)
    execute(url, "DELETE FROM revision_head")
    assert "The row that names the newest revision is missing" in detail(url)


def test_a_read_only_database_answers_reads_and_says_so(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    url = databases.copy(databases.seeded)
    if databases.engine == "postgresql":
        execute(url, f'ALTER DATABASE "{url.rpartition("/")[2]}" SET default_transaction_read_only = on')
    else:  # root is never refused
        monkeypatch.setattr("app.database.diagnostics.access", lambda *_: False)
    answer = readiness(settings_for(url))

    assert answer.status_code == 200
    assert "read-only" in answer.json()["cannot_write"]


def test_a_user_that_may_only_read_is_reported(postgres: PostgresServer) -> None:
    url = postgres.create_database("only_read")
    with changed(url) as database:
        migrate(database)
    execute(url, f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'")
    execute(url, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    answer = readiness(settings_for(url.replace("postgres@", f"reader:{PASSWORD}@")))

    assert answer.json()["cannot_write"] == "The user of the database may not write to its tables."


@pytest.fixture(scope="module")
def sqlite_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sqlite")


def migrated_file(folder: Path, name: str) -> Path:
    with changed(f"sqlite:///{folder / name}") as database:
        migrate(database)
    return folder / name


def test_a_full_disk_is_reported(sqlite_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = migrated_file(sqlite_folder, "full.db")
    monkeypatch.setattr("app.database.diagnostics.disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9 - 2**20, 2**20))
    answer = readiness(settings_for(f"sqlite:///{file}"))

    assert answer.json()["cannot_write"] == "The disk of the database file has 1 MiB left."


def test_a_file_that_is_no_database_is_reported(sqlite_folder: Path) -> None:
    file = sqlite_folder / "text.db"
    file.write_text("no database" * 1000)
    assert detail(f"sqlite:///{file}").startswith("The database file is not an SQLite database; ")


def test_a_folder_that_is_missing_is_reported(sqlite_folder: Path) -> None:
    assert detail(f"sqlite:///{sqlite_folder}/none/file.db").startswith("The database file cannot be opened: ")


def test_a_server_that_is_stopped_is_reported() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"postgresql://postgres:{PASSWORD}@127.0.0.1:{free.getsockname()[1]}/profiles"
        assert detail(url).startswith("The database server refuses connections")


def test_a_database_that_the_server_does_not_have_is_reported(postgres: PostgresServer) -> None:
    assert detail(postgres.url("nobody").replace("postgres@", f"postgres:{PASSWORD}@")).startswith(
        "The database server has no such database"
    )
