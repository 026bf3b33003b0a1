"""The list of changes: pages, filters, formats, and what is refused."""

import csv
import json

import httpx
import pytest
from sqlalchemy import select

from app.api.changes import queries
from app.database.database import Database
from app.database.models import RevisionHead
from tests.changes.writing import note_delete, write


def revisions(answer: httpx.Response) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [item["revision"] for item in answer.json()["items"]]


def walk(client: httpx.Client, address: str) -> list[int]:
    """The numbers on every page from an address on."""
    found: list[int] = []
    following: str | None = address
    while following:
        answer = client.get(following)
        found += revisions(answer)
        following = answer.json()["next"]
    return found


def test_a_change_holds_the_resource_as_the_revision_left_it(client: httpx.Client) -> None:
    [item] = client.get("/v1/changes?since=1&limit=1").json()["items"]

    assert item == {
        "revision": 2,
        "recorded_at": "2026-11-24T09:30:00Z",
        "actor": "tests",
        "reason": "Seed",
        "action": "create",
        "kind": "company",
        "url": "/v1/companies/baidu",
        "document": client.get("/v1/companies/baidu").json(),
    }


def test_following_the_pages_gives_every_revision_once_and_in_order(client: httpx.Client) -> None:
    assert walk(client, "/v1/changes?limit=7") == list(range(1, 65))
    assert walk(client, "/v1/changes?since=60") == [61, 62, 63, 64]


def test_the_next_page_is_in_the_link_header_too(client: httpx.Client) -> None:
    answer = client.get("/v1/changes?limit=2&kind=metric")

    assert answer.links["next"]["url"] == answer.json()["next"]
    assert "next" not in client.get("/v1/changes?since=62").links


def test_a_page_names_the_newest_revision_and_the_dataset(reader: httpx.Client, database: Database) -> None:
    write(database, "fern", "moss")
    with database.reading() as connection:
        dataset = connection.scalar(select(RevisionHead.dataset))
    page = reader.get("/v1/changes?since=2").json()

    assert page == {"items": [], "next": None, "newest": 2, "dataset": dataset}


def test_an_older_document_stays_as_it_was(reader: httpx.Client, database: Database) -> None:
    write(database, "fern", name="Fern")
    write(database, "fern", name="Fern & Sons")
    note_delete(database, "fern", 1)
    items = reader.get("/v1/changes").json()["items"]

    assert [item["action"] for item in items] == ["create", "update", "delete"]
    assert [item["document"] and item["document"]["name"] for item in items] == ["Fern", "Fern & Sons", None]


def test_a_revision_that_does_not_exist_yet_is_refused_with_the_newest(client: httpx.Client) -> None:
    answer = client.get("/v1/changes?since=65")

    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == "since"
    assert "the newest is 64" in error["message"]
    assert "since=0" in error["message"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=source", [1]),
        ("kind=source&kind=company", [1, 2, 3]),
        ("action=delete", []),
        ("company=kuaishou&kind=company", [3]),
        ("company=kuaishou&company=baidu&kind=company", [2, 3]),
        ("company=kuai&company=bai", []),
    ],
)
def test_filters_leave_out_the_other_changes(client: httpx.Client, query: str, expected: list[int]) -> None:
    assert walk(client, f"/v1/changes?{query}") == expected


def test_a_company_has_the_changes_of_its_facts(client: httpx.Client) -> None:
    items = client.get("/v1/changes?company=baidu&limit=200").json()["items"]

    assert {item["kind"] for item in items} == {"company", "milestone", "product", "metric"}
    assert all(f"{item['url']}/".startswith("/v1/companies/baidu/") for item in items)


def test_a_filtered_page_that_looked_far_enough_goes_on_where_it_was(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "WINDOW", 10)
    everything = [item for item in client.get("/v1/changes?limit=200").json()["items"] if item["kind"] == "metric"]
    page = client.get("/v1/changes?kind=metric").json()

    assert (page["items"], page["next"]) == ([], "/v1/changes?since=10&kind=metric")
    assert walk(client, "/v1/changes?kind=metric") == [item["revision"] for item in everything]


def test_csv_and_ndjson_hold_the_same_page(client: httpx.Client) -> None:
    items = client.get("/v1/changes?since=1&limit=3").json()["items"]
    lines = client.get("/v1/changes?since=1&limit=3&format=ndjson")
    rows = list(csv.DictReader(client.get("/v1/changes?since=1&limit=3", headers={"Accept": "text/csv"}).text.splitlines()))

    assert [json.loads(line) for line in lines.text.splitlines()] == items
    assert lines.links["next"]["url"] == "/v1/changes?since=4&limit=3&format=ndjson"
    assert rows == [{name: str(item[name]) for name in item if name != "document"} for item in items]


def test_fields_slim_the_changes(client: httpx.Client) -> None:
    page = client.get("/v1/changes?since=63&fields=revision,url").json()

    assert page["items"] == [{"revision": 64, "url": "/v1/companies/kuaishou/metrics/express-users"}]


def test_the_etag_changes_with_the_newest_revision(reader: httpx.Client, database: Database) -> None:
    write(database, "fern")
    first = reader.get("/v1/changes")
    again = reader.get("/v1/changes", headers={"If-None-Match": first.headers["ETag"]})
    write(database, "moss")
    changed = reader.get("/v1/changes", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, changed.status_code) == (304, 200)
    assert changed.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=-1", "since"),
        ("since=1_0", "since"),
        ("since=", "since"),
        ("since=99999999999999999999", "since"),
        ("wait=61", "wait"),
        ("wait=0.5", "wait"),
        ("limit=201", "limit"),
        ("limit=0", "limit"),
        ("kind=person", "kind"),
        ("company=BAIDU", "company"),
        ("action=merge", "action"),
        ("fields=price", "fields"),
        ("cursor=abc", "cursor"),
    ],
)
def test_a_wrong_parameter_is_named(client: httpx.Client, query: str, field: str) -> None:
    answer = client.get(f"/v1/changes?{query}")

    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
