"""Reading where a setting closes it."""

from collections.abc import Iterator

import httpx
import pytest

from app.auth.credentials import Key
from app.auth.key import Scope
from app.auth.queries import revoke_key
from app.database.database import Database
from app.main import create_app
from app.settings import Settings
from app.values.dates import now
from tests.auth.conftest import MakeKey, bearer
from tests.databases import Databases, settings_for
from tests.server import running_server

GUIDE = ("/guide", "/guide/operate/keys", "/guide/contribute/adr/0007-response-cache")
OPEN = ("/", "/docs", "/redoc", "/openapi.json", "/problems", "/problems/unauthenticated", "/robots.txt", "/favicon.ico", *GUIDE)
HEALTH = ("/health/live", "/health/ready")
DATASET_SCHEMA = "/v1/datasets/schema"
"""It holds no data, and the editors that fetch it can send no key."""


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    """A database that holds the seed."""
    database = Database(settings_for(databases.copy(databases.seeded)))
    yield database
    database.engine.dispose()


@pytest.fixture
def closed(closed_settings: Settings) -> Iterator[httpx.Client]:
    with running_server(closed_settings) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


def data_addresses() -> list[tuple[str, str]]:
    """Method and address of everything in the OpenAPI document but health and the form of datasets."""
    paths = create_app(Settings(_env_file=None)).openapi()["paths"]
    return [
        (method.upper(), path.replace("{", "").replace("}", ""))
        for path, operations in paths.items()
        for method in operations
        if path not in (*HEALTH, DATASET_SCHEMA)
    ]


def test_every_address_asks_for_a_key_before_it_looks_at_anything_else(closed: httpx.Client, make_key: MakeKey) -> None:
    make_key(Scope.READ)
    addresses = data_addresses()
    statuses = {
        (method, path, query): closed.request(method, f"{path}{query}").status_code
        for method, path in addresses
        for query in ("", "?no_such_parameter=1")
    }

    assert ("GET", "/v1") in addresses
    assert ("POST", "/reconcile") in addresses
    assert {asked for asked, status in statuses.items() if status != 401} == set()


LEARNED: dict[str, tuple[str, str]] = {
    "no such path": ("GET", "/v1/nonexistent"),
    "no such path outside /v1": ("GET", "/nonexistent"),
    "no such page": ("GET", "/docs/more"),
    "a method that a path lacks": ("DELETE", "/v1/datasets"),
    "a method that nothing has": ("TRACE", "/v1/companies"),
    "what a path allows": ("OPTIONS", "/v1/companies"),
    "a repeated parameter": ("GET", "/v1/companies?limit=1&limit=2"),
    "half an encoded byte": ("GET", "/v1/companies?x=%zz"),
    "a path that is not UTF-8": ("GET", "/v1/companies/%ff"),
    "a control character": ("GET", "/v1/companies/%00"),
    "a long URL": ("GET", f"/v1/companies?{'a' * 9000}"),
    "a condition": ("HEAD", "/v1/companies/baidu"),
}


@pytest.mark.parametrize(("method", "address"), LEARNED.values(), ids=LEARNED)
def test_nothing_else_is_learned_without_a_key(closed: httpx.Client, make_key: MakeKey, method: str, address: str) -> None:
    headers = bearer(make_key(Scope.READ))
    without, guessed = closed.request(method, address), closed.request(method, address, headers=bearer(Key.new()))

    assert (without.status_code, guessed.status_code) == (401, 401)
    assert without.headers["www-authenticate"] == 'Bearer realm="company-profiles"'
    assert closed.request(method, address, headers=headers).status_code != 401


def test_a_body_is_not_looked_at_without_a_key(closed: httpx.Client, make_key: MakeKey) -> None:
    make_key(Scope.READ)
    large = closed.request("GET", "/v1/companies", content=b"x" * 70_000)
    malformed = closed.post("/reconcile", content=b"\xff", headers={"Content-Type": "application/json"})

    assert (large.status_code, malformed.status_code) == (401, 401)


@pytest.mark.parametrize("name", ["key", "api_key", "access_token", "Authorization"])
def test_a_key_in_the_url_opens_nothing(closed: httpx.Client, make_key: MakeKey, name: str) -> None:
    key = make_key(Scope.READ)

    assert closed.get("/v1/companies", params={name: key.text}).status_code == 401
    assert closed.get("/v1/companies", headers={"Cookie": f"{name}={key.text}"}).status_code == 401


def test_limits_count_and_refuse_what_has_no_key_like_the_rest(closed_settings: Settings, make_key: MakeKey) -> None:
    headers = bearer(make_key(Scope.READ))
    limited = closed_settings.model_copy(update={"rate_limit": f"{len(LEARNED)}/hour"})
    with running_server(limited) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        counted = [client.request(method, address).status_code for method, address in LEARNED.values()]
        refused = [client.request(method, address).status_code for method, address in LEARNED.values()]

        assert counted == [401] * len(LEARNED)
        assert refused == [429] * len(LEARNED)
        assert client.get("/v1/companies", headers=headers).status_code == 429


@pytest.mark.parametrize("address", [*OPEN, *HEALTH, DATASET_SCHEMA])
def test_pages_and_health_stay_open(closed: httpx.Client, address: str) -> None:
    assert closed.get(address).status_code == 200


def test_the_front_page_shows_nothing_of_the_data(closed: httpx.Client) -> None:
    page = closed.get("/").text

    assert "requires an API key" in page
    assert "Baidu" not in page
    assert "/v1/" not in page


@pytest.mark.parametrize("scope", Scope)
def test_a_key_with_any_scope_reads(closed: httpx.Client, make_key: MakeKey, scope: Scope) -> None:
    assert closed.get("/v1/companies/baidu", headers=bearer(make_key(scope))).json()["slug"] == "baidu"


@pytest.mark.parametrize("address", ["/v1/companies/baidu", "/v1/companies", "/v1/metrics?format=csv", "/v1", "/reconcile"])
def test_a_response_may_not_be_kept_for_others(closed: httpx.Client, make_key: MakeKey, address: str) -> None:
    headers = bearer(make_key(Scope.READ))
    found = closed.get(address, headers=headers)
    unchanged = closed.get(address, headers={**headers, "If-None-Match": found.headers["etag"]})

    assert (found.status_code, unchanged.status_code) == (200, 304)
    for answer in (found, unchanged, closed.head(address, headers=headers)):
        assert answer.headers["cache-control"] == "private, no-cache"
        assert {"Accept", "Authorization"} <= set(answer.headers["vary"].split(", "))


def test_a_validator_does_not_open_what_is_closed(closed: httpx.Client, make_key: MakeKey) -> None:
    etag = closed.get("/v1/companies", headers=bearer(make_key(Scope.READ))).headers["etag"]

    assert closed.get("/v1/companies", headers={"If-None-Match": etag}).status_code == 401


def test_a_problem_under_a_key_is_not_kept_at_all(closed: httpx.Client, make_key: MakeKey) -> None:
    response = closed.get("/v1/companies/nobody", headers=bearer(make_key(Scope.READ)))

    assert response.status_code == 404
    assert response.headers["cache-control"] == "no-store"


def test_with_no_key_made_nobody_reads_and_the_response_says_why(closed: httpx.Client) -> None:
    response = closed.get("/v1/companies", headers=bearer(Key.new()))

    assert response.status_code == 401
    assert "none exists yet" in response.json()["detail"]


def test_a_key_revoked_on_another_connection_ends_with_the_next_request(
    closed: httpx.Client, make_key: MakeKey, database: Database
) -> None:
    headers = bearer(make_key(Scope.READ))
    before = closed.get("/v1/companies", headers=headers).status_code
    with database.writing() as connection:
        revoke_key(connection, "dashboard", now())

    assert (before, closed.get("/v1/companies", headers=headers).status_code) == (200, 401)


def test_a_front_end_may_send_its_key_from_another_origin(closed: httpx.Client) -> None:
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}

    assert closed.options("/v1/companies", headers={"Origin": "https://app.example", **asked}).status_code == 200


def test_the_openapi_document_says_which_addresses_need_a_key(closed: httpx.Client) -> None:
    document = closed.get("/openapi.json").json()
    operations = {
        (path, method): operation for path, methods in document["paths"].items() for method, operation in methods.items()
    }
    needing = {asked: operation for asked, operation in operations.items() if operation.get("security")}

    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert {path for path, _ in operations.keys() - needing} == {*HEALTH, DATASET_SCHEMA}
    assert {asked for asked in needing if not {"401", "403"} <= needing[asked]["responses"].keys()} == set()
