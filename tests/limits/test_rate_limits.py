"""A client may send so many requests in a time, and each answer tells how many are left."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest
from pydantic import ValidationError

from app.auth.credentials import Key
from app.auth.key import Scope
from app.auth.queries import create_key, revoke_key
from app.database.database import Database
from app.http.clients import _network
from app.middleware import rate_limits
from app.middleware.rate_limits import _Limit, _Windows
from app.settings import Settings
from app.values.dates import now
from tests.auth.conftest import bearer
from tests.databases import Databases, settings_for
from tests.scaling.cluster import wait_until
from tests.server import running_server

COMPANY = "/v1/companies/baidu"
Serve = Callable[..., httpx.Client]


@pytest.fixture
def url(databases: Databases) -> str:
    return databases.copy(databases.seeded)


@pytest.fixture
def serve(url: str) -> Iterator[Serve]:
    """Serves the seed with settings of the test's own."""
    with ExitStack() as stack:

        def start(**settings: str | bool) -> httpx.Client:
            server = stack.enter_context(running_server(settings_for(url).model_copy(update=settings)))
            return stack.enter_context(httpx.Client(base_url=server.url, timeout=30))

        yield start


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(settings_for(url))
    yield database
    database.engine.dispose()


@pytest.fixture
def key(database: Database) -> Key:
    with database.writing() as connection:
        return create_key(connection, name="dashboard", scopes=[Scope.READ], expires_at=None, now=now().replace(microsecond=0))


def left(answer: httpx.Response) -> tuple[str, int]:
    """The policy that a request was counted under, and the requests that are left."""
    name, remaining, _ = answer.headers["ratelimit"].split(";")
    return name.strip('"'), int(remaining.removeprefix("r="))


def test_without_a_setting_there_is_no_limit(serve: Serve) -> None:
    assert "ratelimit" not in serve().get(COMPANY).headers


def test_each_response_reports_the_policy_and_what_is_left(serve: Serve) -> None:
    client = serve(rate_limit="3/hour")

    answers = [client.get(COMPANY) for _ in range(3)]
    assert [left(answer) for answer in answers] == [("address", 2), ("address", 1), ("address", 0)]
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"address";q=3;w=3600'}
    assert all(0 < int(answer.headers["ratelimit"].rpartition(";t=")[2]) <= 3600 for answer in answers)


def test_what_is_too_much_is_refused_with_a_problem_that_says_when_to_go_on(serve: Serve) -> None:
    client = serve(rate_limit="1/hour")
    client.get(COMPANY)

    answer = client.get(COMPANY, headers={"Origin": "https://app.example"})
    assert (answer.status_code, answer.json()["type"]) == (429, "/problems/too-many-requests")
    assert answer.headers["content-type"] == "application/problem+json"
    assert 0 < int(answer.headers["retry-after"]) <= 3600
    assert left(answer) == ("address", 0)
    assert answer.json()["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
    assert {"RateLimit", "RateLimit-Policy", "Retry-After"} <= set(answer.headers["access-control-expose-headers"].split(", "))


def test_cached_responses_count(serve: Serve) -> None:
    client = serve(rate_limit="2/hour")

    assert [client.get(COMPANY).status_code for _ in range(4)] == [200, 200, 429, 429]


def test_after_the_time_it_goes_on(serve: Serve) -> None:
    client = serve(rate_limit="1/second")
    client.get(COMPANY)

    wait_until(lambda: client.get(COMPANY).status_code == 200, "the second is over")


def test_health_does_not_count(serve: Serve) -> None:
    client = serve(rate_limit="1/hour")

    assert [client.get(path).status_code for path in ("/health/live", "/health/ready") * 3] == [200] * 6
    assert client.get(COMPANY).status_code == 200


def test_a_key_has_a_limit_of_its_own(serve: Serve, key: Key) -> None:
    client = serve(rate_limit="3/hour", key_rate_limit="5/hour")

    answers = [client.get(COMPANY, headers=bearer(key)) for _ in range(7)]
    assert left(answers[0]) == ("address", 2), "the key is not known yet"
    assert [left(answer) for answer in answers[1:6]] == [("key", count) for count in (4, 3, 2, 1, 0)]
    assert [answer.status_code for answer in answers] == [200] * 6 + [429]
    assert client.get(COMPANY).status_code == 200, "others at the address go on"


def test_guessed_keys_count_for_the_address(serve: Serve, key: Key) -> None:
    client = serve(rate_limit="4/hour", key_rate_limit="1000/hour", reads_need_key=True)
    guesses = [Key.new(), Key.new(), Key(key.id, f"cp_{key.id}_{'A' * 43}"), Key.new(), Key.new()]

    answers = [client.get(COMPANY, headers=bearer(guess)) for guess in guesses]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 401, 429]
    assert {left(answer)[0] for answer in answers} == {"address"}


def test_a_key_that_was_revoked_counts_for_the_address_again(serve: Serve, key: Key, database: Database) -> None:
    client = serve(rate_limit="100/hour", key_rate_limit="100/hour", reads_need_key=True)
    assert [left(client.get(COMPANY, headers=bearer(key)))[0] for _ in range(2)] == ["address", "key"]
    with database.writing() as connection:
        revoke_key(connection, "dashboard", now())

    answers = [client.get(COMPANY, headers=bearer(key)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401] * 3
    assert [left(answer)[0] for answer in answers] == ["key", "address", "address"]


def test_a_key_counts_for_the_address_where_keys_have_no_limit(serve: Serve, key: Key) -> None:
    client = serve(rate_limit="100/hour")

    assert {left(client.get(COMPANY, headers=bearer(key)))[0] for _ in range(3)} == {"address"}


def test_the_address_is_the_one_that_a_trusted_proxy_reports(serve: Serve) -> None:
    client = serve(rate_limit="1/hour")

    statuses = [client.get(COMPANY, headers={"X-Forwarded-For": f"192.0.2.{number}"}).status_code for number in (1, 2, 1)]
    assert statuses == [200, 200, 429]


def test_the_counters_do_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "_MOST_WINDOWS", 3)
    windows, limit = _Windows(), _Limit("address", 10, 60)
    for client in "abcdef":
        windows.count(limit, client)

    assert [windows.count(limit, client)[0] for client in "fedcba"] == [2, 2, 2, 1, 1, 1]


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_client_is_its_network(address: str, counted_as: str) -> None:
    assert _network(address) == counted_as


@pytest.mark.parametrize("rate", ["many", "0/minute", "-1/minute", "10", "10/fortnight", "1/second;2/minute"])
def test_an_invalid_rate_is_refused(rate: str) -> None:
    with pytest.raises(ValidationError, match="expected a number of requests and a time"):
        Settings(_env_file=None, rate_limit=rate)
