"""What a write costs: SQL statements on both engines, and on PostgreSQL round trips while every other writer waits."""

import json
import sqlite3

import pytest
from fastapi import Response
from sqlalchemy import event

from app.api.editing.changes import Target, create, patch, remove_resource, replace
from app.api.editing.requests import ChangeRequest
from app.auth.access import Actor
from app.auth.key import Scope
from app.database.database import Database
from tests.databases import settings_for
from tests.editing.conftest import key_of, url_of
from tests.editing.lamps import CATALOGUE_SOURCE, FERNHOLD, MILESTONE, SENTENCE
from tests.editing.round_trips import watched

MOST_STATEMENTS = 20
MOST_ROUND_TRIPS = 8
FACT = Target("milestone", "fernhold", "founded")
CHANGED = MILESTONE | {"title": "Founded with halogen lamps", "citations": [SENTENCE]}

CASES = [
    (patch, FACT, {"title": "Founded with halogen lamps"}, None),
    (patch, FACT, {"note": "Seen"}, None),
    (patch, FACT, {"slug": "begun", "citations": [SENTENCE]}, None),
    (replace, FACT, CHANGED, None),
    (create, Target("milestone", "fernhold"), CHANGED | {"slug": "begun"}, None),
    (create, Target("milestone", "fernhold"), CHANGED | {"slug": "begun"}, "once"),
    (remove_resource, FACT, None, None),
    (create, Target("company"), FERNHOLD | {"slug": "lumen", "name": "Lumen"}, None),
    (create, Target("source"), CATALOGUE_SOURCE | {"slug": "leaflet", "title": "A leaflet"}, None),
]
IDS = ["patch", "note", "rename", "put", "create", "create once", "delete", "company", "source"]


def run(database: Database, act: object, target: Target, body: object, idempotency_key: str | None) -> Response:
    """What an endpoint does once the key and the body are read."""
    content = b"" if body is None else json.dumps(body).encode()
    with database.reading() as connection:
        key_id = connection.exec_driver_sql("SELECT id FROM api_keys").scalar_one()
    actor = Actor(key_id, "newsroom", frozenset((Scope.WRITE,)))
    change = ChangeRequest(actor, "Counted", "POST /", content, "*", idempotency_key)
    with database.writing() as connection:
        response: Response = act(connection, change, target)  # type: ignore[operator]
    assert response.status_code < 300, response.body
    return response


@pytest.fixture(autouse=True)
def _has_a_key(database: Database) -> None:
    key_of(database)


@pytest.mark.parametrize(("act", "target", "body", "idempotency_key"), CASES, ids=IDS)
def test_a_write_takes_few_statements_and_no_database_of_its_own(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    act: object,
    target: Target,
    body: object,
    idempotency_key: str | None,
) -> None:
    run(database, patch, FACT, {"note": "Opens a connection"}, None)
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    monkeypatch.setattr(sqlite3, "connect", None)
    run(database, act, target, body, idempotency_key)

    counted = [statement for statement in statements if "FROM api_keys" not in statement]
    assert len(counted) <= MOST_STATEMENTS, "\n".join(counted)


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)  # SQLite has no round trips
@pytest.mark.parametrize(("act", "target", "body", "idempotency_key"), CASES, ids=IDS)
def test_other_writers_wait_for_few_round_trips(
    database: Database, act: object, target: Target, body: object, idempotency_key: str | None
) -> None:
    url = database.url
    with watched(url.port or 0) as (port, wire):
        watched_database = Database(settings_for(url_of(database).replace(f":{url.port}/", f":{port}/")))
        run(watched_database, act, target, body, idempotency_key)
        watched_database.engine.dispose()

    assert 0 < wire.round_trips_from(b"FOR UPDATE") <= MOST_ROUND_TRIPS, wire.requests
