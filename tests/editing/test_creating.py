"""POST: what is created, where it is, what the answer says, and who is in the history."""

import pytest

from tests.editing.curator import Curator, Fields, refused
from tests.editing.lamps import (
    CATALOGUE_SOURCE,
    COMPANY_ADDRESS,
    FERNHOLD,
    METRIC,
    MILESTONE,
    PLACE,
    PRODUCT,
    REGISTER_SOURCE,
    SENTENCE,
)

CREATIONS = [
    ("/v1/companies", FERNHOLD | {"slug": "lumen", "name": "Lumen"}, "/v1/companies/lumen"),
    ("/v1/sources", CATALOGUE_SOURCE | {"slug": "leaflet"}, "/v1/sources/leaflet"),
    ("/v1/sources", REGISTER_SOURCE | {"slug": "index"}, "/v1/sources/index"),
    ("/v1/companies/nordlys/milestones", MILESTONE, "/v1/companies/nordlys/milestones/founded"),
    ("/v1/companies/nordlys/products", PRODUCT, "/v1/companies/nordlys/products/glod"),
    ("/v1/companies/nordlys/metrics", METRIC, "/v1/companies/nordlys/metrics/sales"),
]


@pytest.mark.parametrize(("address", "body", "created"), CREATIONS, ids=[created for _, _, created in CREATIONS])
def test_what_is_created_is_answered_as_it_is_read_from_then_on(
    curator: Curator, address: str, body: Fields, created: str
) -> None:
    answer = curator.post(address, body)
    read = curator.get(created)

    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == answer.headers["content-location"] == created
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content == read.content
    assert answer.headers["etag"] == read.headers["etag"]
    assert answer.headers["profiles-revision"] == read.headers["profiles-revision"]
    assert int(answer.headers["profiles-revision"]) == answer.json()["revision"]


@pytest.mark.parametrize(("address", "body", "created"), CREATIONS, ids=[created for _, _, created in CREATIONS])
def test_the_history_says_who_created_it_and_why(curator: Curator, address: str, body: Fields, created: str) -> None:
    curator.created(f"{address}?reason=From the annual report", body)
    (entry,) = curator.get(f"{created}/history").json()["items"]

    assert (entry["actor"], entry["reason"], entry["action"]) == ("newsroom", "From the annual report", "create")
    assert entry["url"] == created
    assert {change["field"]: change["after"] for change in entry["changes"]}["slug"] == body["slug"]


def test_without_a_reason_the_history_says_that_it_came_over_http(curator: Curator) -> None:
    curator.created("/v1/companies", {"slug": "lumen", "name": "Lumen"})

    assert curator.get("/v1/companies/lumen/history").json()["items"][0]["reason"] == "Changed over HTTP"


def test_what_is_created_is_found_and_listed_at_once(curator: Curator) -> None:
    curator.created("/v1/companies", {"slug": "lumen", "name": "Lumenberg"})
    curator.created("/v1/companies/lumen/products", PRODUCT | {"slug": "wick", "name": "Wickwonder"})

    assert "lumen" in [company["slug"] for company in curator.get("/v1/companies").json()["items"]]
    assert curator.get("/v1/companies/lumen/profile").json()["products"]["items"][0]["slug"] == "wick"
    hits = curator.get("/v1/search?q=wickwonder").json()["items"]
    assert [hit["url"] for hit in hits] == ["/v1/companies/lumen/products/wick"]


def test_a_sentence_of_a_source_with_its_text_is_cited_with_passage_and_quote(curator: Curator) -> None:
    fact = curator.created("/v1/companies/nordlys/milestones", MILESTONE | {"citations": [SENTENCE]}).json()

    assert fact["citations"][0]["quote"] == "Fernhold makes lamps."
    assert fact["citations"][0]["end"] - fact["citations"][0]["start"] == len("Fernhold makes lamps.")


@pytest.mark.parametrize(
    ("address", "body", "taken"),
    [
        ("/v1/companies", {"slug": "fernhold", "name": "Another"}, COMPANY_ADDRESS),
        ("/v1/sources", REGISTER_SOURCE, "/v1/sources/register"),
        (f"{COMPANY_ADDRESS}/milestones", MILESTONE, f"{COMPANY_ADDRESS}/milestones/founded"),
        (f"{COMPANY_ADDRESS}/products", PRODUCT, f"{COMPANY_ADDRESS}/products/glod"),
        (f"{COMPANY_ADDRESS}/metrics", METRIC, f"{COMPANY_ADDRESS}/metrics/sales"),
    ],
)
def test_a_slug_that_is_taken_is_a_conflict_with_the_address_of_what_has_it(
    curator: Curator, address: str, body: Fields, taken: str
) -> None:
    answer = curator.post(address, body)

    assert f"{body['slug']!r} already" in refused(answer, 409, "conflict")
    assert answer.json()["suggestions"] == [taken]


def test_kinds_and_companies_have_slugs_of_their_own(curator: Curator) -> None:
    curator.created(f"{COMPANY_ADDRESS}/products", PRODUCT | {"slug": "founded"})
    curator.created("/v1/companies/nordlys/milestones", MILESTONE | {"slug": "founded"})


def test_a_fact_of_no_company_is_not_found_whatever_its_body(curator: Curator) -> None:
    answer = curator.post("/v1/companies/fernholt/milestones", {})

    refused(answer, 404, "not-found")
    assert answer.json()["suggestions"] == [COMPANY_ADDRESS]
    refused(curator.post("/v1/companies/Fernhold/milestones", MILESTONE), 404, "not-found")


def test_a_fact_may_cite_a_source_whose_text_nobody_gave(curator: Curator) -> None:
    fact = curator.created("/v1/companies/nordlys/milestones", MILESTONE | {"citations": [PLACE]}).json()

    assert fact["citations"][0]["quote"] is None
