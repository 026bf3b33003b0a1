"""A clock that is set back: the order is that of the numbers, and no time goes back with the clock but expiry."""

import datetime
import types
from collections.abc import Callable, Iterator

import httpx
import pytest

from app.auth.credentials import Key
from app.auth.key import Scope
from app.auth.queries import create_key, list_keys
from app.values import dates
from tests.databases import settings_for
from tests.editing.conftest import key_of
from tests.editing.curator import Curator, refused
from tests.faults.wholeness import opened, require_whole
from tests.scaling.cluster import wait_until
from tests.server import running_server

SetClock = Callable[[datetime.timedelta], None]
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Sets the clock of the application so far before or after the real one."""

    def shift(by: datetime.timedelta) -> None:
        class Shifted(datetime.datetime):
            @classmethod
            def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
                return datetime.datetime.now(tz) + by

        monkeypatch.setattr(dates, "datetime", types.SimpleNamespace(**vars(datetime) | {"datetime": Shifted}))

    return shift


@pytest.fixture
def curator(url: str) -> Iterator[Curator]:
    with opened(url) as database:
        headers = {"Authorization": f"Bearer {key_of(database)}"}
    with running_server(settings_for(url)) as running, httpx.Client(base_url=running.url, headers=headers, timeout=60) as client:
        yield Curator(client)


def write(curator: Curator, slug: str) -> str:
    """Creates a company, and returns when that was recorded."""
    recorded_at: str = curator.created("/v1/companies", {"slug": slug, "name": slug}).json()["updated_at"]
    return recorded_at


def test_times_ascend_with_the_numbers_and_a_time_is_always_the_same_past(
    url: str, curator: Curator, set_clock: SetClock
) -> None:
    write(curator, "before")
    set_clock(HOUR)
    ahead = write(curator, "ahead")
    read_then = curator.get(f"/v1/companies?as_of={ahead}").text
    set_clock(-HOUR)
    back = write(curator, "back")
    changes = curator.get("/v1/changes?limit=200").json()["items"]
    set_clock(2 * HOUR)
    later = write(curator, "later")

    assert ahead == back < later
    times = [change["recorded_at"] for change in changes]
    assert times == sorted(times)
    assert '"slug":"back"' not in read_then
    reported = {moment: curator.get(f"/v1/companies?as_of={moment}").text.count('"slug":') for moment in (ahead, later)}
    assert reported[later] == reported[ahead] + 1
    require_whole(url)


def test_no_time_shows_a_revision_without_those_before_it(curator: Curator, set_clock: SetClock) -> None:
    moments = []
    for number, shift in enumerate((HOUR, -2 * HOUR, 0 * HOUR, -HOUR, 2 * HOUR)):
        set_clock(shift)
        moments.append(write(curator, f"c{number}"))
    for moment in moments:
        seen = [item["slug"] for item in curator.get(f"/v1/companies?as_of={moment}").json()["items"]]
        made = [slug for slug in (f"c{number}" for number in range(5)) if slug in seen]
        assert made == [f"c{number}" for number in range(len(made))]


def test_a_repeated_request_is_known_after_the_clock_was_set_back(curator: Curator, set_clock: SetClock) -> None:
    first = curator.post("/v1/companies", {"slug": "once", "name": "Once"}, idempotency_key="one")
    for shift in (-HOUR, -48 * HOUR, 23 * HOUR):
        set_clock(shift)
        again = curator.post("/v1/companies", {"slug": "once", "name": "Once"}, idempotency_key="one")
        assert again.headers["idempotency-replayed"] == "true"
        assert again.text == first.text


def test_a_key_ends_by_the_clock_of_the_server_and_a_revoked_one_for_good(
    url: str, curator: Curator, set_clock: SetClock
) -> None:
    expires_at = dates.now().replace(microsecond=0) + HOUR
    with opened(url) as database, database.writing() as connection:
        made = dates.now().replace(microsecond=0)
        short: Key = create_key(connection, name="short", scopes=[Scope.WRITE], expires_at=expires_at, now=made)
    headers = {"authorization": f"Bearer {short.text}"}
    set_clock(2 * HOUR)
    refused(curator.post("/v1/companies", {"slug": "late", "name": "Late"}, **headers), 401, "unauthenticated")
    set_clock(0 * HOUR)
    assert curator.post("/v1/companies", {"slug": "late", "name": "Late"}, **headers).status_code == 201


def test_the_last_use_of_a_key_is_recorded_after_the_clock_was_set_back(url: str, curator: Curator, set_clock: SetClock) -> None:
    def last_used() -> datetime.datetime:
        with opened(url) as database, database.reading() as connection:
            (key,) = list_keys(connection)
        return key.last_used_at or datetime.datetime.min.replace(tzinfo=datetime.UTC)

    set_clock(48 * HOUR)
    write(curator, "ahead")
    wait_until(lambda: last_used() > datetime.datetime.now(datetime.UTC), "the use is recorded")
    set_clock(0 * HOUR)
    write(curator, "later")
    wait_until(lambda: last_used() <= datetime.datetime.now(datetime.UTC), "the use after that is recorded")
