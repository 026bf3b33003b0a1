"""Who may write, and from where."""

import pytest

from app.auth.key import Scope
from app.database.database import Database
from tests.editing.conftest import Serve, key_of
from tests.editing.curator import Curator, content, refused
from tests.editing.lamps import ADDRESSES, COMPANY_ADDRESS, MILESTONE

FOREIGN = "https://editor.example"
REQUESTS = [
    *[(method, address) for address in ADDRESSES for method in ("PUT", "PATCH", "DELETE")],
    ("POST", "/v1/companies"),
    ("POST", "/v1/sources"),
    ("POST", f"{COMPANY_ADDRESS}/milestones"),
    ("POST", f"{COMPANY_ADDRESS}/products"),
    ("POST", f"{COMPANY_ADDRESS}/metrics"),
    ("POST", f"{COMPANY_ADDRESS}/merge?into=nordlys"),
    ("POST", "/v1/datasets"),
    ("GET", "/v1/datasets"),
    ("POST", "/v1/changes/undo?first=1"),
]


def refuse_all(curator: Curator, database: Database, status: int, name: str) -> None:
    """Every address that needs the scope write refuses, whatever the body, and nothing is changed."""
    before = content(database)
    for method, address in REQUESTS:
        for body in ({"slug": "new", "name": "New"}, b"no JSON"):
            refused(curator.send(method, address, body, if_match="*"), status, name)
    assert content(database) == before


def test_with_no_key_made_nothing_can_be_written(database: Database, serve: Serve) -> None:
    refuse_all(serve(database, ""), database, 403, "read-only")


def test_without_a_key_nothing_can_be_written(database: Database, serve: Serve) -> None:
    key_of(database)
    refuse_all(serve(database, ""), database, 401, "unauthenticated")


def test_a_key_for_reading_cannot_write(database: Database, serve: Serve) -> None:
    refuse_all(serve(database, key_of(database, Scope.READ)), database, 403, "insufficient-scope")


@pytest.mark.parametrize("scope", [Scope.WRITE, Scope.ADMIN])
def test_a_key_for_writing_can(database: Database, serve: Serve, scope: Scope) -> None:
    curator = serve(database, key_of(database, scope))

    assert curator.post(f"{COMPANY_ADDRESS}/milestones", MILESTONE | {"slug": "new"}).status_code == 201


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("PUT", "authorization, content-type, if-match"),
        ("PATCH", "authorization, content-type, if-match"),
        ("DELETE", "authorization, if-match"),
        ("POST", "authorization, content-type, idempotency-key"),
    ],
)
def test_a_page_of_another_origin_may_ask_to_write(curator: Curator, method: str, headers: str) -> None:
    asked = {"Origin": FOREIGN, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    answer = curator.client.options(COMPANY_ADDRESS, headers=asked)

    assert answer.status_code == 200, answer.text
    assert answer.headers["access-control-allow-origin"] in ("*", FOREIGN)
    assert method in answer.headers["access-control-allow-methods"]
    allowed = answer.headers["access-control-allow-headers"].lower()
    assert [name for name in headers.split(", ") if name not in allowed] == []


def test_a_page_of_another_origin_may_read_what_the_response_says(curator: Curator) -> None:
    answer = curator.post("/v1/companies", {"slug": "lumen", "name": "Lumen"}, origin=FOREIGN, idempotency_key="one")
    exposed = answer.headers["access-control-expose-headers"].lower()

    reported = ("etag", "location", "content-location", "profiles-revision", "idempotency-replayed", "www-authenticate")
    assert [name for name in reported if name not in exposed] == []


def test_a_page_of_another_origin_may_read_problems(curator: Curator) -> None:
    answer = curator.send("PATCH", COMPANY_ADDRESS, {"note": "New."}, origin=FOREIGN)

    refused(answer, 428, "precondition-required")
    assert answer.headers["access-control-allow-origin"] in ("*", FOREIGN)
