"""The pages over HTTP: their policies, what they load, and how they describe problems and companies."""

import re

import httpx
import pytest
from starlette.requests import Request

from app.errors.problem import Problem
from app.pages.developers import developers_page
from app.pages.front import front_page
from app.pages.static import ASSETS, DIGEST
from tests.pages.reading import Reading

REQUEST = Request({"type": "http"})
STATIC_PAGES = ("/", "/developers", "/problems", "/problems/not-found")
PAGES = (*STATIC_PAGES, "/docs", "/redoc")
STRICTEST = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def policy_of(response: httpx.Response) -> dict[str, str]:
    directives = response.headers["content-security-policy"].split("; ")
    return {name: sources for name, _, sources in (directive.partition(" ") for directive in directives)}


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_html_that_is_checked_again_each_time(client: httpx.Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"
    assert response.text.startswith("<!doctype html>\n")
    assert not re.search(r"\{\{|\{%|\{#", response.text)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_answers_head_and_comes_compressed_or_plain(client: httpx.Client, address: str) -> None:
    head = client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    compressed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert compressed.headers["content-encoding"] == "gzip"
    without_nonce = re.compile(r'data-nonce="[^"]+"')
    assert without_nonce.sub("", plain.text) == without_nonce.sub("", compressed.text)


@pytest.mark.parametrize("address", STATIC_PAGES)
def test_a_page_without_scripts_has_the_strictest_policy(client: httpx.Client, address: str) -> None:
    assert client.get(address).headers["content-security-policy"] == STRICTEST


@pytest.mark.parametrize("address", PAGES)
def test_no_policy_lets_inline_code_or_another_host_in(client: httpx.Client, address: str) -> None:
    policy = policy_of(client.get(address))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy.get("script-src", "'self'") == "'self'"
    assert policy.get("connect-src", "'self'") == "'self'"
    sources = {source for value in policy.values() for source in value.split()}
    known = {"'none'", "'self'", "data:", "blob:"}
    assert all(source in known or source.startswith(("'nonce-", "'sha256-")) for source in sources)


def test_redoc_gets_another_nonce_each_time(client: httpx.Client) -> None:
    first, second = client.get("/redoc"), client.get("/redoc")
    nonces = [re.findall(r'data-nonce="([\w-]{22})"', response.text) for response in (first, second)]
    assert nonces[0] != nonces[1]
    assert f"'nonce-{nonces[0][0]}'" in policy_of(first)["style-src"]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_loads_only_our_assets_and_has_nothing_inline(client: httpx.Client, address: str) -> None:
    page = Reading(client.get(address).text)
    assert page.inline == []
    assert page.loaded
    assert [asset for asset in page.loaded if not asset.startswith(f"{ASSETS}/")] == []
    for asset in page.loaded:
        response = client.get(asset)
        assert response.status_code == 200
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert response.headers["content-type"].partition(";")[0] in {"image/svg+xml", "text/css", "text/javascript"}


@pytest.mark.parametrize("address", PAGES)
def test_every_link_of_a_page_answers(client: httpx.Client, address: str) -> None:
    links = [link for link in Reading(client.get(address).text).linked if not link.startswith("#")]
    needed = {"/v1/compare": {"companies": "baidu,kuaishou"}, "/v1/search": {"q": "ai"}, "/v1/suggest": {"q": "ba"}}
    assert {link: client.get(link, params=needed.get(link)).status_code for link in links} == dict.fromkeys(links, 200)


def test_an_asset_of_another_version_is_served_but_not_kept(client: httpx.Client) -> None:
    response = client.get("/assets/0123456789ab/style.css")
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-cache"


@pytest.mark.any_engine
@pytest.mark.parametrize("name", ["none.css", "..%2Frouter.py", "%2e%2e%2frouter.py", "..", "", "x" * 3000])
def test_nothing_but_assets_is_served_as_one(client: httpx.Client, name: str) -> None:
    response = client.get(f"{ASSETS}/{name}")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.any_engine
@pytest.mark.parametrize("problem", Problem.__subclasses__(), ids=lambda problem: problem.name)
def test_the_type_of_every_problem_is_the_address_of_its_page(client: httpx.Client, problem: type[Problem]) -> None:
    response = client.get(problem().details(None).type)
    assert response.status_code == 200
    page = Reading(response.text)
    assert f"<h1>{problem.title}</h1>" in response.text
    assert f'<p class="status">{problem.status}</p>' in response.text
    assert "`" not in response.text
    assert {f"/problems/{other.name}" for other in Problem.__subclasses__()} <= set(page.linked)
    assert f'href="/problems/{problem.name}" aria-current="page"' in response.text


def test_all_problems_are_listed(client: httpx.Client) -> None:
    page = client.get("/problems").text
    assert [problem.title for problem in Problem.__subclasses__() if f"</b> {problem.title}</a>" not in page] == []


@pytest.mark.any_engine
@pytest.mark.parametrize(("name", "suggestion"), [("not-fund", "/problems/not-found"), ("<b>", "/problems")])
def test_an_unknown_problem_is_itself_one(client: httpx.Client, name: str, suggestion: str) -> None:
    response = client.get(f"/problems/{name}")
    assert response.status_code == 404
    assert response.json()["type"] == "/problems/not-found"
    assert response.json()["suggestions"] == [suggestion]


def test_robots_may_read_pages_but_not_the_api(client: httpx.Client) -> None:
    response = client.get("/robots.txt")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert "User-agent: *\nDisallow: /v1/\n" in response.text


def test_the_icon_has_its_usual_address_too(client: httpx.Client) -> None:
    response = client.get("/favicon.ico")
    assert response.headers["content-type"] == "image/svg+xml"
    assert response.content == client.get(f"/assets/{DIGEST}/favicon.svg").content


def test_the_index_names_addresses_that_answer(client: httpx.Client) -> None:
    response = client.get("/v1")
    assert response.json()["name"] == "Company Profiles"
    links = set(response.json()["links"].values()) - {
        "/v1/changes/stream",
        "/v1/datasets",
        "/v1/changes/undo",
    }  # without an end, or for a key
    needed = {"/v1/compare": {"companies": "baidu,kuaishou"}, "/v1/search": {"q": "ai"}, "/v1/suggest": {"q": "ba"}}
    assert {link: client.get(link, params=needed.get(link)).status_code for link in links} == dict.fromkeys(links, 200)
    assert client.get("/v1", headers={"If-None-Match": response.headers["etag"]}).status_code == 304
    assert client.get("/v1", params={"formt": "json"}).json()["errors"][0]["suggestion"] == "format"


def test_the_page_for_developers_leads_on_without_a_database() -> None:
    page = Reading(bytes(developers_page(REQUEST, None).body).decode())
    always = {"/v1/metrics?unit=CNY", "/v1/metrics?format=csv", "/v1/milestones?dated=false", "/v1/stats"}
    assert always | {"/docs", "/redoc", "/openapi.json", "/problems", "/guide", "/health/ready"} <= set(page.linked)
    assert [link for link in page.linked if "{" in link] == []


def test_the_front_page_leads_on_without_a_database() -> None:
    request = Request(
        {"type": "http", "headers": [], "path": "/", "query_string": b"", "server": ("127.0.0.1", 80), "scheme": "http"}
    )
    page = Reading(bytes(front_page(request, None).body).decode())
    assert {"/docs", "/guide", "/developers", "/health/ready"} <= set(page.linked)
