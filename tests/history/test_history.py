"""The history of a resource: who changed what, when and why."""

import datetime

import httpx
import pytest

from app.database.database import Database
from app.database.models import Revision
from app.revisions.log import RevisionLog
from tests.history.newsroom import Fields, Newsroom

PASSAGE = {"source": "paper", "paragraph": 1, "sentence": 1}
RECORDS: dict[str, tuple[Fields, Fields]] = {
    "/v1/sources": ({"slug": "paper", "title": "Paper", "type": "article", "text": "One. Two.\n"}, {"title": "The paper"}),
    "/v1/companies": ({"slug": "fern", "name": "Fern", "founded": "2000-01"}, {"name": "Fernhold", "founded": "2000-01-18"}),
    "/v1/companies/fern/milestones": (
        {"slug": "listed", "title": "Listed", "category": "listing", "citations": [PASSAGE]},
        {"title": "Went public"},
    ),
    "/v1/companies/fern/products": (
        {"slug": "lamp", "name": "Lamp", "category": "product", "citations": [PASSAGE]},
        {"name": "Lantern"},
    ),
    "/v1/companies/fern/metrics": (
        {"slug": "sales", "metric": "revenue", "name": "Sales", "value": 1, "unit": "NOK", "citations": [PASSAGE]},
        {"value": 2.5},
    ),
}
"""A record of each kind by the address of its list, and a change to it."""


@pytest.fixture
def written(newsroom: Newsroom) -> Newsroom:
    """One resource of each kind, created and then changed: revisions 1 to 5 and 6 to 10."""
    for address, (fields, _) in RECORDS.items():
        newsroom.create(address, fields, reason="First report")
    for address, (fields, change) in RECORDS.items():
        newsroom.change(f"{address}/{fields['slug']}", change, reason="Corrected")
    return newsroom


def entries(newsroom: Newsroom, address: str) -> list[Fields]:
    items: list[Fields] = newsroom.read(f"{address}/history")["items"]
    return items


@pytest.mark.parametrize("address", RECORDS)
def test_each_kind_of_resource_reports_who_when_why_and_what(written: Newsroom, address: str) -> None:
    fields, change = RECORDS[address]
    place = f"{address}/{fields['slug']}"
    newest, first = entries(written, place)

    for entry, action, reason in ((newest, "update", "Corrected"), (first, "create", "First report")):
        assert (entry["actor"], entry["action"], entry["reason"], entry["url"]) == ("newsroom", action, reason, place)
        assert datetime.datetime.fromisoformat(entry["recorded_at"]).tzinfo is not None
    served = written.read(place)
    assert (newest["revision"], newest["recorded_at"]) == (served["revision"], served["updated_at"])
    assert {difference["field"].partition(".")[0] for difference in newest["changes"]} == set(change)
    created = {difference["field"]: difference["after"] for difference in first["changes"]}
    assert created["slug"] == fields["slug"]
    assert {difference["before"] for difference in first["changes"]} == {None}


def test_differences_are_of_fields_and_of_their_parts(written: Newsroom) -> None:
    assert entries(written, "/v1/companies/fern")[0]["changes"] == [
        {"field": "name", "before": "Fern", "after": "Fernhold"},
        {"field": "founded.edtf", "before": "2000-01", "after": "2000-01-18"},
        {"field": "founded.text", "before": "January 2000", "after": "18 January 2000"},
        {"field": "founded.earliest", "before": "2000-01-01", "after": "2000-01-18"},
        {"field": "founded.latest", "before": "2000-01-31", "after": "2000-01-18"},
    ]


def test_a_long_history_comes_in_pages_that_compare_as_one_does(newsroom: Newsroom) -> None:
    newsroom.create("/v1/companies", {"slug": "fern", "name": "Name 0"})
    for number in range(1, 7):
        newsroom.change("/v1/companies/fern", {"name": f"Name {number}"})
    whole = entries(newsroom, "/v1/companies/fern")
    paged, following = [], "/v1/companies/fern/history?limit=2"
    while following:
        page = newsroom.read(following)
        assert len(page["items"]) <= 2
        paged += page["items"]
        following = page["next"]

    assert paged == whole
    assert [entry["changes"][0] for entry in whole[:-1]] == [
        {"field": "name", "before": f"Name {number - 1}", "after": f"Name {number}"} for number in range(6, 0, -1)
    ]
    other = newsroom.read("/v1/companies/fern/history?limit=2")["next"].replace("fern", "moss")
    newsroom.create("/v1/companies", {"slug": "moss", "name": "Moss"})
    assert newsroom.client.get(other).json()["type"] == "/problems/invalid-cursor"


def test_the_history_stays_after_a_deletion(written: Newsroom) -> None:
    place = "/v1/companies/fern/metrics/sales"
    written.delete(place, reason="No longer published")
    deletion, *earlier = entries(written, place)

    assert written.client.get(place).status_code == 410
    assert (deletion["action"], deletion["reason"], deletion["changes"]) == ("delete", "No longer published", [])
    assert [entry["action"] for entry in earlier] == ["update", "create"]
    written.delete("/v1/companies/fern", with_facts="true")
    assert entries(written, place)[0] == deletion
    assert entries(written, "/v1/companies/fern")[0]["action"] == "delete"


def test_the_history_moves_with_the_address(written: Newsroom) -> None:
    written.change("/v1/companies/fern", {"slug": "fernhold"})
    moved = written.client.get("/v1/companies/fern/history?limit=2")
    fact = written.client.get("/v1/companies/fern/products/lamp/history")

    assert (moved.status_code, moved.headers["location"]) == (308, "/v1/companies/fernhold/history?limit=2")
    assert (fact.status_code, fact.headers["location"]) == (308, "/v1/companies/fernhold/products/lamp/history")
    urls = [entry["url"] for entry in entries(written, "/v1/companies/fernhold")]
    assert urls == ["/v1/companies/fernhold", "/v1/companies/fern", "/v1/companies/fern"]
    assert {"field": "slug", "before": "fern", "after": "fernhold"} in entries(written, "/v1/companies/fernhold")[0]["changes"]


def test_after_a_merge_the_history_is_that_of_the_company_that_stays(written: Newsroom) -> None:
    written.create("/v1/companies", {"slug": "moss", "name": "Moss"})
    written.merge("fern", "moss")
    moved = written.client.get("/v1/companies/fern/history")

    assert (moved.status_code, moved.headers["location"]) == (308, "/v1/companies/moss/history")
    assert [entry["action"] for entry in entries(written, "/v1/companies/moss")] == ["update", "create"]
    fact = entries(written, "/v1/companies/moss/metrics/sales")
    assert [entry["url"] for entry in fact][:2] == ["/v1/companies/moss/metrics/sales", "/v1/companies/fern/metrics/sales"]


@pytest.mark.parametrize(
    "place",
    [
        "companies/ferm",
        "sources/papers",
        "companies/fern/milestones/listing",
        "companies/fern/products/lam",
        "companies/f/metrics/sales",
    ],
)
def test_what_never_was_has_no_history(written: Newsroom, place: str) -> None:
    answer = written.client.get(f"/v1/{place}/history")

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/not-found"


def test_a_history_is_kept_by_its_etag_until_anything_changes(written: Newsroom) -> None:
    address = "/v1/companies/fern/history"
    etag = written.client.get(address).headers["etag"]

    assert written.client.get(address, headers={"If-None-Match": etag}).status_code == 304
    written.change("/v1/companies/fern", {"name": "Ferns"})
    assert written.client.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_a_clock_that_is_set_back_never_makes_times_descend(newsroom: Newsroom, database: Database) -> None:
    newsroom.create("/v1/companies", {"slug": "fern", "name": "Fern"})
    past = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    with database.writing() as connection, RevisionLog(connection, actor="a", reason="b", clock=lambda: past) as log:
        log.append("delete", "company", "/v1/companies/none", None, 99)
    with database.reading() as connection:
        first, second = connection.scalars(Revision.__table__.select().with_only_columns(Revision.recorded_at))

    assert second >= first
    assert first.year > 2020


def test_only_what_a_history_takes_is_taken(written: Newsroom) -> None:
    for parameter in ("limit=0", "limit=201", "sort=revision", "format=csv", "cursor=AAAA"):
        answer: httpx.Response = written.client.get(f"/v1/companies/fern/history?{parameter}")
        assert answer.status_code in {400, 422}, parameter
