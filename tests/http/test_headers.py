"""What every answer carries: identifiers, security headers, and the right for other origins to read."""

import httpx
import pytest

from app.middleware.request_id import API_POLICY
from tests.databases import Databases, settings_for
from tests.server import running_server

ADDRESSES = ("/v1/companies", "/v1/companies/nobody", "/v1/companies?limit=0", "/nothing", "/health/live")


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_response_has_an_identifier_and_the_security_headers(client: httpx.Client, address: str) -> None:
    headers = client.get(address).headers

    assert len(headers["x-request-id"]) == 36
    assert headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in headers
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"] == API_POLICY
    assert "server" not in headers


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_of_every_origin_may_read(client: httpx.Client, address: str) -> None:
    headers = client.get(address, headers={"Origin": "https://front-end.example"}).headers

    assert headers["access-control-allow-origin"] == "*"
    assert {"ETag", "Link"} <= set(headers["access-control-expose-headers"].split(", "))


PREFLIGHT = {"Origin": "https://front-end.example", "Access-Control-Request-Method": "GET"}


def test_a_preflight_for_reads_and_writes_is_allowed(client: httpx.Client) -> None:
    asked = {**PREFLIGHT, "Access-Control-Request-Headers": "if-none-match"}

    assert client.options("/v1/companies", headers=asked).status_code == 200
    assert client.options("/v1/companies", headers={**asked, "Access-Control-Request-Method": "DELETE"}).status_code == 200


@pytest.mark.any_engine
def test_a_page_may_send_the_headers_that_libraries_add(client: httpx.Client) -> None:
    added = "baggage,cache-control,pragma,sentry-trace,traceparent,tracestate,x-correlation-id,x-request-id,x-requested-with"

    assert client.options("/v1/companies", headers={**PREFLIGHT, "Access-Control-Request-Headers": added}).status_code == 200


@pytest.mark.parametrize(
    ("header", "value", "reason"),
    [
        ("Access-Control-Request-Method", "TRACE", "The method TRACE is not allowed"),
        ("Access-Control-Request-Headers", "x-unknown, etag", "These headers are not allowed: x-unknown, etag. These are: Auth"),
        ("Access-Control-Request-Private-Network", "true", "public network"),
    ],
)
@pytest.mark.any_engine
def test_a_refused_preflight_is_a_problem_with_the_reason(client: httpx.Client, header: str, value: str, reason: str) -> None:
    answer = client.options("/v1/companies", headers={**PREFLIGHT, header: value})

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    problem = answer.json()
    assert (problem["type"], problem["errors"][0]["field"]) == ("/problems/cross-origin-refused", header)
    assert reason in problem["detail"]
    assert problem["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"


@pytest.mark.parametrize("origins", [[], ["https://app.example"]], ids=["no origin", "another origin"])
@pytest.mark.any_engine
def test_a_preflight_of_an_origin_that_may_not_read_is_a_problem(databases: Databases, origins: list[str]) -> None:
    settings = settings_for(databases.copy(databases.migrated)).model_copy(update={"cors_origins": origins})
    with running_server(settings) as running:
        answer = httpx.options(f"{running.url}/v1/companies", headers=PREFLIGHT)

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/cross-origin-refused")
    assert "PROFILES_CORS_ORIGINS" in answer.json()["detail"]
    assert "access-control-allow-origin" not in answer.headers


def test_options_that_are_no_preflight_get_the_allowed_methods(client: httpx.Client) -> None:
    answer = client.options("/v1/companies", headers={"Origin": "https://front-end.example"})

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")


def test_a_problem_names_the_identifier_of_its_request(client: httpx.Client) -> None:
    answer = client.get("/v1/companies/nobody")

    assert answer.json()["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"


def test_liveness_and_readiness_answer(client: httpx.Client) -> None:
    assert client.get("/health/live").json()["status"] == "ok"
    ready = client.get("/health/ready")
    assert ready.json()["revision"] == 64
    assert ready.headers["cache-control"] == "no-store"


def test_the_policy_of_the_api_lets_nothing_in() -> None:
    assert API_POLICY == "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize("address", ["/v1/companies", "/", "/health/live"])
def test_trace_is_not_allowed(client: httpx.Client, address: str) -> None:
    answer = client.request("TRACE", address, headers={"X-Marker": "sent"})

    assert answer.status_code == 405
    assert "sent" not in answer.text
