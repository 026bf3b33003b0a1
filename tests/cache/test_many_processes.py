"""However many processes read and write at once, no answer is older than promised and none is of two revisions."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from app.database.database import Database
from app.revisions.current import BOUND_SECONDS
from tests.cache.asking import Answer, Served
from tests.cache.observing import ADDRESSES, Commit, Record, Seen, ambiguous, mixed, observe, too_old, unfounded
from tests.cli.processes import serving

WRITERS, TIMES, READERS = 2, 15, 3


@pytest.fixture
def record(own: Served, database: Database, url: str, tmp_path: Path) -> Record:
    """What was seen of four processes that serve: this one, another, and one with two workers."""
    with ExitStack() as stack:
        servers = [str(own.client.base_url)]
        for name, options in (("one", ()), ("two", ("--workers", "2"))):
            (tmp_path / name).mkdir()
            running = stack.enter_context(serving(tmp_path / name, *options, database_url=url, seed="false"))
            servers.append(running.url)
        return observe(database, url, servers, writers=WRITERS, times=TIMES, readers=READERS)


@pytest.mark.slow
def test_no_response_is_old_mixed_or_anothers(record: Record, own: Served, database: Database) -> None:
    assert len(record.commits) == 1 + WRITERS * TIMES
    assert {seen.address for seen in record.seen} == set(ADDRESSES)
    assert {seen.answer.status for seen in record.seen} == {200, 304}
    assert own.cache.hits > 0

    assert too_old(record, BOUND_SECONDS if database.waits else 0) == []
    assert mixed(record) == []
    assert ambiguous(record.seen) == []
    assert unfounded(record.seen) == []


def seen(revision: int, body: bytes = b"", etag: str = "a", status: int = 200, asked_at: float = 9) -> Seen:
    return Seen(asked_at, ADDRESSES[0], Answer(status, [("etag", etag), ("profiles-revision", str(revision))], body))


def test_the_judges_find_what_they_are_for() -> None:
    five, right, wrong = 5 * b"1001x ", seen(10, 5 * b"1002x "), seen(10, 4 * b"1002x " + b"1001x")
    commits = [Commit(5, "1001x", known_at=2), Commit(10, "1002x", known_at=8.98)]

    assert too_old(Record(commits, [seen(5), right]), 0) == [(seen(5), 10)]
    assert too_old(Record(commits, [seen(5), right]), BOUND_SECONDS) == []
    assert too_old(Record(commits, [seen(0)]), BOUND_SECONDS) == [(seen(0), 5)]
    assert mixed(Record(commits, [seen(5, five), right])) == []
    assert mixed(Record(commits, [wrong, seen(10, five), seen(10, b"1002x")])) == [wrong, seen(10, five), seen(10, b"1002x")]
    assert ambiguous([right, wrong]) == ["a"]
    assert ambiguous([right, seen(10, five, etag="b")]) == []
    assert unfounded([right, seen(10, etag="b", status=304)]) == [seen(10, etag="b", status=304)]
    assert unfounded([right, seen(10, etag="a-gzip", status=304)]) == []
