"""Merging two companies that are one."""

import pytest

from app.database.database import Database
from tests.editing.curator import Curator, content, errors_of, refused
from tests.editing.lamps import (
    COMPANY_ADDRESS,
    METRIC_ADDRESS,
    MILESTONE,
    MILESTONE_ADDRESS,
    PLACE,
    PRODUCT,
    PRODUCT_ADDRESS,
    SENTENCE,
)

NORDLYS = "/v1/companies/nordlys"


def location(curator: Curator, address: str) -> str:
    answer = curator.client.get(address)
    assert answer.status_code == 308, (address, answer.text)
    return answer.headers["location"]


def test_every_fact_goes_to_the_company_that_stays(curator: Curator) -> None:
    answer = curator.merge("fernhold", "nordlys")

    assert answer.status_code == 200, answer.text
    assert answer.content == curator.get(NORDLYS).content
    assert answer.headers["content-location"] == NORDLYS
    assert answer.headers["etag"] == curator.get(NORDLYS).headers["etag"]
    for address in (MILESTONE_ADDRESS, PRODUCT_ADDRESS, METRIC_ADDRESS):
        moved = address.replace("fernhold", "nordlys")
        fact = curator.read(moved)
        assert (fact["company"], fact["company_url"], fact["url"]) == ("nordlys", NORDLYS, moved)
        assert fact["citations"]
        assert location(curator, f"{address}?format=json") == f"{moved}?format=json"
        assert location(curator, f"{address}/history") == f"{moved}/history"


@pytest.mark.parametrize("rest", ["", "/profile", "/milestones?limit=1", "/history"])
def test_every_address_of_the_company_that_goes_leads_to_the_other(curator: Curator, rest: str) -> None:
    curator.merge("fernhold", "nordlys")

    assert location(curator, COMPANY_ADDRESS + rest) == NORDLYS + rest


def test_lists_and_search_have_only_the_company_that_stays(curator: Curator) -> None:
    curator.merge("fernhold", "nordlys")

    assert [item["slug"] for item in curator.get("/v1/companies").json()["items"]] == ["nordlys"]
    hits = curator.get("/v1/search?q=fernhold").json()["items"]
    assert NORDLYS in [hit["url"] for hit in hits], "it is found by the name of the other"
    assert COMPANY_ADDRESS not in [hit["url"] for hit in hits]


def test_names_identifiers_and_citations_are_united_without_repetitions(curator: Curator) -> None:
    curator.changed(
        NORDLYS,
        other_names=[{"name": "Fernhold AS"}, {"name": "Northern Light"}],
        identifiers=[{"scheme": "website", "value": "https://fernhold.example"}, {"scheme": "ticker", "value": "NORD"}],
        citations=[PLACE],
        country="SE",
    )
    company = curator.merge("fernhold", "nordlys").json()

    assert [name["name"] for name in company["other_names"]] == ["Fernhold AS", "Northern Light", "Fernhold", "蕨堡"]
    assert [identifier["scheme"] for identifier in company["identifiers"]] == ["website", "ticker"]
    assert [citation["source"] for citation in company["citations"]] == ["register", "catalogue"]
    assert (company["name"], company["country"], company["summary"]) == ("Nordlys", "SE", "It makes lamps.")
    assert company["founded"]["edtf"] == "1999"


def test_a_fact_whose_slug_is_taken_gets_the_old_company_after_its_own(curator: Curator) -> None:
    curator.created(f"{NORDLYS}/milestones", MILESTONE | {"title": "Ours"})
    curator.created(f"{NORDLYS}/milestones", MILESTONE | {"slug": "founded-fernhold", "title": "Ours too"})
    curator.merge("fernhold", "nordlys")

    assert curator.read(f"{NORDLYS}/milestones/founded")["title"] == "Ours"
    assert curator.read(f"{NORDLYS}/milestones/founded-fernhold")["title"] == "Ours too"
    assert curator.read(f"{NORDLYS}/milestones/founded-fernhold-2")["title"] == "Founded"
    assert location(curator, MILESTONE_ADDRESS) == f"{NORDLYS}/milestones/founded-fernhold-2"


def test_slugs_stay_within_their_length(curator: Curator) -> None:
    long_slug = "x" * 100
    curator.created("/v1/companies", {"slug": long_slug, "name": "Long"})
    for company in (long_slug, "nordlys"):
        for slug in ("founded", long_slug):
            curator.created(f"/v1/companies/{company}/milestones", MILESTONE | {"slug": slug})
    curator.merge(long_slug, "nordlys")

    slugs = {item["slug"] for item in curator.get(f"{NORDLYS}/milestones").json()["items"]}
    assert slugs == {"founded", long_slug, f"founded-{'x' * 92}", f"{'x' * 98}-2"}


def test_a_chain_of_merges_leads_to_the_last(curator: Curator) -> None:
    curator.created("/v1/companies", {"slug": "lumen", "name": "Lumen"})
    curator.changed(COMPANY_ADDRESS, slug="fern")
    curator.merge("fern", "nordlys")
    curator.merge("nordlys", "lumen")

    for old in ("fernhold", "fern", "nordlys"):
        assert location(curator, f"/v1/companies/{old}") == "/v1/companies/lumen"
        assert location(curator, f"/v1/companies/{old}/milestones/founded") == "/v1/companies/lumen/milestones/founded"
    assert {name["name"] for name in curator.get("/v1/companies/lumen").json()["other_names"]} >= {"Nordlys", "Fernhold"}


def test_the_history_and_the_changes_tell_of_it(curator: Curator) -> None:
    before = curator.newest()
    curator.post(f"{COMPANY_ADDRESS}/merge?into=nordlys&reason=Same register number", if_match="*")
    changes = curator.get(f"/v1/changes?since={before}").json()["items"]

    assert {(change["actor"], change["reason"]) for change in changes} == {("newsroom", "Same register number")}
    assert [(change["action"], change["kind"]) for change in changes] == [
        ("update", "milestone"),
        ("update", "product"),
        ("update", "metric"),
        ("delete", "company"),
        ("update", "company"),
    ]


def test_the_past_still_has_both(curator: Curator) -> None:
    before = curator.newest()
    curator.merge("fernhold", "nordlys")

    assert curator.read(f"{COMPANY_ADDRESS}?as_of={before}")["name"] == "Fernhold"
    assert curator.read(f"{MILESTONE_ADDRESS}?as_of={before}")["company"] == "fernhold"
    assert curator.read(f"{NORDLYS}?as_of={before}")["other_names"] == []


@pytest.mark.parametrize(
    ("into", "suggestion"), [("fernhold", None), ("nordlis", "nordlys"), ("old", "nordlys"), ("gone", None), ("No", None)]
)
def test_what_cannot_be_merged_into_is_named_and_nothing_is_changed(
    curator: Curator, database: Database, into: str, suggestion: str | None
) -> None:
    curator.created("/v1/companies", {"slug": "gone", "name": "Gone"})
    curator.delete("/v1/companies/gone")
    curator.changed(NORDLYS, slug="old")
    curator.changed("/v1/companies/old", slug="nordlys")
    before = content(database)
    answer = curator.merge("fernhold", into)

    refused(answer, 422, "invalid-parameters")
    assert errors_of(answer).keys() == {"into"}
    assert answer.json()["errors"][0].get("suggestion") == suggestion
    assert content(database) == before


def test_the_company_that_stays_must_be_named(curator: Curator) -> None:
    assert "into" in errors_of(curator.post(f"{COMPANY_ADDRESS}/merge", if_match="*"))


CHANGES = [
    ("PUT", ""),
    ("PATCH", ""),
    ("DELETE", ""),
    ("DELETE", "?with_facts=true"),
    ("POST", "/merge?into=lumen"),
    ("POST", "/milestones"),
    ("PATCH", "/milestones/theirs"),
    ("DELETE", "/products/theirs"),
]


@pytest.mark.parametrize(("method", "rest"), CHANGES)
def test_a_change_of_a_company_that_was_merged_never_reaches_another_one(
    curator: Curator, database: Database, method: str, rest: str
) -> None:
    curator.created("/v1/companies", {"slug": "lumen", "name": "Lumen"})
    curator.created(f"{NORDLYS}/milestones", MILESTONE | {"slug": "theirs"})
    curator.created(f"{NORDLYS}/products", PRODUCT | {"slug": "theirs"})
    curator.merge("fernhold", "nordlys")
    before = content(database)
    answer = curator.send(method, f"{COMPANY_ADDRESS}{rest}", MILESTONE, if_match="*")

    refused(answer, 410, "gone")
    assert answer.json()["suggestions"] == [NORDLYS]
    assert "location" not in answer.headers
    assert content(database) == before


def test_nor_after_the_company_that_stays_was_renamed_or_merged_itself(curator: Curator) -> None:
    curator.created("/v1/companies", {"slug": "lumen", "name": "Lumen"})
    curator.merge("fernhold", "nordlys")
    curator.changed(NORDLYS, slug="light")

    assert curator.delete(COMPANY_ADDRESS).json()["suggestions"] == ["/v1/companies/light"]
    assert curator.delete(NORDLYS).status_code == 308, "a mere rename"
    curator.merge("light", "lumen")
    for former in (COMPANY_ADDRESS, NORDLYS, "/v1/companies/light"):
        assert curator.delete(former).json()["suggestions"] == ["/v1/companies/lumen"]


def test_a_fact_that_moved_with_a_merge_is_the_same_fact(curator: Curator) -> None:
    curator.merge("fernhold", "nordlys")
    answer = curator.delete(MILESTONE_ADDRESS)

    assert (answer.status_code, answer.headers["location"]) == (308, f"{NORDLYS}/milestones/founded")


def test_more_names_than_a_company_may_have_are_a_conflict_and_nothing_is_moved(curator: Curator, database: Database) -> None:
    curator.changed(NORDLYS, other_names=[{"name": f"Name {number}"} for number in range(48)])
    before = content(database)

    assert "50 other_names" in refused(curator.merge("fernhold", "nordlys"), 409, "conflict")
    assert content(database) == before


def test_citations_of_a_source_without_text_are_kept(curator: Curator) -> None:
    curator.changed(COMPANY_ADDRESS, citations=[SENTENCE, PLACE])
    company = curator.merge("fernhold", "nordlys").json()

    assert [citation["quote"] for citation in company["citations"]] == ["Fernhold makes lamps.", None]
