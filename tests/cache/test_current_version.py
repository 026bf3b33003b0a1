"""A write is seen by the next request on SQLite, and on PostgreSQL once the bound has passed; by its writer at once."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from app.auth.credentials import Key
from app.database.database import Database
from app.revisions.current import BOUND_SECONDS
from tests.cache.asking import PLAIN, Served, ask
from tests.cache.writers import by_another_server, by_hand, by_the_command_line, make_key, patch
from tests.changes.writing import write

ADDRESSES = ("/v1/companies/alpha", "/v1/companies", "/v1/companies/alpha/profile", "/v1/companies?format=csv")
WRITERS = ("this server", "another server", "the command line", "by hand")


@pytest.fixture
def key(database: Database) -> Key:
    """A key that writes, on a database with one company."""
    write(database, "alpha", name="Before")
    return make_key(database)


def let_the_bound_pass(database: Database) -> None:
    if database.waits:
        time.sleep(BOUND_SECONDS)


@pytest.mark.slow
@pytest.mark.parametrize("writer", WRITERS)
def test_a_write_is_seen_by_all_who_ask_then(
    own: Served, database: Database, url: str, key: Key, tmp_path: Path, writer: str
) -> None:
    changes: dict[str, Callable[[str], object]] = {
        "this server": partial(patch, own.client, key),
        "another server": partial(by_another_server, tmp_path, url, key),
        "the command line": partial(by_the_command_line, tmp_path, url),
        "by hand": partial(by_hand, url),
    }
    assert [own.is_kept(address) for address in ADDRESSES] == [True] * len(ADDRESSES)

    changes[writer]("After")
    let_the_bound_pass(database)

    for address in ADDRESSES:
        answer = ask(own.client, address)
        assert b"After" in answer.body
        assert b"Before" not in answer.body
        assert answer.revision == 2
        assert own.is_kept(address)


@pytest.fixture
def slow_to_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever PostgreSQL's head was found to be holds for an hour, so that no test passes because the bound has passed."""
    monkeypatch.setattr("app.revisions.current.BOUND_SECONDS", 3600)


@pytest.mark.usefixtures("slow_to_notice")
def test_who_sends_a_key_or_no_cache_reads_what_is_there(own: Served, database: Database, key: Key) -> None:
    assert own.is_kept("/v1/companies/alpha")

    revision = patch(own.client, key, "After")

    for headers in ({"Authorization": f"Bearer {key.text}"}, {"Cache-Control": "no-cache"}, {"Cache-Control": "No-Cache"}):
        answer = ask(own.client, "/v1/companies/alpha", {**PLAIN, **headers})
        assert b"After" in answer.body
        assert answer.revision == revision
    others = ask(own.client, "/v1/companies/alpha")
    assert (b"Before" in others.body) == database.waits
    assert others.revision == (revision - 1 if database.waits else revision)


def test_the_revision_of_a_response_is_that_of_its_snapshot_and_not_of_the_resource(own: Served, database: Database) -> None:
    write(database, "alpha", "beta")
    let_the_bound_pass(database)

    first = ask(own.client, "/v1/companies/alpha")
    write(database, "gamma")
    let_the_bound_pass(database)
    second = ask(own.client, "/v1/companies/alpha")

    assert (first.revision, second.revision) == (2, 3)
    assert (first.etag, first.body) == (second.etag, second.body)
    assert ask(own.client, "/v1/companies/alpha", {**PLAIN, "If-None-Match": first.etag}).status == 304
