"""When a key was last used: written at most once a minute, and never in the way of a request.

What is under way is finished when the application stops, so these tests look after that.
"""

import datetime

import pytest
from sqlalchemy import text, update

from app.auth.credentials import Key
from app.auth.key import Scope
from app.auth.last_used import EVERY
from app.auth.queries import note_use
from app.database.database import Database
from app.database.models import ApiKey
from app.values.dates import now
from tests.auth.conftest import MakeKey, Serve, bearer, stored


def set_last_use(database: Database, key: Key, ago: datetime.timedelta) -> datetime.datetime:
    time = (now() - ago).replace(microsecond=0)
    with database.writing() as connection:
        connection.execute(update(ApiKey).where(ApiKey.id == key.id).values(last_used_at=time))
    return time


def refuse_writes(database: Database) -> None:
    """From now on the table is read-only for every connection, as on a standby."""
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f'ALTER DATABASE "{database.url.database}" SET default_transaction_read_only = on'))
        else:
            refusal = "BEGIN SELECT RAISE(ABORT, 'read-only'); END"
            connection.execute(text(f"CREATE TRIGGER refusal BEFORE UPDATE ON api_keys {refusal}"))


def test_a_use_is_written(serve: Serve, make_key: MakeKey, database: Database) -> None:
    key = make_key(Scope.WRITE)
    before = now().replace(microsecond=0)
    with serve() as api:
        api.post("/write", headers=bearer(key))
    used = stored(database, key).last_used_at

    assert used is not None
    assert before <= used <= now()


@pytest.mark.parametrize(("seconds", "written"), [(30, 0), (61, 1)])
def test_it_is_written_once_a_minute_at_most(
    serve: Serve, make_key: MakeKey, database: Database, seconds: int, written: int
) -> None:
    key = make_key(Scope.WRITE)
    before = set_last_use(database, key, datetime.timedelta(seconds=seconds))
    with serve() as api:
        api.post("/write", headers=bearer(key))

    assert (stored(database, key).last_used_at != before) == bool(written)


def test_what_another_process_has_just_written_stays(make_key: MakeKey, database: Database) -> None:
    key = make_key(Scope.WRITE)
    first = now().replace(microsecond=0)
    uses = {}
    for seconds in (0, 59, 60):
        with database.writing() as connection:
            note_use(connection, key.id, first + datetime.timedelta(seconds=seconds), EVERY)
        uses[seconds] = stored(database, key).last_used_at

    assert uses == {0: first, 59: first, 60: first + datetime.timedelta(seconds=60)}


def test_one_process_writes_once_for_many_requests(serve: Serve, make_key: MakeKey, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr("app.auth.last_used.note_use", lambda _connection, identity, *_: written.append(identity))
    keys = [make_key(Scope.WRITE), make_key(Scope.WRITE, name="second")]
    with serve() as api:
        for key in keys * 5:
            api.post("/write", headers=bearer(key))

    assert written == [key.id for key in keys]


def test_a_refused_key_is_not_used_and_a_lacking_scope_is_a_use(serve: Serve, make_key: MakeKey, database: Database) -> None:
    long_ago = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    reader, expired = make_key(Scope.READ), make_key(Scope.WRITE, name="expired", expires_at=long_ago)
    other = Key.new()
    with serve() as api:
        statuses = [api.post("/write", headers=bearer(key)).status_code for key in (reader, expired, other)]

    assert statuses == [403, 401, 401]
    assert stored(database, reader).last_used_at is not None
    assert stored(database, expired).last_used_at is None


def test_a_locked_database_makes_no_request_wait_or_fail(serve: Serve, make_key: MakeKey, database: Database) -> None:
    key = make_key(Scope.WRITE)
    with database.writing() as connection:
        connection.execute(update(ApiKey).values(name="held"))
        with serve() as api:
            assert api.post("/write", headers=bearer(key)).status_code == 200

    assert stored(database, key).last_used_at is None


def test_a_database_that_may_only_be_read_from_makes_no_request_fail(
    serve: Serve, make_key: MakeKey, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    key = make_key(Scope.WRITE)
    refuse_writes(database)
    with caplog.at_level("DEBUG", logger="app"), serve() as api:
        assert api.post("/write", headers=bearer(key)).status_code == 200

    assert stored(database, key).last_used_at is None
    assert f"the use of key {key.id} was not recorded" in caplog.text
    assert [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}] == []
