"""Responses are stored with their ETag, and an unchanged one comes from the cache."""

from pathlib import Path

import pytest

from app.client import Cache, NotFound
from tests.client.conftest import Connect, Desk
from tests.server import RunningServer


@pytest.fixture(params=["memory", "file"])
def cache(request: pytest.FixtureRequest, tmp_path: Path) -> Cache:
    return Cache() if request.param == "memory" else Cache(tmp_path / "responses.cache")


def test_an_unchanged_response_is_not_sent_again(connect: Connect, desk: Desk, cache: Cache) -> None:
    client = connect(desk.url, key=desk.key, cache=cache)
    first, second = client.companies.get("baidu"), client.companies.get("baidu")
    assert (first, first.etag) == (second, second.etag)

    changed = client.companies.change(second, {"note": "New"})
    assert client.companies.get("baidu") == changed
    assert client.wire.statuses() == [200, 304, 200, 200]


def test_lists_are_stored_by_page(connect: Connect, seeded_server: RunningServer, cache: Cache) -> None:
    client = connect(seeded_server.url, cache=cache)
    pages = [[item.slug for item in client.milestones.list(limit=5)] for _ in range(2)]

    assert pages[0] == pages[1]
    statuses = client.wire.statuses()
    assert statuses == [200] * (len(statuses) // 2) + [304] * (len(statuses) // 2)


def test_a_file_serves_the_next_client(connect: Connect, seeded_server: RunningServer, tmp_path: Path) -> None:
    for _ in range(2):
        cache = Cache(tmp_path / "responses.cache")
        client = connect(seeded_server.url, cache=cache)
        client.stats()
        cache.close()

    assert client.wire.statuses() == [304]


def test_each_key_has_responses_of_its_own(connect: Connect, desk: Desk, cache: Cache) -> None:
    for key in (desk.key, None):
        client = connect(desk.url, key=key, cache=cache)
        client.stats()
        assert client.wire.statuses() == [200]
    assert desk.key.encode() not in b"".join(str(row).encode() for row in cache._database.iterdump())


def test_the_oldest_response_is_dropped_first(connect: Connect, seeded_server: RunningServer) -> None:
    client = connect(seeded_server.url, cache=Cache(most=2))
    for slug in ("baidu", "kuaishou", "baidu", "baidu", "kuaishou"):
        client.companies.get(slug)
    client.stats()
    client.companies.get("kuaishou")
    client.companies.get("baidu")

    assert client.wire.statuses() == [200, 200, 304, 304, 304, 200, 304, 200]


def test_a_problem_is_not_stored(connect: Connect, seeded_server: RunningServer, cache: Cache) -> None:
    client = connect(seeded_server.url, cache=cache)
    for _ in range(2):
        with pytest.raises(NotFound):
            client.companies.get("missing")

    assert client.wire.statuses() == [404, 404]


def test_a_file_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    Cache(tmp_path / "responses.cache").close()

    assert (tmp_path / "responses.cache").stat().st_mode & 0o777 == 0o600
