"""The timeline over HTTP: three kinds of facts in one order, with dates as fuzzy as the sources'."""

import csv
import io
from typing import Any

import httpx
import orjson
import pytest

from tests.conftest import ServeDataset

CITATION = "citations: [{source: report, paragraph: 1, sentence: 1, start: 0, end: 9, sha256: '" + "a" * 64 + "'}]"
DATASET = f"""
sources:
  - {{slug: report, title: A report, type: report, length: 100, sha256: "{"b" * 64}"}}
  - {{slug: filing, title: A filing, type: filing, length: 100, sha256: "{"c" * 64}"}}
companies:
  - slug: alpha
    name: Alpha
    country: CN
    milestones:
      - {{slug: founded, title: Founded, category: founding, date: {{edtf: 2000-40, text: early 2000}}, {CITATION}}}
      - {{slug: before, title: Before 2014, category: research, date: ../2014, {CITATION}}}
      - {{slug: undated, title: At some time, category: research, {CITATION}}}
      - {{slug: perhaps, title: Perhaps in 2016, category: launch, date: "2016?", {CITATION}}}
      - {{slug: later, title: Undated too, category: launch, {CITATION}}}
    products:
      - {{slug: one, name: One, category: service, launched: 2014-05, {CITATION}}}
      - {{slug: never, name: Never, category: service, {CITATION}}}
    metrics:
      - {{slug: users, metric: users, name: Users, value: 9.5, unit: users, period: 2014, {CITATION}}}
      - {{slug: timeless, metric: users, name: Users, value: 7, unit: users, {CITATION}}}
  - slug: beta
    name: Beta
    country: 'NO'
    milestones:
      - slug: last-day
        title: The last day
        category: end
        date: 9999-12-30
        citations: [{{source: filing, paragraph: 2, sentence: 1, start: 50, end: 60, sha256: "{"d" * 64}"}}]
    products:
      - {{slug: first, name: First, category: service, launched: 0001-01-01, {CITATION}}}
"""
IN_ORDER = ["first", "founded", "users", "one", "before", "perhaps", "last-day", "undated", "later"]


@pytest.fixture
def api(serve_once: ServeDataset) -> httpx.Client:
    return serve_once(DATASET)


def slugs(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["url"].rpartition("/")[2] for entry in entries]


def timeline(api: httpx.Client, query: str = "") -> list[str]:
    answer = api.get(f"/v1/timeline?{query}")
    assert answer.status_code == 200, answer.text
    return slugs(answer.json()["items"])


def test_events_launches_and_measurements_come_by_their_first_possible_day_and_undated_events_last(api: httpx.Client) -> None:
    assert timeline(api) == IN_ORDER


def test_the_newest_come_first_on_request_and_undated_events_still_last(api: httpx.Client) -> None:
    newest_first = timeline(api, "sort=-date")

    assert newest_first[:6] == ["last-day", "perhaps", "before", "one", "users", "founded"]
    assert set(newest_first[6:]) == {"first", "undated", "later"}


def test_a_fuzzy_date_stays_fuzzy(api: httpx.Client) -> None:
    founded = api.get("/v1/timeline?category=founding").json()["items"][0]

    assert founded["date"] == {"edtf": "2000-40", "text": "early 2000", "earliest": "2000-01-01", "latest": "2000-06-30"}


def test_an_entry_holds_the_whole_fact(api: httpx.Client) -> None:
    for entry in api.get("/v1/timeline").json()["items"]:
        fact = entry["fact"]
        assert api.get(entry["url"]).json() == fact
        assert entry["title"] == fact.get("title", fact.get("name"))
        assert [entry[name] for name in ("kind", "company", "company_url")] == [
            fact[name] for name in ("kind", "company", "company_url")
        ]
        assert entry["date"] == fact[{"milestone": "date", "product": "launched", "metric": "period"}[entry["kind"]]]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("company=beta", ["first", "last-day"]),
        ("company=alpha&company=beta&limit=200", IN_ORDER),
        ("country=NO", ["first", "last-day"]),
        ("company=alpha&country=NO", []),
        ("source=filing", ["last-day"]),
        ("kind=product", ["first", "one"]),
        ("kind=metric&kind=metric", ["users"]),
        ("category=service", ["first", "one"]),
        ("category=launch&category=service&kind=milestone", ["perhaps", "later"]),
        ("dated=false", ["undated", "later"]),
        ("dated=false&sort=-date", ["later", "undated"]),
        ("dated=false&kind=product", []),
        ("dated=true&kind=milestone", ["founded", "before", "perhaps", "last-day"]),
        ("from=2014-01-01&to=2014-12-31", ["users", "one", "before"]),
        ("from=2014-01-01&to=2014-12-31&certain=true", ["users", "one"]),
        ("from=2014-01-01&to=2014-12-31&certain=true&sort=-date", ["one", "users"]),
        ("to=2014-12-31&certain=true&company=alpha", ["founded", "users", "one", "before"]),
        ("certain=true&from=2014-06-01", ["last-day"]),
    ],
)
def test_filters(api: httpx.Client, query: str, wanted: list[str]) -> None:
    assert timeline(api, query) == wanted


@pytest.mark.parametrize("sort", ["date", "-date"])
@pytest.mark.parametrize("group", ["", "&group=year"])
def test_pages_one_after_another_are_the_whole(api: httpx.Client, sort: str, group: str) -> None:
    whole = timeline(api, f"sort={sort}")
    seen: list[str] = []
    address: str | None = f"/v1/timeline?sort={sort}&limit=3{group}"
    while address:
        page = api.get(address).json()
        found = page["items"] if not group else [entry for year in page["groups"] for entry in year["items"]]
        seen += slugs(found)
        address = page["next"]

    assert sorted(seen) == sorted(whole)
    assert group or seen == whole


def test_entries_are_grouped_by_year_on_request(api: httpx.Client) -> None:
    answer = api.get("/v1/timeline?company=alpha&group=year&total=true").json()

    assert [(year["year"], slugs(year["items"])) for year in answer["groups"]] == [
        (2000, ["founded"]),
        (2014, ["users", "one", "before"]),
        (2016, ["perhaps"]),
        (None, ["undated", "later"]),
    ]
    assert (answer["next"], answer["total"]) == (None, 7)
    assert "items" not in answer


def test_the_group_of_undated_events_is_the_last_in_both_directions(api: httpx.Client) -> None:
    years = [year["year"] for year in api.get("/v1/timeline?group=year&sort=-date").json()["groups"]]

    assert years == [9999, 2016, 2014, 2000, 1, None]


def test_csv_and_ndjson_hold_the_whole_timeline(api: httpx.Client) -> None:
    rows = list(csv.DictReader(io.StringIO(api.get("/v1/timeline?format=csv").text)))
    lines = [orjson.loads(line) for line in api.get("/v1/timeline?format=ndjson").iter_lines()]

    assert slugs(rows) == slugs(lines) == IN_ORDER
    assert lines == api.get("/v1/timeline").json()["items"]
    users = rows[2]
    assert (users["date_edtf"], users["title"], users["fact_value"], users["fact_citations"]) == (
        "2014",
        "Users",
        "9.5",
        "report#1.1",
    )


def test_an_unchanged_timeline_is_not_sent_again(api: httpx.Client) -> None:
    for query in ("", "?group=year"):
        answer = api.get(f"/v1/timeline{query}")
        again = api.get(f"/v1/timeline{query}", headers={"If-None-Match": answer.headers["etag"]})
        head = api.head(f"/v1/timeline{query}")
        assert (again.status_code, again.content) == (304, b"")
        assert (head.status_code, head.headers["etag"], head.content) == (200, answer.headers["etag"], b"")


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("group=year&format=csv", "group", "write format=json"),
        ("group=month", "group", "expected year"),
        ("kind=metric&category=launch", "category", "leave category out"),
        ("kind=company", "kind", "expected milestone, product or metric"),
        ("from=2015-01-01&to=2014-01-01", "from", "the earlier day"),
        ("sort=name", "sort", "expected date"),
    ],
)
def test_an_invalid_query_is_refused_with_what_to_write_instead(api: httpx.Client, query: str, field: str, words: str) -> None:
    answer = api.get(f"/v1/timeline?{query}")

    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == field
    assert words in error["message"]


def test_groups_have_no_other_format(api: httpx.Client) -> None:
    assert api.get("/v1/timeline?group=year", headers={"Accept": "text/csv"}).status_code == 406


def test_a_cursor_goes_on_in_groups_where_the_plain_page_ended(api: httpx.Client) -> None:
    following = api.get("/v1/timeline?limit=1").json()["next"]
    [plain] = api.get(following).json()["items"]
    [group] = api.get(f"{following}&group=year").json()["groups"]

    assert group["items"] == [plain]


def test_the_timeline_of_the_seed_begins_with_its_earliest_fact(client: httpx.Client) -> None:
    first = client.get("/v1/timeline?limit=1").json()["items"][0]

    assert (first["url"], first["date"]["text"]) == ("/v1/companies/baidu/milestones/founded", "early 2000")


def test_a_launch_on_the_day_that_stands_for_none_is_not_lost(serve_dataset: ServeDataset) -> None:
    """Products without a date are kept out by that day, which is the first or the last of the calendar."""
    ends = f"""
      - {{slug: last, name: Last, category: service, launched: 9999-12-31, {CITATION}}}
    metrics:
      - {{slug: end, metric: users, name: Users, value: 1, unit: users, period: ../9999-12-31, {CITATION}}}
"""
    api = serve_dataset(DATASET.rstrip() + ends)

    assert set(timeline(api)) == {*IN_ORDER, "last", "end"}
    assert timeline(api, "kind=product&kind=metric") == ["first", "users", "one", "last", "end"]
    assert timeline(api, "kind=product&kind=metric&sort=-date") == ["end", "last", "one", "users", "first"]
    assert timeline(api, "kind=product&limit=1&sort=-date") == ["last"]


@pytest.mark.parametrize("more", ["", "&group=year", "&total=true", "&format=csv", "&kind=metric"])
@pytest.mark.parametrize(("name", "wrong", "nearest"), [("company", "alphas", "alpha"), ("source", "fillings", "filing")])
def test_an_unknown_company_or_source_is_a_422_that_suggests_the_right_one(
    api: httpx.Client, name: str, wrong: str, nearest: str, more: str
) -> None:
    answer = api.get(f"/v1/timeline?{name}={wrong}{more}")

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": name, "message": f"There is no {name} '{wrong}'", "suggestion": nearest}]


def test_a_known_company_without_what_is_asked_for_has_an_empty_timeline(api: httpx.Client) -> None:
    assert timeline(api, "company=beta&kind=metric") == []
    assert api.get("/v1/timeline?company=beta&kind=metric&group=year").json()["groups"] == []
