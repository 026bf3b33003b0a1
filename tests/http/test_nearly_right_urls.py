"""A URL that nearly exists leads to the one that does: by a redirect, a suggestion, or advice on a parameter."""

import httpx
import pytest

from tests.properties.raw_http import get
from tests.server import RunningServer

pytestmark = pytest.mark.any_engine
PROXY = {"X-Forwarded-Prefix": "/profiles"}


@pytest.mark.parametrize(
    ("address", "location"),
    [
        ("/v1/", "/v1"),
        ("/v1/companies/", "/v1/companies"),
        ("/v1/companies/?limit=1&country=CN", "/v1/companies?limit=1&country=CN"),
        ("/v1/companies/baidu/", "/v1/companies/baidu"),
        ("/v1/companies/b%61idu//?q=%C3%A9", "/v1/companies/b%61idu?q=%C3%A9"),
        ("/v1/companies%2F", "/v1/companies"),
        ("/docs/", "/docs"),
        ("/health/live/", "/health/live"),
        ("/problems/not-found/", "/problems/not-found"),
        ("/openapi.json/", "/openapi.json"),
    ],
)
def test_a_slash_at_the_end_redirects_and_keeps_the_query(client: httpx.Client, address: str, location: str) -> None:
    answer = client.get(address)

    assert (answer.status_code, answer.headers["location"]) == (308, location)
    assert client.get(address, headers=PROXY).headers["location"] == f"/profiles{location}"


def test_a_redirected_write_is_the_same_request(client: httpx.Client) -> None:
    answer = client.post("/v1/companies/?reason=x", json={"slug": "x"})

    assert (answer.status_code, answer.headers["location"]) == (308, "/v1/companies?reason=x")


@pytest.mark.parametrize(
    "address", ["//evil.example/", "//evil.example//v1/", "/evil/", "//v1/companies/", "/v1//companies/", "//"]
)
def test_no_redirect_leads_to_another_host_or_to_nothing(server: RunningServer, address: str) -> None:
    assert get(server, address).status == 404


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("/v1/companys", "/v1/companies"),
        ("/v1/company", "/v1/companies"),
        ("/v2/companies/baidu", "/v1/companies/baidu"),
        ("/api/v1/companies", "/v1/companies"),
        ("/api/companies", "/v1/companies"),
        ("/v1/companies/b%20d/milestone", "/v1/companies/b%20d/milestones"),
        ("/v1/company/baidu/profil", "/v1/companies/baidu/profile"),
        ("/v1/changes/strem", "/v1/changes/stream"),
        ("/helth/ready", "/health/ready"),
        ("/doc", "/docs"),
        ("/openapi.jsn", "/openapi.json"),
    ],
)
def test_a_path_that_nearly_exists_gets_the_nearest(client: httpx.Client, address: str, near: str) -> None:
    plain, public = client.get(address), client.get(address, headers=PROXY)

    assert plain.status_code == 404
    assert near in plain.json()["suggestions"]
    assert f" {near}." in plain.json()["detail"]
    assert f"/profiles{near}" in public.json()["suggestions"]
    assert f" /profiles{near}." in public.json()["detail"]


@pytest.mark.parametrize("address", ["/swagger", "/v1/nothing-like-it", "/x/y/z/a/b/c/d/e/f", "/" + "v1/" * 900, "/wp-admin.php"])
def test_a_path_that_is_like_no_other_gets_the_docs(client: httpx.Client, address: str) -> None:
    assert client.get(address).json()["suggestions"] == ["/docs"]


@pytest.mark.parametrize(
    "query", ["country[]=CN", "country%5B%5D=CN&country%5B%5D=US", "country[0]=CN&country[1]=US", "limit[]=1"]
)
def test_a_parameter_with_brackets_is_refused_with_advice(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/v1/companies?{query}")

    assert answer.status_code == 422
    error = answer.json()["errors"][0]
    assert error["suggestion"] == query[: query.index("[" if "[" in query else "%")]
    assert "without brackets" in error["message"]
    assert "paramsSerializer: { indexes: null }" in error["message"]


@pytest.mark.parametrize(
    ("query", "advice"),
    [
        ("country[]=CN&country[]=US", "repeat it for several values: country=…&country=…"),
        ("include[]=metrics&include[]=products", "several values have commas between them"),
    ],
)
def test_the_advice_on_brackets_says_how_several_values_are_written(client: httpx.Client, query: str, advice: str) -> None:
    [error] = client.get(f"/v1/companies?{query}").json()["errors"][:1]

    assert error["message"].endswith(advice)
    following = client.get("/v1/companies?country=CN&country=US&include=metrics,products&limit=1")
    assert following.status_code == 200


def test_an_unknown_parameter_with_brackets_is_unknown(client: httpx.Client) -> None:
    assert "There is no such parameter" in client.get("/v1/companies?x[]=1&x[]=2").json()["detail"]
