"""Whatever is wrong with a question is a problem that names it and says what to write."""

import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest

pytestmark = pytest.mark.any_engine

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def refused(answer: httpx.Response, status: int = 422) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    return problem


def with_value(value: str) -> str:
    """A batch with one property, whose value is given as JSON."""
    return f'{{"q": {{"query": "x", "properties": [{{"pid": "name", "v": {value}}}]}}}}'


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("{", "queries", "Invalid JSON"),
        ("[]", "queries", "should be an object"),
        ('{"q": "Baidu"}', "queries.q", "should be an object"),
        ('{"q": {}}', "queries.q", "expected a query"),
        ('{"q": {"query": ""}}', "queries.q.query", "at least 1 character"),
        (json.dumps({"q": {"query": "ab" * 2001}}), "queries.q.query", "at most 4000 characters, not 4002"),
        ('{"q": {"query": 7}}', "queries.q.query", "valid string"),
        ('{"q": {"query": "a\\u0000b"}}', "queries.q.query", "control character"),
        ('{"q": {"query": "a", "limit": 0}}', "queries.q.limit", "greater than or equal to 1"),
        ('{"q": {"query": "a", "limit": 101}}', "queries.q.limit", "less than or equal to 100"),
        ('{"q": {"query": "a", "type_strict": "most"}}', "queries.q.type_strict", "'any', 'should' or 'all'"),
        ('{"q": {"properties": []}}', "queries.q", "expected a query"),
        ('{"q": {"query": "x", "type": {"id": "company"}}}', "queries.q.type", "text or a list of texts"),
        ('{"q": {"query": "x", "type": ["company", 7]}}', "queries.q.type.1", "valid string"),
        (with_value("null"), "queries.q.properties.0.v", "a number, true or false, an object with id, or a list of them"),
        (with_value('["a", [1]]'), "queries.q.properties.0.v.1", "a number, true or false, or an object with id"),
        (with_value('{"name": "a"}'), "queries.q.properties.0.v.id", "required"),
        (with_value('[{"id": "a", "x": 1}]'), "queries.q.properties.0.v.0.x", "no such field"),
        (with_value('"a\\u0000"'), "queries.q.properties.0.v", "control character"),
        (with_value(json.dumps("a" * 4001)), "queries.q.properties.0.v", "at most 4000 characters"),
        ('{"q": {"query": "a", "properties": [{"pid": "country"}]}}', "queries.q.properties.0.v", "required"),
    ],
)
def test_a_bad_batch_is_refused_at_its_place(client: httpx.Client, text: str, field: str, words: str) -> None:
    by_get = [client.get("/reconcile", params={"queries": text})] if len(text) < 2500 else []
    for answer in (*by_get, client.post("/reconcile", data={"queries": text})):
        [error] = refused(answer)["errors"]
        assert error["field"] == field
        assert words in error["message"]
        assert "function-" not in answer.text
        assert "0x" not in answer.text


def test_a_value_of_no_kind_is_refused_without_the_words_of_a_validator(client: httpx.Client) -> None:
    answer = client.post("/reconcile", data={"queries": with_value('{"x": 1}')})

    assert [error["field"] for error in refused(answer)["errors"]] == [
        "queries.q.properties.0.v.id",
        "queries.q.properties.0.v.x",
    ]
    assert "function-" not in answer.text
    assert "0x" not in answer.text


def test_a_misspelt_field_is_named_with_the_right_one(client: httpx.Client) -> None:
    answer = client.post("/reconcile", data={"queries": '{"q": {"query": "a", "propertes": []}}'})
    [error] = refused(answer)["errors"]

    assert (error["field"], error["suggestion"]) == ("queries.q.propertes", "properties")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"ids": ["baidu"]}, "extend.properties"),
        ({"ids": "baidu", "properties": []}, "extend.ids"),
        (
            {"ids": ["baidu"], "properties": [{"id": "name", "settings": {"content": "song"}}]},
            "extend.properties.0.settings.content",
        ),
        ({"ids": ["\0"], "properties": []}, "extend.ids.0"),
        ({"ids": [str(i) for i in range(1001)], "properties": []}, "extend.ids"),
    ],
)
def test_a_bad_extension_is_refused_at_its_place(client: httpx.Client, query: dict[str, Any], field: str) -> None:
    [error] = refused(client.post("/reconcile", data={"extend": json.dumps(query)}))["errors"]
    assert error["field"] == field


def test_a_batch_of_more_than_a_thousand_is_refused(client: httpx.Client) -> None:
    batch = {f"q{i}": {"query": "a"} for i in range(1001)}
    [error] = refused(client.post("/reconcile", data={"queries": json.dumps(batch)}))["errors"]

    assert "at most 1000 items" in error["message"]


def test_as_many_errors_are_listed_as_anyone_reads(client: httpx.Client) -> None:
    batch: dict[str, dict[str, str]] = {f"q{i}": {} for i in range(1000)}

    assert len(refused(client.post("/reconcile", data={"queries": json.dumps(batch)}))["errors"]) == 100


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("", "queries"),
        ("query=Baidu", "query"),
        ("queries={}&extend={}", "queries"),
        ("queries={}&queries={}", "queries"),
        ("&".join(f"queries={i}" for i in range(20)), "form"),
    ],
)
def test_a_form_must_have_one_known_field(client: httpx.Client, body: str, field: str) -> None:
    [error] = refused(client.post("/reconcile", content=body, headers=FORM))["errors"]
    assert error["field"] == field


def test_a_misspelt_form_field_is_named_with_the_right_one(client: httpx.Client) -> None:
    [error] = refused(client.post("/reconcile", data={"quries": "{}"}))["errors"]
    assert error["suggestion"] == "queries"


@pytest.mark.parametrize("media_type", ["application/json", "multipart/form-data; boundary=x", ""])
def test_only_forms_are_read(client: httpx.Client, media_type: str) -> None:
    [error] = refused(client.post("/reconcile", content=b"{}", headers={"Content-Type": media_type}))["errors"]
    assert error["field"] == "Content-Type"


@pytest.mark.parametrize("body", [b"queries=%ff", b"queries=\xff", b"queries=%C3"])
def test_a_form_that_is_not_utf8_is_malformed(client: httpx.Client, body: bytes) -> None:
    refused(client.post("/reconcile", content=body, headers=FORM), 400)


def test_a_body_that_is_too_large_is_a_problem(client: httpx.Client) -> None:
    problem = refused(client.post("/reconcile", data={"queries": "x" * 1_100_000}), 413)
    assert "1,048,576" in problem["detail"]


def test_a_parameter_of_another_protocol_is_refused(client: httpx.Client) -> None:
    for address in ("/reconcile?callback=f", "/reconcile?query=Baidu", "/reconcile/suggest/entity?prefix=a&callback=f"):
        refused(client.get(address))
    refused(client.post("/reconcile?queries={}", data={"queries": "{}"}))
    refused(client.get(f"/reconcile?queries={quote('{}')}&extend={quote('{}')}"))


def test_only_json_is_answered(client: httpx.Client) -> None:
    refused(client.get("/reconcile", headers={"Accept": "text/html"}), 406)
    refused(client.post("/reconcile", headers={"Accept": "text/csv"}, data={"queries": "{}"}), 406)
    refused(client.put("/reconcile"), 405)
