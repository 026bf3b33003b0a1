"""What every page that shows data has in common: the search box, its JSON, its language, its validators, its problems."""

import re
from collections.abc import Iterator

import httpx
import pytest

from app.http.negotiation import DEFAULT_LANGUAGE, language_of, prefers_html
from app.middleware.cache import ResponseCache
from tests.databases import Databases, DatabasesOn, settings_for
from tests.pages.reading import Reading
from tests.server import RunningServer, running_server

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize("address", ["/", "/problems", "/search", "/search?q=deep+learning"])
def test_every_page_has_a_search_box(client: httpx.Client, address: str) -> None:
    page = client.get(address).text
    assert len(re.findall(r'<form role="search" class="(?:site|big)-search" action="/search">', page)) == 1
    assert page.count('id="site-search"') == 1


def test_a_search_marks_what_matched_and_keeps_the_query(client: httpx.Client) -> None:
    page = client.get("/search", params={"q": "deep learning"}).text
    assert "<mark>deep</mark> <mark>learning</mark>" in page
    assert 'value="deep learning"' in page
    hits = client.get("/v1/search", params={"q": "deep learning"}).json()["items"]
    assert [title for title in (hit["title"] for hit in hits) if f">{title}</a></h2>" not in page] == []


def test_a_search_corrects_a_misspelt_word(client: httpx.Client) -> None:
    page = client.get("/search", params={"q": "kuaishuo"}).text
    assert 'Did you mean <a href="/search?q=kuaishou">kuaishou</a>?' in page


def test_a_search_for_nothing_explains_itself(client: httpx.Client) -> None:
    assert "Write a name or a few words" in client.get("/search").text
    assert "Nothing contains all of these words." in client.get("/search", params={"q": "zebra"}).text
    assert "no letters or digits" in client.get("/search", params={"q": "?!"}).text


def test_a_query_is_text_and_never_markup(client: httpx.Client) -> None:
    response = client.get("/search", params={"q": '"><script>alert(1)</script>'})
    assert Reading(response.text).inline == []
    assert "&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in response.text


def test_a_page_names_its_json(client: httpx.Client) -> None:
    page = client.get("/search", params={"q": "deep learning"}).text
    [url] = re.findall(r'<link rel="alternate" type="application/json" href="([^"]+)">', page)
    assert f'<a href="{url}" type="application/json">This page as JSON</a>' in page
    assert client.get(url).json()["items"] != []


def test_a_page_of_data_has_an_etag_that_names_its_language(client: httpx.Client) -> None:
    first = client.get("/search?q=ai", headers={"Accept-Language": "de-AT, en;q=0.5"})
    other = client.get("/search?q=ai", headers={"Accept-Language": "en"})
    assert {"Accept", "Accept-Language"} <= set(first.headers["vary"].split(", "))
    assert first.headers["etag"] != other.headers["etag"]
    again = {"Accept-Language": "de-AT", "If-None-Match": first.headers["etag"]}
    assert client.get("/search?q=ai", headers=again).status_code == 304
    assert client.get("/search?q=ai", headers=again | {"Accept-Language": "en"}).status_code == 200


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", DEFAULT_LANGUAGE),
        ("*", DEFAULT_LANGUAGE),
        ("en", DEFAULT_LANGUAGE),
        ("en-US,en;q=0.9", "en_US"),
        ("de", "de"),
        ("en;q=0.1, fr-CA;q=0.9", "fr_CA"),
        ("zh-CN", "zh_Hans_CN"),
        ("tlh, de;q=0.5", "de"),
        ("de;q=0", DEFAULT_LANGUAGE),
        ("; ,;q, --, \x00, ../../etc", DEFAULT_LANGUAGE),
        ("x" * 10_000, DEFAULT_LANGUAGE),
    ],
)
def test_the_language_is_the_first_that_babel_has(header: str, language: str) -> None:
    assert language_of(header) == language


@pytest.mark.parametrize(
    ("accept", "preferred"),
    [
        (BROWSER["Accept"], True),
        ("text/html", True),
        ("text/html, application/json;q=0.9", True),
        ("text/html;q=0.5, application/json", False),
        ("text/html;q=0", False),
        ("*/*", False),
        ("text/*", False),
        ("", False),
    ],
)
def test_html_is_preferred_if_it_is_named(accept: str, *, preferred: bool) -> None:
    assert prefers_html(accept) is preferred


@pytest.mark.parametrize("address", ["/nothing", "/problems/not-fund", "/search?sort=colour", "/companies/%FF"])
def test_a_browser_gets_a_problem_as_a_page_and_a_program_as_json(client: httpx.Client, address: str) -> None:
    page, problem = client.get(address, headers=BROWSER), client.get(address)
    assert problem.headers["content-type"] == "application/problem+json"
    assert page.status_code == problem.status_code >= 400
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert page.headers["vary"].startswith("Accept")
    assert page.headers["cache-control"] == "no-store"
    assert f"<h1>{problem.json()['title']}</h1>" in page.text
    assert Reading(page.text).inline == []
    assert client.head(address, headers=BROWSER).headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("address", ["/v1/companies/nobody", "/reconcile/nothing", "/v1x"])
def test_the_api_refuses_in_json_whatever_is_preferred(client: httpx.Client, address: str) -> None:
    assert client.get(address, headers=BROWSER).headers["content-type"] == "application/problem+json"


def test_a_long_problem_comes_compressed_and_becomes_a_page_too(client: httpx.Client) -> None:
    response = client.get("/search", params=dict.fromkeys((f"unknown{n}" for n in range(30)), "1"), headers=BROWSER)
    assert response.status_code == 422
    assert [n for n in range(30) if f"<code>unknown{n}</code>" not in response.text] == []


@pytest.fixture(scope="module")
def closed(databases: Databases) -> Iterator[RunningServer]:
    settings = settings_for(databases.readable).model_copy(update={"reads_need_key": True})
    with running_server(settings) as server:
        yield server


@pytest.mark.parametrize("address", ["/search?q=baidu", "/companies/baidu", "/nothing"])
def test_if_reading_needs_a_key_a_browser_sees_the_closed_page_only(closed: RunningServer, address: str) -> None:
    response = httpx.get(closed.url + address, headers=BROWSER)
    assert response.status_code == 401
    assert "Reading from this server requires an API key." in response.text
    assert "Baidu" not in response.text


def test_a_page_is_cached_by_language_and_revision(databases: Databases) -> None:
    with running_server(settings_for(databases.readable)) as server, httpx.Client(base_url=server.url) as client:
        cache = server.app
        assert isinstance(cache, ResponseCache)
        pages = [client.get("/search?q=ai", headers={"Accept-Language": tag}).content for tag in ("de", "de", "en", "de-DE")]
        assert (cache.hits, cache.misses) == (1, 3)
        assert pages[0] == pages[1]


@pytest.mark.parametrize("address", ["/", "/companies", "/companies/baidu", "/search?q=ai"])
def test_a_page_that_has_not_changed_keeps_its_policy(client: httpx.Client, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["etag"], "Cache-Control": "no-cache"})
    assert again.status_code == 304
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]


def test_every_page_of_data_is_cached(databases: Databases) -> None:
    addresses = [
        "/companies",
        "/sources",
        "/changes",
        "/changes.atom",
        "/metrics",
        "/metrics/revenue",
        "/compare?companies=baidu",
    ]
    with running_server(settings_for(databases.readable)) as server, httpx.Client(base_url=server.url) as client:
        cache = server.app
        assert isinstance(cache, ResponseCache)
        for address in addresses:
            assert client.get(address).content == client.get(address).content
        assert (cache.hits, cache.misses) == (len(addresses), len(addresses))


def test_the_front_page_is_cached_while_the_revision_is_known(databases_on: DatabasesOn) -> None:
    with running_server(settings_for(databases_on("sqlite").readable)) as server, httpx.Client(base_url=server.url) as client:
        cache = server.app
        assert isinstance(cache, ResponseCache)
        client.get("/v1/companies")
        assert client.get("/").content == client.get("/").content
        assert cache.hits == 1
