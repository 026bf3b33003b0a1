"""Other slugs: the old addresses lead to the new ones, and what names the resource follows."""

import httpx
import pytest

from tests.editing.curator import Curator, refused
from tests.editing.lamps import COMPANY_ADDRESS, METRIC_ADDRESS, MILESTONE, MILESTONE_ADDRESS, PRODUCT_ADDRESS

NEW = "/v1/companies/fern"


def location(curator: Curator, address: str, method: str = "GET") -> str:
    """Where an address leads for good."""
    answer = curator.send(method, address, {"note": "New."}, if_match="*")
    assert answer.status_code == 308, (address, answer.text)
    assert answer.headers["cache-control"] == "no-cache"
    return answer.headers["location"]


def followed(curator: Curator, address: str) -> httpx.Response:
    return curator.client.get(address, follow_redirects=True)


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "?format=json",
        "/profile",
        "/profile?format=json",
        "/history",
        "/history?limit=1",
        "/milestones",
        "/products?sort=-launched&limit=5",
        "/metrics?format=csv",
        "/milestones/founded",
        "/products/glod?format=json",
        "/metrics/sales/history?limit=2",
        "/milestones?category=founding&category=launch",
    ],
)
def test_every_address_of_a_company_leads_to_the_same_under_its_new_slug(curator: Curator, rest: str) -> None:
    answer = curator.changed(COMPANY_ADDRESS, slug="fern")

    assert answer.headers["content-location"] == answer.json()["url"] == NEW
    assert location(curator, COMPANY_ADDRESS + rest) == NEW + rest
    assert followed(curator, COMPANY_ADDRESS + rest).status_code == 200


def test_any_text_after_a_former_slug_is_redirected_with_it(curator: Curator) -> None:
    curator.changed(COMPANY_ADDRESS, slug="fern")
    rest = "/milestones/%C3%8F%5E%F0%BE%9D%B3/history"

    assert location(curator, COMPANY_ADDRESS + rest) == NEW + rest
    assert followed(curator, COMPANY_ADDRESS + rest).status_code == 404


@pytest.mark.parametrize(
    "rest",
    [
        "/milestones/a%20%c3%a9",
        "/metrics/%22%3E/history",
        "/milestones/founded%2fhistory",
        "/milestones?category=%66ounding&limit=1",
    ],
)
def test_a_redirect_keeps_the_url_as_it_was_written(curator: Curator, rest: str) -> None:
    curator.changed(COMPANY_ADDRESS, slug="fern")
    led = location(curator, COMPANY_ADDRESS.replace("/v1/companies", "/v1/%63ompanies") + rest)

    assert led == NEW + rest


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD"])
def test_changes_sent_to_an_old_address_are_not_made_but_redirected(curator: Curator, method: str) -> None:
    curator.changed(COMPANY_ADDRESS, slug="fern")
    newest = curator.newest()

    assert location(curator, f"{COMPANY_ADDRESS}?reason=Why" if method != "HEAD" else COMPANY_ADDRESS, method).startswith(NEW)
    assert location(curator, MILESTONE_ADDRESS, method) == f"{NEW}/milestones/founded"
    assert curator.newest() == newest


def test_a_fact_for_an_old_address_of_a_company_is_redirected_and_made_there(curator: Curator) -> None:
    curator.changed(COMPANY_ADDRESS, slug="fern")
    address = location(curator, f"{COMPANY_ADDRESS}/milestones", "POST")

    assert curator.created(address, MILESTONE | {"slug": "second"}).json()["company"] == "fern"


def test_facts_name_their_company_by_its_new_slug(curator: Curator) -> None:
    curator.changed(f"{COMPANY_ADDRESS}?reason=A shorter name", slug="fern")

    for kind, slug in (("milestones", "founded"), ("products", "glod"), ("metrics", "sales")):
        fact = curator.read(f"{NEW}/{kind}/{slug}")
        assert (fact["company"], fact["company_url"], fact["url"]) == ("fern", NEW, f"{NEW}/{kind}/{slug}")
        newest = curator.get(f"{NEW}/{kind}/{slug}/history").json()["items"][0]
        assert newest["reason"] == "A shorter name"
        assert {change["field"] for change in newest["changes"]} == {"company", "company_url", "url"}


def test_lists_and_search_have_the_new_slug_alone(curator: Curator) -> None:
    curator.changed(COMPANY_ADDRESS, slug="fern")

    assert [item["slug"] for item in curator.get("/v1/companies?sort=slug").json()["items"]] == ["fern", "nordlys"]
    assert {item["company"] for item in curator.get("/v1/milestones").json()["items"]} == {"fern"}
    hits = curator.get("/v1/search?q=fernhold").json()["items"]
    assert NEW in [hit["url"] for hit in hits]
    assert not [hit for hit in hits if "companies/fernhold" in hit["url"]]
    assert curator.get("/v1/compare?companies=fern,nordlys").json()


def test_the_past_has_the_old_slug(curator: Curator) -> None:
    before = curator.newest()
    curator.changed(COMPANY_ADDRESS, slug="fern")

    assert curator.read(f"{MILESTONE_ADDRESS}?as_of={before}")["company"] == "fernhold"


def test_a_fact_leads_from_its_old_slug_to_the_new_one(curator: Curator) -> None:
    curator.changed(MILESTONE_ADDRESS, slug="beginning")
    address = f"{COMPANY_ADDRESS}/milestones/beginning"

    assert location(curator, f"{MILESTONE_ADDRESS}?format=json") == f"{address}?format=json"
    assert location(curator, f"{MILESTONE_ADDRESS}/history") == f"{address}/history"
    assert [item["url"] for item in curator.get(f"{address}/history").json()["items"]] == [address, MILESTONE_ADDRESS]


def test_a_fact_and_its_company_may_both_have_another_slug(curator: Curator) -> None:
    curator.changed(PRODUCT_ADDRESS, slug="glow")
    curator.changed(COMPANY_ADDRESS, slug="fern")

    for old in (PRODUCT_ADDRESS, f"{COMPANY_ADDRESS}/products/glow"):
        assert followed(curator, old).json()["url"] == f"{NEW}/products/glow", old


def test_citations_name_a_source_by_its_new_slug_and_keep_their_quotes(curator: Curator) -> None:
    before = {address: curator.get(address).json()["citations"] for address in (COMPANY_ADDRESS, METRIC_ADDRESS)}
    curator.changed("/v1/sources/catalogue", slug="lamps")

    assert location(curator, "/v1/sources/catalogue/facts?limit=2") == "/v1/sources/lamps/facts?limit=2"
    assert location(curator, "/v1/sources/catalogue/history") == "/v1/sources/lamps/history"
    assert len(curator.get("/v1/sources/lamps/facts").json()["items"]) == 3
    for address, citations in before.items():
        renamed = [
            citation | {"source": "lamps", "source_url": "/v1/sources/lamps"} if citation["source"] == "catalogue" else citation
            for citation in citations
        ]
        assert curator.get(address).json()["citations"] == renamed


def test_a_chain_of_slugs_leads_to_the_newest_in_one_step(curator: Curator) -> None:
    for before, after in (("fernhold", "fern"), ("fern", "frond"), ("frond", "leaf")):
        curator.changed(f"/v1/companies/{before}", slug=after)

    for old in ("fernhold", "fern", "frond"):
        assert location(curator, f"/v1/companies/{old}/profile") == "/v1/companies/leaf/profile"
        assert location(curator, f"/v1/companies/{old}/metrics/sales") == "/v1/companies/leaf/metrics/sales"


def test_a_company_may_take_its_old_slug_back(curator: Curator) -> None:
    curator.changed(COMPANY_ADDRESS, slug="fern")
    curator.changed(NEW, slug="fernhold")

    assert curator.read(COMPANY_ADDRESS)["slug"] == "fernhold"
    assert curator.read(MILESTONE_ADDRESS)["company"] == "fernhold"
    assert location(curator, f"{NEW}/milestones/founded") == MILESTONE_ADDRESS


def test_a_new_company_at_an_old_slug_wins(curator: Curator) -> None:
    curator.changed(COMPANY_ADDRESS, slug="fern")
    curator.created("/v1/companies", {"slug": "fernhold", "name": "Another Fernhold"})

    assert curator.read(COMPANY_ADDRESS)["name"] == "Another Fernhold"
    assert len(curator.get(f"{COMPANY_ADDRESS}/history").json()["items"]) == 1
    assert curator.get(f"{COMPANY_ADDRESS}/milestones").json()["items"] == []
    assert location(curator, MILESTONE_ADDRESS) == f"{NEW}/milestones/founded"
    curator.created(f"{COMPANY_ADDRESS}/milestones", MILESTONE)
    assert curator.read(MILESTONE_ADDRESS)["company"] == "fernhold"


def test_two_companies_may_swap_their_slugs(curator: Curator) -> None:
    for before, after in (("fernhold", "between"), ("nordlys", "fernhold"), ("between", "nordlys")):
        curator.changed(f"/v1/companies/{before}", slug=after)

    assert (curator.read("/v1/companies/nordlys")["name"], curator.read(COMPANY_ADDRESS)["name"]) == ("Fernhold", "Nordlys")
    assert location(curator, "/v1/companies/between") == "/v1/companies/nordlys"


def test_a_change_sent_to_a_url_that_several_resources_have_had_is_not_redirected(curator: Curator) -> None:
    curator.changed(COMPANY_ADDRESS, slug="fern")
    curator.created("/v1/companies", {"slug": "fernhold", "name": "Another Fernhold"})
    curator.changed(COMPANY_ADDRESS, slug="another")
    newest = curator.newest()
    answer = curator.delete(COMPANY_ADDRESS)

    assert location(curator, COMPANY_ADDRESS) == "/v1/companies/another"
    assert refused(answer, 410, "gone")
    assert answer.json()["suggestions"] == ["/v1/companies/another"]
    assert curator.newest() == newest


def test_a_slug_of_another_company_cannot_be_taken(curator: Curator) -> None:
    answer = curator.patch(COMPANY_ADDRESS, {"slug": "nordlys"})

    refused(answer, 409, "conflict")
    assert answer.json()["suggestions"] == ["/v1/companies/nordlys"]


def test_put_changes_a_slug_too(curator: Curator) -> None:
    answer = curator.put(COMPANY_ADDRESS, curator.read(COMPANY_ADDRESS) | {"slug": "fern"})

    assert (answer.status_code, answer.headers["content-location"]) == (200, NEW)
    assert location(curator, COMPANY_ADDRESS) == NEW
