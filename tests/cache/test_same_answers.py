"""What the cache gives is what the application would have given: bytes and headers."""

import httpx
import pytest

from tests.cache.asking import GZIP, PLAIN, Served, ask
from tests.http.tables import in_format
from tests.properties.raw_http import get
from tests.server import RunningServer

SOURCE = "chinas-sci-tech-is-going-global"
LISTS = (
    "/v1/companies",
    "/v1/milestones",
    "/v1/products",
    "/v1/metrics",
    "/v1/sources",
    "/v1/timeline",
    "/v1/changes",
    "/v1/search?q=baidu",
    "/v1/companies/baidu/milestones",
    "/v1/companies/baidu/products",
    "/v1/companies/baidu/metrics",
    f"/v1/sources/{SOURCE}/facts",
)
SINGLES = (
    "/v1/companies/baidu",
    "/v1/companies/baidu?format=jsonld",
    "/v1/companies/baidu?include=milestones,metrics",
    "/v1/companies/baidu/profile",
    "/v1/companies/baidu/history",
    "/v1/companies/baidu/milestones/founded",
    "/v1/companies/kuaishou/metrics/revenue",
    "/v1/companies/baidu/products/baidu-ai-cloud",
    f"/v1/sources/{SOURCE}",
    "/v1/stats",
    "/v1/suggest?q=bai",
    "/v1/compare?companies=baidu,kuaishou",
    "/v1/timeline?group=year",
    "/v1/companies?limit=1",
    "/v1/companies?fields=slug&total=true",
    "/reconcile/preview?id=baidu",
    "/reconcile/suggest/entity?prefix=bai",
)


PAGES = ("/companies/baidu", "/companies/baidu/milestones/founded", "/search?q=ai")
KEPT = (*SINGLES, *PAGES, *LISTS, *(in_format(address, f"format={format}") for address in LISTS for format in ("csv", "ndjson")))
NOT_KEPT = (
    "/v1",
    "/health/live",
    "/v1/datasets/schema",
    "/reconcile",
    "/docs",
    "/v1/companies/nobody",
    "/v1/companies?limit=0",
)
BROWSER = {
    "Host": "api.example",
    "Accept": "application/json",
    "Accept-Encoding": "gzip, deflate, br",
    "Origin": "https://front-end.example",
}


@pytest.mark.parametrize("headers", [PLAIN, GZIP, BROWSER], ids=["plain", "gzip", "browser"])
@pytest.mark.parametrize("address", KEPT)
def test_a_response_given_again_is_the_applications_own(
    served: Served, uncached: httpx.Client, address: str, headers: dict[str, str]
) -> None:
    wanted = ask(uncached, address, headers)
    first = ask(served.client, address, headers)
    hits = served.cache.hits
    again = ask(served.client, address, headers)

    assert wanted.status == 200
    assert first == wanted
    assert again == wanted
    assert served.cache.hits == hits + 1


@pytest.mark.parametrize("headers", [PLAIN, GZIP], ids=["plain", "gzip"])
@pytest.mark.parametrize("address", KEPT)
def test_head_is_served_from_what_get_left(served: Served, uncached: httpx.Client, address: str, headers: dict[str, str]) -> None:
    ask(served.client, address, headers)
    hits = served.cache.hits

    assert ask(served.client, address, headers, "HEAD") == ask(uncached, address, headers, "HEAD")
    assert served.cache.hits == hits + 1


@pytest.mark.parametrize("address", ["/v1/companies/baidu/profile", "/v1/metrics?format=csv"])
def test_head_leaves_nothing_that_get_could_be_given(served: Served, uncached: httpx.Client, address: str) -> None:
    served.cache.clear()
    ask(served.client, address, method="HEAD")

    assert ask(served.client, address) == ask(uncached, address)


@pytest.mark.any_engine
@pytest.mark.parametrize("warm", [True, False], ids=["after a 200", "alone"])
@pytest.mark.parametrize("address", ["/v1/companies/baidu/profile", *KEPT[:3], *KEPT[-4:]])
def test_conditions_are_judged_as_the_application_does(
    served: Served, uncached: httpx.Client, address: str, *, warm: bool
) -> None:
    etags = [tag for headers in (PLAIN, GZIP) for name, tag in ask(uncached, address, headers).headers if name == "etag"]
    conditions = ['"other"', "*", "", '"a", "b"', f'"a", {", ".join(etags)}', f'W/"a",*,{"".join(etags)}']
    conditions += [form for tag in etags for form in (tag, f"W/{tag}", f"x ,{tag} , *", tag.replace('"', ""), tag.upper())]
    for headers in (PLAIN, GZIP):
        for condition in conditions:
            sent = {**headers, "If-None-Match": condition}
            served.cache.clear()
            if warm:
                ask(served.client, address, headers)
            for method in ("GET", "GET", "HEAD"):
                assert ask(served.client, address, sent, method) == ask(uncached, address, sent, method), condition


@pytest.mark.parametrize("headers", [PLAIN, GZIP], ids=["plain", "gzip"])
def test_a_304_is_kept_though_nobody_asked_for_the_whole(served: Served, headers: dict[str, str]) -> None:
    address = "/v1/companies/kuaishou/profile"
    etag = ask(served.client, address, headers).etag
    served.cache.clear()

    assert served.is_kept(address, {**headers, "If-None-Match": etag})
    assert ask(served.client, address, {**headers, "If-None-Match": etag}).status == 304
    assert ask(served.client, address, {**headers, "If-None-Match": '"other"'}).status == 200
    assert ask(served.client, address, headers).body != b""


def test_a_condition_in_strange_blanks_is_judged_the_same_each_time(server: RunningServer) -> None:
    answers = [get(server, "/v1/companies/kuaishou", "If-None-Match: \xa0*") for _ in range(3)]

    assert [answer.status for answer in answers] == [200] * 3


@pytest.mark.parametrize("address", NOT_KEPT)
def test_what_is_of_no_revision_is_the_same_too_and_not_kept(served: Served, uncached: httpx.Client, address: str) -> None:
    wanted, given = ask(uncached, address), ask(served.client, address)

    assert (given.status, [name for name, _ in given.headers]) == (wanted.status, [name for name, _ in wanted.headers])
    assert not served.is_kept(address)


def test_each_response_from_the_cache_has_an_identifier_of_its_own(served: Served) -> None:
    identifiers = {served.client.get("/v1/companies/baidu").headers["x-request-id"] for _ in range(5)}

    assert len(identifiers) == 5
    assert {len(identifier) for identifier in identifiers} == {36}
