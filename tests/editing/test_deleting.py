"""DELETE: what is refused, what is left, and what stays readable."""

import pytest

from app.database.database import Database
from tests.editing.curator import Curator, content, refused
from tests.editing.lamps import (
    ADDRESSES,
    CATALOGUE_ADDRESS,
    CATALOGUE_SOURCE,
    COMPANY_ADDRESS,
    FERNHOLD,
    METRIC_ADDRESS,
    MILESTONE,
    MILESTONE_ADDRESS,
    PRODUCT_ADDRESS,
    REGISTER_ADDRESS,
)

FACTS = (MILESTONE_ADDRESS, PRODUCT_ADDRESS, METRIC_ADDRESS)


def delete_everything(curator: Curator) -> None:
    """Every resource of the dataset, the company with its facts."""
    for address in (f"{COMPANY_ADDRESS}?with_facts=true", CATALOGUE_ADDRESS, REGISTER_ADDRESS):
        assert curator.delete(address).status_code == 204, address


@pytest.mark.parametrize("address", FACTS)
def test_a_fact_is_deleted_by_a_revision(curator: Curator, address: str) -> None:
    newest = curator.newest()
    answer = curator.delete(f"{address}?reason=Not so")
    entry = curator.get(f"{address}/history").json()["items"][0]

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["profiles-revision"] == str(newest + 1)
    assert (entry["revision"], entry["action"]) == (newest + 1, "delete")
    assert (entry["actor"], entry["reason"], entry["changes"]) == ("newsroom", "Not so", [])


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_was_deleted_is_gone_and_its_past_is_shown_the_way_to(curator: Curator, address: str) -> None:
    before, newest = curator.get(address), curator.newest()
    delete_everything(curator)
    answer = curator.client.get(address)
    history, past = answer.json()["suggestions"]

    refused(answer, 410, "gone")
    assert history == f"{address}/history"
    assert curator.get(history).json()["items"][0]["action"] == "delete"
    assert curator.get(past).content == before.content
    assert curator.get(f"{address}?as_of={newest}").content == before.content


@pytest.mark.parametrize("rest", ["/profile", "/milestones", "/products", "/metrics", "/milestones/never-there"])
def test_nothing_of_a_deleted_company_is_there(curator: Curator, rest: str) -> None:
    delete_everything(curator)

    refused(curator.client.get(COMPANY_ADDRESS + rest), 410, "gone")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_what_is_gone_cannot_be_changed(curator: Curator, method: str) -> None:
    delete_everything(curator)

    for address in ADDRESSES:
        refused(curator.send(method, address, {}, if_match="*"), 410, "gone")
    refused(curator.post(f"{COMPANY_ADDRESS}/milestones", MILESTONE), 410, "gone")


def test_a_company_with_facts_is_kept_and_the_facts_are_named(curator: Curator, database: Database) -> None:
    before = content(database)
    answer = curator.delete(COMPANY_ADDRESS)

    assert "with_facts=true" in refused(answer, 409, "conflict")
    assert answer.json()["suggestions"] == list(FACTS)
    assert content(database) == before


def test_a_company_without_facts_is_deleted(curator: Curator) -> None:
    for address in FACTS:
        curator.delete(address)

    assert curator.delete(COMPANY_ADDRESS).status_code == 204


def test_with_its_facts_each_is_deleted_by_a_revision(curator: Curator) -> None:
    before = curator.newest()
    answer = curator.delete(f"{COMPANY_ADDRESS}?with_facts=true&reason=Closed")
    changes = curator.get(f"/v1/changes?since={before}").json()["items"]

    assert [(change["action"], change["url"]) for change in changes] == [
        ("delete", address) for address in (*FACTS, COMPANY_ADDRESS)
    ]
    assert answer.headers["profiles-revision"] == str(before + 4)


@pytest.mark.parametrize("address", [CATALOGUE_ADDRESS, REGISTER_ADDRESS])
def test_a_source_that_is_cited_is_kept_and_what_cites_it_is_named(curator: Curator, database: Database, address: str) -> None:
    before = content(database)
    answer = curator.delete(address)

    assert "still cited" in refused(answer, 409, "conflict")
    cited_by = {COMPANY_ADDRESS, *FACTS} if address == CATALOGUE_ADDRESS else {COMPANY_ADDRESS, MILESTONE_ADDRESS}
    assert set(answer.json()["suggestions"]) == cited_by
    assert content(database) == before


def test_no_more_than_ten_addresses_are_named(curator: Curator) -> None:
    for number in range(12):
        curator.created(f"{COMPANY_ADDRESS}/milestones", MILESTONE | {"slug": f"step-{number}"})

    assert len(curator.delete(COMPANY_ADDRESS).json()["suggestions"]) == 10


def test_lists_timeline_comparison_and_search_no_longer_show_it(curator: Curator) -> None:
    delete_everything(curator)

    assert [item["slug"] for item in curator.get("/v1/companies").json()["items"]] == ["nordlys"]
    for name in ("sources", "milestones", "products", "metrics", "timeline"):
        assert curator.get(f"/v1/{name}").json()["items"] == [], name
    assert curator.get("/v1/search?q=fernhold").json()["items"] == []
    assert curator.get("/v1/suggest?q=fern").json()["items"] == []
    refused(curator.client.get("/v1/compare?companies=fernhold,nordlys"), 404, "not-found")
    counts = {"companies": 1, "milestones": 0, "products": 0, "metrics": 0, "sources": 0}
    assert curator.get("/v1/stats").json()["counts"] == counts


def test_nothing_but_the_log_the_past_and_the_addresses_is_left(curator: Curator, database: Database) -> None:
    curator.delete("/v1/companies/nordlys")
    delete_everything(curator)
    left = {name for name, rows in content(database).items() if rows}

    kept = {"former_addresses", "revision_head", "revisions", "search_spellings"}
    assert {name for name in left if not name.startswith("past_")} == kept


def test_what_is_created_again_at_the_same_address_has_a_history_of_its_own(curator: Curator) -> None:
    newest = curator.newest()
    delete_everything(curator)
    curator.created("/v1/sources", CATALOGUE_SOURCE | {"title": "A new edition"})
    curator.created("/v1/companies", FERNHOLD | {"citations": [], "summary": "It is back."})

    assert curator.read(COMPANY_ADDRESS)["summary"] == "It is back."
    assert [item["action"] for item in curator.get(f"{COMPANY_ADDRESS}/history").json()["items"]] == ["create"]
    assert [item["action"] for item in curator.get(f"{CATALOGUE_ADDRESS}/history").json()["items"]] == ["create"]
    assert curator.read(f"{COMPANY_ADDRESS}?as_of={newest}")["summary"] == "It makes lamps."
    refused(curator.client.get(MILESTONE_ADDRESS), 410, "gone")


def test_what_was_created_again_may_be_deleted_again(curator: Curator) -> None:
    for _ in range(2):
        curator.delete(MILESTONE_ADDRESS)
        refused(curator.client.get(MILESTONE_ADDRESS), 410, "gone")
        curator.created(f"{COMPANY_ADDRESS}/milestones", MILESTONE)

    assert len(curator.get(f"{MILESTONE_ADDRESS}/history").json()["items"]) == 1


def test_a_deleted_resource_is_gone_at_its_older_addresses_too(curator: Curator) -> None:
    curator.changed(COMPANY_ADDRESS, slug="fern")
    curator.delete("/v1/companies/fern?with_facts=true")

    for address in (COMPANY_ADDRESS, "/v1/companies/fern", MILESTONE_ADDRESS):
        refused(curator.client.get(address), 410, "gone")
        assert curator.get(f"{address}/history").json()["items"][0]["action"] == "delete"
