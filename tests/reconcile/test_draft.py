"""The draft of version 1.0 beside version 0.2: /match, /extend and the manifest, over HTTP."""

import json
from typing import Any

import httpx
import pytest

from tests.conftest import ServeDataset
from tests.reconcile.shapes import NEW, OLD, require_shape
from tests.reconcile.test_matching import NAMESAKES, matched

Conditions = list[dict[str, Any]]


def named(name: object, **more: object) -> dict[str, Any]:
    return {"matchType": "name", "propertyValue": name, **more}


def having(property_id: str, value: object, **more: object) -> dict[str, Any]:
    return {"matchType": "property", "propertyId": property_id, "propertyValue": value, **more}


def match(client: httpx.Client, *queries: dict[str, Any]) -> list[dict[str, Any]]:
    response = client.post("/reconcile/match", json={"queries": queries})
    assert response.status_code == 200, response.text
    require_shape(NEW["match"], response.json())
    results: list[dict[str, Any]] = response.json()["results"]
    return results


def offered(client: httpx.Client, conditions: Conditions) -> list[str]:
    return [candidate["id"] for candidate in match(client, {"conditions": conditions})[0]["candidates"]]


def test_both_versions_match_alike(client: httpx.Client) -> None:
    names = ("Baidu, Inc.", "Kuaishuo", "Nobody")
    new = match(client, *({"conditions": [named(name), having("country", "China")], "limit": 3} for name in names))
    batch = {name: {"query": name, "limit": 3, "properties": [{"pid": "country", "v": "China"}]} for name in names}
    old = client.post("/reconcile", data={"queries": json.dumps(batch)}).json()

    require_shape(OLD["match"], old)
    assert [result["candidates"] for result in new] == [old[name]["result"] for name in names]
    assert matched(new[0]["candidates"]) == ["baidu"]


def test_the_example_of_the_specification_is_a_response(client: httpx.Client) -> None:
    [result] = match(
        client,
        {
            "type": "company",
            "limit": 5,
            "lang": "en",
            "conditions": [
                named("Baidu"),
                having("profession", "Search*", required=False, matchQuantifier="any", matchQualifier="WildcardMatch"),
            ],
        },
    )

    assert matched(result["candidates"]) == ["baidu"]
    assert [note.partition(", so")[0] for note in result["notes"]] == [
        "'profession' is not a property",
        "matchQualifier 'WildcardMatch' was ignored: this service has no qualifiers.",
    ]


@pytest.mark.parametrize(
    ("conditions", "ids"),
    [
        ([named("Alpha Works"), having("country", "NO", required=True)], ["alpha-no"]),
        ([named("Alpha Works"), having("country", "NO", matchQuantifier="none", required=True)], ["alpha-us"]),
        ([named("Alpha Works"), having("country", ["NO", "US"], matchQuantifier="all", required=True)], []),
        ([named("Alpha Works"), having("identifier:ticker", "ALW", required=True)], ["alpha-us"]),
        ([named("Alpha Works"), having("ceo", "Ann", required=True)], []),
        ([named(["Nobody", "Beta Labs"])], ["beta"]),
        ([named("Alpha Works"), named("Alpha Works AS", matchQuantifier="none")], ["alpha-us", "alpha-no"]),
        ([{"matchType": "id", "propertyValue": "beta"}], ["beta"]),
        ([{"matchType": "id", "propertyValue": ["beta", "nobody", "alpha-no"]}], ["alpha-no", "beta"]),
        ([named("Alpha Works"), {"matchType": "id", "propertyValue": "alpha-us", "matchQuantifier": "none"}], ["alpha-no"]),
        ([named("Alpha Works"), {"matchType": "id", "propertyValue": "alpha-us", "required": True}], ["alpha-us"]),
        ([having("identifier:ticker", "ALW")], ["alpha-us"]),
    ],
)
def test_conditions_are_met_as_their_quantifiers_say(serve_once: ServeDataset, conditions: Conditions, ids: list[str]) -> None:
    assert sorted(offered(serve_once(NAMESAKES), conditions)) == sorted(ids)


def test_everything_that_is_ignored_is_noted_however_much_it_is(client: httpx.Client) -> None:
    conditions = [having(f"{one}-" + "\U000e0001" * 90, "x", matchQualifier=f"{one}-" + "q" * 3_990) for one in range(50)]
    [result] = match(client, {"conditions": conditions})

    assert len(result["notes"]) == 100
    assert max(map(len, result["notes"])) <= 1_000


def test_another_type_finds_nothing(client: httpx.Client) -> None:
    assert match(client, {"conditions": [named("Baidu")], "type": "person"}) == [{"candidates": []}]


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ("{", "body", "JSON"),
        ("[]", "body", "object"),
        ("{}", "queries", "required"),
        ('{"queries": [{}]}', "queries.0.conditions", "required"),
        ('{"queries": [{"conditions": []}]}', "queries.0.conditions", "at least 1"),
        (
            '{"queries": [{"query": "Baidu", "conditions": [{"matchType": "name", "propertyValue": "x"}]}]}',
            "queries.0.query",
            "no such",
        ),
        (
            '{"queries": [{"conditions": [{"matchType": "label", "propertyValue": "x"}]}]}',
            "queries.0.conditions.0.matchType",
            "'name'",
        ),
        ('{"queries": [{"conditions": [{"matchType": "name"}]}]}', "queries.0.conditions.0.propertyValue", "required"),
        (
            '{"queries": [{"conditions": [{"matchType": "name", "propertyValue": -1000000000000000001}]}]}',
            "queries.0.conditions.0.propertyValue",
            "greater than or equal",
        ),
        (
            '{"queries": [{"conditions": [{"matchType": "name", "propertyValue": "x", "required": 1}]}]}',
            "queries.0.conditions.0.required",
            "boolean",
        ),
        (
            '{"queries": [{"conditions": [{"matchType": "property", "propertyValue": 1}]}]}',
            "queries.0.conditions.0",
            "propertyId",
        ),
    ],
)
def test_a_bad_body_is_refused_at_its_place(client: httpx.Client, body: str, field: str, words: str) -> None:
    response = client.post("/reconcile/match", content=body, headers={"Content-Type": "application/json"})

    assert response.status_code == 422
    [error] = response.json()["errors"]
    assert error["field"] == field
    assert words in error["message"]


def test_only_json_is_read(client: httpx.Client) -> None:
    for path in ("/reconcile/match", "/reconcile/extend"):
        assert client.post(path, data={"queries": "{}"}).json()["errors"][0]["field"] == "Content-Type"
        assert client.post(path, content=b"\xff", headers={"Content-Type": "application/json"}).status_code == 400


def test_the_manifest_names_both_versions_and_each_has_its_shape(client: httpx.Client) -> None:
    default = client.get("/reconcile").json()
    draft = client.get("/reconcile", params={"version": "1.0-draft"}).json()

    assert default["versions"] == draft["versions"] == ["0.2", "1.0-draft"]
    require_shape(OLD["manifest"], default)
    require_shape(NEW["manifest"], draft)
    assert client.get("/reconcile", params={"version": "0.2"}).json() == default
    assert draft["extend"]["propertySettings"] == default["extend"]["propertySettings"]


def test_the_version_is_of_the_manifest_alone(client: httpx.Client) -> None:
    answer = client.get("/reconcile", params={"version": "1.0-draft", "queries": '{"q": {"query": "Baidu"}}'})

    assert matched(answer.json()["q"]["result"]) == ["baidu"]


def test_suggestions_are_skipped_by_offset(client: httpx.Client) -> None:
    every = client.get("/reconcile/suggest/property", params={"limit": 5}).json()["result"]
    rest = client.get("/reconcile/suggest/property", params={"limit": 3, "offset": 2}).json()["result"]

    assert rest == every[2:]


def test_extension_returns_the_same_values_in_rows(client: httpx.Client) -> None:
    query = {"ids": ["kuaishou", "nobody", "baidu"], "properties": [{"id": "country"}, {"id": "metric:revenue.citation"}]}
    response = client.post("/reconcile/extend", json=query)
    old = client.post("/reconcile", data={"extend": json.dumps(query)}).json()

    assert response.status_code == 200, response.text
    new = response.json()
    require_shape(NEW["extend"], new)
    require_shape(OLD["extend"], old)
    assert new["meta"] == old["meta"]
    assert [row["id"] for row in new["rows"]] == query["ids"]
    assert {row["id"]: {one["id"]: one["values"] for one in row["properties"]} for row in new["rows"]} == old["rows"]
