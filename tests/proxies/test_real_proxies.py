"""nginx and HAProxy with TLS, at the root and under a path: every link leads on, and nothing leads past the proxy."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.databases import DatabasesOn, settings_for
from tests.programs import shown_files
from tests.proxies.crawl import crawl, wrong
from tests.proxies.running import PAGE, PROGRAMS, running_proxy, trusting
from tests.server import running_server

pytestmark = pytest.mark.slow
PLACES = ("/", "/profiles/", "/facts/")
"""At the root, under a path that the proxy removes, and under one that it passes on."""


@contextmanager
def environment_shown() -> Iterator[None]:
    """The environment of the server, as the page shows it."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("FORWARDED_ALLOW_IPS")
        for line in shown_files(PAGE)["/etc/default/company-profiles"].splitlines():
            name, _, value = line.partition("=")
            environment.setenv(name, value)
        yield


@pytest.fixture(scope="module", params=["nginx", "haproxy"])
def proxy(
    request: pytest.FixtureRequest, databases_on: DatabasesOn, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    if PROGRAMS[request.param] is None:
        pytest.skip(f"needs Debian's package {request.param}")
    databases, folder = databases_on("sqlite"), tmp_path_factory.mktemp(request.param)
    settings = settings_for(databases.copy(databases.seeded))
    with (
        environment_shown(),
        running_server(settings) as running,
        running_proxy(request.param, int(running.url.rpartition(":")[2]), Path(folder)) as url,
        httpx.Client(base_url=url, verify=trusting(Path(folder)), timeout=30) as client,
    ):
        yield client


def test_the_page_shows_the_files_of_both() -> None:
    assert [Path(path).name for path in shown_files(PAGE)] == [
        "company-profiles",
        "profiles.conf",
        "profiles-headers.conf",
        "haproxy.cfg",
    ]


@pytest.mark.parametrize("place", PLACES)
def test_every_link_leads_on_from_the_front_page(proxy: httpx.Client, place: str) -> None:
    found = crawl(proxy, str(proxy.base_url).rstrip("/") + place)

    assert wrong(found) == {}
    assert len(found) > 40
    followed = [urlsplit(url) for url in found]
    assert any("cursor=" in url.query for url in followed), "a next page"
    assert any("/assets/" in url.path for url in followed)


@pytest.mark.parametrize("place", PLACES)
def test_openapi_leads_to_its_endpoints(proxy: httpx.Client, place: str) -> None:
    document = proxy.get(f"{place}openapi.json").json()
    server = document["servers"][0]["url"].rstrip("/")
    paths = [
        path
        for path, operations in document["paths"].items()
        if "{" not in path and "stream" not in path and not operations.get("get", {"security": True})["security"]
    ]

    statuses = {path: proxy.get(server + path).status_code for path in paths}

    assert server == place.rstrip("/")
    assert {path: status for path, status in statuses.items() if status not in (200, 422)} == {}


@pytest.mark.parametrize("place", PLACES)
def test_redirects_absolute_urls_and_events_are_the_proxys(proxy: httpx.Client, place: str) -> None:
    slash = proxy.get(f"{place}v1/companies/?limit=1")
    linked = proxy.get(f"{place}v1/companies/baidu?format=jsonld").json()["@id"]
    with proxy.stream("GET", f"{place}v1/changes/stream?since=0") as response:
        event = next(line for line in response.iter_lines() if '"url"' in line)

    assert (slash.status_code, slash.headers["location"]) == (308, f"{place}v1/companies?limit=1")
    assert linked == f"{str(proxy.base_url).rstrip('/')}{place}v1/companies/baidu"
    assert f'"url":"{place}v1/' in event


def test_what_a_client_forges_reaches_nobody(proxy: httpx.Client) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil", "Forwarded": "host=evil.example;for=192.0.2.1"}

    answers = [proxy.get(f"{place}v1/companies/baidu?format=jsonld", headers=forged) for place in PLACES]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert not any("evil" in answer.text for answer in answers)
