"""What writing asks for: a key that is known, in force and for this."""

import datetime
import hmac
from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event

from app.auth.credentials import Key
from app.auth.key import Scope
from app.auth.queries import revoke_key
from app.database.database import Database
from app.values.dates import now
from tests.auth.conftest import MakeKey, bearer

PAST = datetime.datetime(2026, 1, 31, tzinfo=datetime.UTC)


def refused(response: httpx.Response, status: int, name: str) -> str:
    """The message of a problem of a type, without the words that name the key."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == f"/problems/{name}"
    detail: str = response.json()["detail"]
    return detail


@pytest.mark.parametrize("headers", [{}, bearer(Key.new())], ids=["without a key", "with one"])
def test_with_no_key_made_the_api_is_read_only_and_says_how_to_make_one(api: TestClient, headers: dict[str, str]) -> None:
    assert "company-profiles keys create" in refused(api.post("/write", headers=headers), 403, "read-only")


def test_a_key_with_the_scope_may_write_under_its_name(api: TestClient, make_key: MakeKey) -> None:
    key = make_key(Scope.WRITE, name="Lin’s notebook 林")

    assert api.post("/write", headers=bearer(key)).json() == "Lin’s notebook 林"


def test_the_name_of_the_scheme_may_be_written_in_either_case(api: TestClient, make_key: MakeKey) -> None:
    key = make_key(Scope.WRITE)

    assert api.post("/write", headers={"Authorization": f"bEARER {key.text}"}).status_code == 200


@pytest.mark.parametrize(
    ("scope", "write", "administer"), [(Scope.READ, 403, 403), (Scope.WRITE, 200, 403), (Scope.ADMIN, 200, 200)]
)
def test_each_scope_includes_those_before_it(
    api: TestClient, make_key: MakeKey, scope: Scope, write: int, administer: int
) -> None:
    headers = bearer(make_key(scope))

    assert api.post("/write", headers=headers).status_code == write
    assert api.post("/administer", headers=headers).status_code == administer


def test_a_missing_scope_is_named_with_those_that_the_key_has(api: TestClient, make_key: MakeKey) -> None:
    response = api.post("/administer", headers=bearer(make_key(Scope.WRITE)))

    assert refused(response, 403, "insufficient-scope") == (
        "This requires an API key with the scope admin; the key 'dashboard' has read, write."
    )
    assert response.headers["www-authenticate"] == ('Bearer realm="company-profiles", error="insufficient_scope", scope="admin"')


def test_without_a_key_the_challenge_names_no_error(api: TestClient, make_key: MakeKey) -> None:
    make_key(Scope.WRITE)
    response = api.post("/write")

    assert "scope write" in refused(response, 401, "unauthenticated")
    assert response.headers["www-authenticate"] == 'Bearer realm="company-profiles"'
    assert response.headers["cache-control"] == "no-store"


def test_unknown_revoked_and_half_right_keys_are_refused_alike(api: TestClient, make_key: MakeKey, database: Database) -> None:
    good, revoked = make_key(Scope.WRITE), make_key(Scope.WRITE, name="revoked")
    expired = make_key(Scope.WRITE, name="expired", expires_at=PAST)
    with database.writing() as connection:
        revoke_key(connection, "revoked", now())
    other = Key.new()
    bad = [
        other.text,
        revoked.text,
        other.text.replace(other.id, good.id),
        other.text.replace(other.id, expired.id),
        good.text.replace(good.id, other.id),
    ]
    answers = [api.post("/write", headers={"Authorization": f"Bearer {text}"}) for text in bad]

    assert {refused(answer, 401, "unauthenticated") for answer in answers} == {"Unknown or revoked API key."}
    assert {answer.headers["www-authenticate"] for answer in answers} == {
        'Bearer realm="company-profiles", error="invalid_token"'
    }


def test_a_refusal_runs_the_same_statements_whatever_is_known_of_the_key(
    api: TestClient, make_key: MakeKey, database: Database
) -> None:
    good, revoked, unknown = make_key(Scope.WRITE), make_key(Scope.WRITE, name="revoked"), Key.new()
    with database.writing() as connection:
        revoke_key(connection, "revoked", now())
    texts = [unknown.text, revoked.text, *(unknown.text.replace(unknown.id, key.id) for key in (good, revoked))]
    run: list[str] = []
    application = api.app
    assert isinstance(application, FastAPI)
    for engine in application.state.database.engines:
        event.listen(engine, "before_cursor_execute", lambda *arguments: run.append(arguments[2]))

    def statements(text: str) -> list[str]:
        run.clear()
        assert api.post("/write", headers={"Authorization": f"Bearer {text}"}).status_code == 401
        return [*run]

    assert statements(unknown.text) != []
    assert [statements(text) for text in texts] == [statements(unknown.text)] * len(texts)


def test_an_expired_key_is_refused_as_expired(api: TestClient, make_key: MakeKey) -> None:
    response = api.post("/write", headers=bearer(make_key(Scope.WRITE, expires_at=PAST)))

    assert refused(response, 401, "unauthenticated") == "The key 'dashboard' expired at 2026-01-31 00:00 UTC."


def test_a_key_ends_in_the_second_that_it_expires(api: TestClient, make_key: MakeKey, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = bearer(make_key(Scope.WRITE, expires_at=PAST))

    monkeypatch.setattr("app.auth.access.now", lambda: PAST - datetime.timedelta(microseconds=1))
    assert api.post("/write", headers=headers).status_code == 200
    monkeypatch.setattr("app.auth.access.now", lambda: PAST)
    assert api.post("/write", headers=headers).status_code == 401


MALFORMED: dict[str, Callable[[str], str | bytes]] = {
    "another scheme": lambda _: "Basic dXNlcjpwYXNzd29yZA==",
    "no scheme": lambda key: key,
    "no key": lambda _: "Bearer",
    "blanks for a key": lambda _: "Bearer   ",
    "two keys": lambda key: f"Bearer {key} {key}",
    "a list": lambda key: f"Bearer {key}, Bearer {key}",
    "a key with more after it": lambda key: f"Bearer {key}x",
    "a key cut short": lambda key: f"Bearer {key[:-1]}",
    "in capitals": lambda key: f"Bearer {key.upper()}",
    "bytes of Latin-1": lambda key: f"Bearer {key[:-1]}é".encode("latin-1"),
    "bytes of UTF-8": lambda _: "Bearer 密钥".encode(),
    "digits of another script": lambda key: f"Bearer {key[:-1]}٣".encode(),
    "10,000 characters": lambda _: f"Bearer cp_{'0' * 16}_{'a' * 9977}",
    "empty": lambda _: "",
}


@pytest.mark.parametrize("malformed", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_header_is_no_key(api: TestClient, make_key: MakeKey, malformed: Callable[[str], str | bytes]) -> None:
    value = malformed(make_key(Scope.WRITE).text)
    raw = value if isinstance(value, bytes) else value.encode()
    response = api.post("/write", headers=[(b"authorization", raw)])

    refused(response, 401, "unauthenticated")


def test_two_headers_are_no_key(api: TestClient, make_key: MakeKey) -> None:
    header = ("Authorization", f"Bearer {make_key(Scope.WRITE).text}")

    refused(api.post("/write", headers=[header, header]), 401, "unauthenticated")


def test_digests_are_compared_in_constant_time_for_an_unknown_key_too(
    api: TestClient, make_key: MakeKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[str, str]] = []
    compare = hmac.compare_digest

    def watched(left: str, right: str) -> bool:
        compared.append((left, right))
        return compare(left, right)

    monkeypatch.setattr("app.auth.credentials.hmac.compare_digest", watched)
    known, unknown = make_key(Scope.WRITE), Key.new()
    statuses = [api.post("/write", headers=bearer(key)).status_code for key in (known, unknown)]

    assert statuses == [200, 401]
    assert [left for left, _ in compared] == [known.sha256, unknown.sha256]
    assert [len(right) for _, right in compared] == [64, 64]


def test_reading_stays_open_and_takes_any_header(api: TestClient, make_key: MakeKey) -> None:
    make_key(Scope.READ)

    for headers in ({}, bearer(Key.new()), {"Authorization": "Basic x"}):
        response = api.get("/v1/companies", headers=headers)
        assert response.status_code == 200
        assert response.headers["cache-control"] == "no-cache"
