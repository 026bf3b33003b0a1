"""What every answer carries: identifiers, security headers, and the right for other origins to read."""

import httpx
import pytest

from app.middleware.request_id import API_POLICY

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


def test_a_preflight_for_reads_and_writes_is_allowed_and_for_another_method_is_not(client: httpx.Client) -> None:
    origin = {"Origin": "https://front-end.example", "Access-Control-Request-Headers": "if-none-match"}

    assert client.options("/v1/companies", headers={**origin, "Access-Control-Request-Method": "GET"}).status_code == 200
    assert client.options("/v1/companies", headers={**origin, "Access-Control-Request-Method": "DELETE"}).status_code == 200
    assert client.options("/v1/companies", headers={**origin, "Access-Control-Request-Method": "TRACE"}).status_code == 400


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
