"""A key is with its owner alone: neither the database nor any output or log holds it."""

from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.auth.access import Actor
from app.auth.credentials import Key
from app.auth.key import Scope
from app.database.database import Database
from app.database.models import Base
from tests.auth.conftest import MakeKey, bearer, stored, url_of
from tests.cli.processes import run, serving


def secret_of(key: Key) -> str:
    return key.text.rpartition(f"{key.id}_")[2]


def test_the_database_holds_no_secret(make_key: MakeKey, database: Database, api: TestClient) -> None:
    key = make_key(Scope.WRITE)
    api.post("/write", headers=bearer(key))
    with database.reading() as connection:
        rows = [str(row) for table in Base.metadata.tables.values() for row in connection.execute(select(table))]

    assert [row for row in rows if key.sha256 in row] != []
    assert [row for row in rows if secret_of(key) in row] == []


def test_no_byte_of_the_files_is_of_a_secret(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'keys.db'}"
    run(tmp_path, "migrate", database_url=url)
    made = run(tmp_path, "keys", "create", "newsroom", "--scope", "write", database_url=url)
    key = Key.parse(made.stdout.decode().strip())
    assert key is not None
    files = [path.read_bytes() for path in tmp_path.glob("keys.db*")]

    assert [content for content in files if key.sha256.encode() in content] != []
    assert [content for content in files if secret_of(key).encode() in content] == []


def test_no_representation_shows_a_key(make_key: MakeKey, database: Database) -> None:
    key = make_key(Scope.WRITE)
    record = stored(database, key)
    shown = f"{key!r} {key} {record!r} {Actor(key.id, record.name, frozenset(record.scopes))!r}"

    assert key.id in shown
    assert secret_of(key) not in shown
    assert key.sha256 not in shown


def test_no_problem_repeats_what_was_sent(api: TestClient, make_key: MakeKey) -> None:
    reader, unknown = make_key(Scope.READ), Key.new()
    answers = [api.post("/write", headers=bearer(key)) for key in (reader, unknown)]

    assert [answer.status_code for answer in answers] == [403, 401]
    for key, answer in zip((reader, unknown), answers, strict=True):
        assert secret_of(key) not in f"{answer.text} {answer.headers}"


@pytest.mark.slow
def test_a_server_under_way_follows_the_command_line_and_logs_no_key(database: Database, tmp_path: Path) -> None:
    settings = {"database_url": url_of(database), "seed": "false"}
    with serving(tmp_path, **settings, reads_need_key="true", log_level="debug") as served:

        def status(text: str) -> int:
            headers = {"Authorization": f"Bearer {text}"}
            return httpx.get(f"{served.url}/v1/companies", headers=headers, timeout=30).status_code

        before = status(Key.new().text)
        made = run(tmp_path, "keys", "create", "newsroom", "--scope", "read", **settings)
        text = made.stdout.decode().strip()
        made_known = status(text)
        listed = run(tmp_path, "keys", "list", "--json", **settings)
        revoked = run(tmp_path, "keys", "revoke", "newsroom", **settings)
        after = status(text)
        served.stop()

    key = Key.parse(text)
    assert key is not None
    assert (before, made_known, after) == (401, 200, 401)
    assert "GET /v1/companies" in served.said
    said = served.said.encode() + made.stderr + listed.stdout + listed.stderr + revoked.stdout + revoked.stderr
    assert secret_of(key).encode() not in said


@pytest.mark.parametrize("failing", ["find_key", "any_key"])
def test_a_fault_of_the_server_shows_no_key(
    api: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, failing: str
) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError(f"failed with {arguments}")

    monkeypatch.setattr(f"app.auth.access.{failing}", fail)
    key = Key.new()
    response = api.post("/write", headers=bearer(key))

    assert response.status_code == 500
    assert "failed with" in caplog.text
    assert secret_of(key) not in f"{response.text} {caplog.text}"
