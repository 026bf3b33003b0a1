"""Matching over HTTP: batches, scores, what is certain, properties, types and limits."""

import json
from typing import Any, Literal

import httpx
import pytest
from sqlalchemy import event

from app.api.reconcile.candidates import NAMES_AT_A_TIME
from app.api.reconcile.forms import read_batch
from app.api.reconcile.matching import reconcile
from app.database.database import Database
from tests.conftest import ServeDataset
from tests.databases import Databases, settings_for

NAMESAKES = """
companies:
  - {slug: alpha-us, name: Alpha Works Inc., country: US, founded: 1999, identifiers: [{scheme: ticker, value: ALW}]}
  - {slug: alpha-no, name: Alpha Works AS, country: "NO", founded: "2014-05", summary: Makes boats.}
  - {slug: beta, name: Beta Labs, country: US}
"""


Json = str | int | list[str] | list[dict[str, Any]] | None


def ask(client: httpx.Client, **query: Json) -> list[dict[str, Any]]:
    answer = client.post("/reconcile", data={"queries": json.dumps({"q": query})})
    assert answer.status_code == 200, answer.text
    result: list[dict[str, Any]] = answer.json()["q"]["result"]
    return result


def matched(candidates: list[dict[str, Any]]) -> list[str]:
    return [candidate["id"] for candidate in candidates if candidate["match"]]


def test_get_and_post_answer_alike(client: httpx.Client) -> None:
    batch = json.dumps(
        {"first": {"query": "Baidu, Inc."}, "second": {"query": "Kuaishuo", "limit": 1}, "third": {"query": "Nobody"}}
    )
    by_get = client.get("/reconcile", params={"queries": batch})
    by_post = client.post("/reconcile", data={"queries": batch})

    assert by_get.json() == by_post.json()
    results = by_post.json()
    assert list(results) == ["first", "second", "third"]
    assert matched(results["first"]["result"]) == ["baidu"]
    assert matched(results["second"]["result"]) == ["kuaishou"]
    assert results["third"] == {"result": []}


def test_a_candidate_has_all_that_the_specification_names(serve_once: ServeDataset) -> None:
    client = serve_once(NAMESAKES)

    assert ask(client, query="Alpha Works", properties=[{"pid": "country", "v": "Norway"}])[0] == {
        "id": "alpha-no",
        "name": "Alpha Works AS",
        "description": "NO, founded May 2014. Makes boats.",
        "type": [{"id": "company", "name": "Company"}],
        "score": 100.0,
        "match": True,
        "features": [
            {"id": "name_similarity", "name": "Similarity of names", "value": 98.0},
            {"id": "same_country", "name": "Agrees in Country", "value": True},
        ],
    }


def test_namesakes_are_no_match_until_a_property_distinguishes_them(serve_once: ServeDataset) -> None:
    client = serve_once(NAMESAKES)

    alone = ask(client, query="Alpha Works")
    assert {candidate["id"] for candidate in alone} == {"alpha-us", "alpha-no"}
    assert matched(alone) == []
    for pid, value, meant in (
        ("country", "US", "alpha-us"),
        ("country", "United States", "alpha-us"),
        ("founded", 2014, "alpha-no"),
        ("founded", "2014-05-17", "alpha-no"),
        ("identifier:ticker", "alw", "alpha-us"),
        ("country", ["SE", "NO"], "alpha-no"),
        ("country", {"id": "Q20", "name": "Norway"}, "alpha-no"),
    ):
        candidates = ask(client, query="Alpha Works", properties=[{"pid": pid, "v": value}])
        assert matched(candidates) == [meant], (pid, value, candidates)


def test_a_property_on_which_neighbours_agree_keeps_them_apart(serve_once: ServeDataset) -> None:
    client = serve_once("""
companies:
  - {slug: omega-one, name: Omega, country: US}
  - {slug: omega-two, name: Omega Group, country: US}
  - {slug: baidu-one, name: Baidu, country: CN}
  - {slug: baidu-two, name: 百度公司, country: CN}
""")
    for name, country, meant in (("Omega", "US", "omega-one"), ("Baidu", "CN", "baidu-one")):
        alone = ask(client, query=name)
        both = ask(client, query=name, properties=[{"pid": "country", "v": country}])
        assert matched(alone) == matched(both) == [meant]
        assert [candidate["score"] for candidate in both] == sorted((one["score"] for one in both), reverse=True)
        assert both[0]["score"] == 100.0


def test_an_identifier_counts_more_than_properties_that_others_have(serve_once: ServeDataset) -> None:
    client = serve_once("""
companies:
  - {slug: omega-one, name: Omega, country: US, founded: 1999}
  - {slug: omega-two, name: Omega, identifiers: [{scheme: ticker, value: X1}]}
""")
    known: list[dict[str, Any]] = [
        {"pid": "country", "v": "US"},
        {"pid": "founded", "v": 1999},
        {"pid": "identifier:ticker", "v": "X1"},
    ]

    assert matched(ask(client, query="Omega", properties=known)) == ["omega-two"]


def test_every_property_that_is_suggested_may_be_asked_for(client: httpx.Client) -> None:
    suggested = client.get("/reconcile/suggest/property", params={"limit": 50}).json()["result"]
    pids = [one["id"] for one in suggested]
    assert {"summary", "metric:revenue"} < set(pids)

    for pid in ("summary", "metric:revenue"):
        [candidate, *_] = ask(client, query="Baidu", properties=[{"pid": pid, "v": "whatever"}])
        assert candidate["match"]
        assert [feature["id"] for feature in candidate["features"]] == ["name_similarity"]
    assert ask(client, query="Baidu", properties=[{"pid": pid, "v": "x"} for pid in pids])


def test_a_property_that_disagrees_forbids_the_match(serve_once: ServeDataset) -> None:
    [candidate] = ask(serve_once(NAMESAKES), query="Beta Labs", properties=[{"pid": "country", "v": "CN"}])

    assert (candidate["id"], candidate["score"], candidate["match"]) == ("beta", 85.0, False)
    assert {"id": "same_country", "name": "Agrees in Country", "value": False} in candidate["features"]


def test_a_property_that_nobody_can_compare_changes_nothing(serve_once: ServeDataset) -> None:
    [candidate] = ask(
        serve_once(NAMESAKES),
        query="Beta Labs",
        properties=[{"pid": "founded", "v": "1990"}, {"pid": "country", "v": "Atlantis"}, {"pid": "identifier:lei", "v": "x"}],
    )

    assert candidate["match"]
    assert [feature["id"] for feature in candidate["features"]] == ["name_similarity"]


def test_an_identifier_alone_finds_its_company(serve_once: ServeDataset) -> None:
    client = serve_once(NAMESAKES)

    assert matched(ask(client, properties=[{"pid": "identifier:ticker", "v": "ALW"}])) == ["alpha-us"]
    assert matched(ask(client, properties=[{"pid": "name", "v": "Beta Labs Ltd"}])) == ["beta"]
    assert ask(client, properties=[{"pid": "country", "v": "US"}]) == []


def test_the_identifier_of_a_company_as_query_finds_it(serve_once: ServeDataset) -> None:
    [first, *_] = ask(serve_once(NAMESAKES), query="alpha-no")

    assert (first["id"], first["score"], first["match"]) == ("alpha-no", 100.0, True)


@pytest.mark.parametrize(
    ("types", "strictness", "outcome"),
    [
        ("company", None, "matched"),
        (["person", "company"], "any", "matched"),
        ("person", None, "left out"),
        (["person"], "all", "left out"),
        (["person"], "should", "offered"),
    ],
)
def test_a_type_restricts_unless_it_only_should(
    client: httpx.Client, types: str | list[str], strictness: str | None, outcome: Literal["matched", "offered", "left out"]
) -> None:
    strict: dict[str, Json] = {"type_strict": strictness} if strictness else {}
    candidates = ask(client, query="Baidu", type=types, **strict)

    assert outcome == ("matched" if matched(candidates) else "offered" if candidates else "left out")


def test_the_limit_bounds_the_candidates(serve_once: ServeDataset) -> None:
    rows = "".join(f"  - {{slug: gamma-{i}, name: Gamma Works {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[i]}}}\n" for i in range(26))
    client = serve_once(f"companies:\n{rows}")

    assert len(ask(client, query="Gamma Works")) == 10
    assert len(ask(client, query="Gamma Works", limit=3)) == 3
    scores = [candidate["score"] for candidate in ask(client, query="Gamma Works Q", limit=100)]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("query", ["!!!", " ", "的", "' OR 1=1 --", '"* NEAR AND -', "%_\\", "a" * 4000, "😀", "ﷺ" * 100])
def test_a_query_of_symbols_is_a_response(client: httpx.Client, query: str) -> None:
    assert ask(client, query=query) == []


def test_a_thousand_names_take_one_request(client: httpx.Client) -> None:
    batch = {f"q{i}": {"query": f"Baidu {'百度' * 20} {i}"} for i in range(1000)}
    answer = client.post("/reconcile", data={"queries": json.dumps(batch)})

    assert answer.status_code == 200
    assert len(answer.json()) == 1000


def test_the_number_of_statements_depends_on_the_number_of_queries_alone(databases: Databases) -> None:
    database = Database(settings_for(databases.readable))
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    counts = []
    with database.reading() as connection:
        reconcile(connection, {})
        for names in (NAMES_AT_A_TIME, NAMES_AT_A_TIME, 3 * NAMES_AT_A_TIME):
            statements.clear()
            batch = {f"q{i}": {"query": f"Baidu {i} Kuaishou Works"} for i in range(names)}
            reconcile(connection, read_batch(json.dumps(batch)))
            counts.append(len(statements))
    database.engine.dispose()

    assert counts[0] == counts[1] <= 6
    assert counts[2] - 1 <= 3 * (counts[0] - 1)
