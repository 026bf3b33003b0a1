"""Data extension over HTTP: property values of companies, and the properties that are proposed."""

import json
from typing import Any

import httpx

from tests.conftest import ServeDataset

SOURCE = """
sources:
  - {slug: report, title: A report, type: report, length: 100, sha256: "%s", body_start: 0}
""" % ("0" * 64)
CITED = "citations: [{source: report, paragraph: 1, sentence: 1, start: 0, end: 9, sha256: '" + "0" * 64 + "'}]"
COMPANIES = f"""
companies:
  - slug: alpha
    name: Alpha
    country: "NO"
    founded: "2014-05"
    other_names: [{{name: 阿尔法}}, {{name: Alfa}}]
    identifiers: [{{scheme: ticker, value: ALP}}, {{scheme: ticker, value: ALPB}}, {{scheme: wikidata, value: Q42}}]
    metrics:
      - {{slug: r-1, metric: revenue, name: Revenue, value: 900, unit: USD, period: 2019, {CITED}}}
      - {{slug: r-2, metric: revenue, name: Revenue, value: 1200, unit: USD, qualifier: more_than, period: 2021, {CITED}}}
      - {{slug: r-3, metric: revenue, name: Revenue, value: 5000, unit: USD, {CITED}}}
      - {{slug: g-1, metric: growth, name: Growth, value: 23.8, unit: percent, scope: Europe, {CITED}}}
  - {{slug: beta, name: Beta}}
"""


def fetch(client: httpx.Client, ids: list[str], *properties: str | dict[str, Any]) -> dict[str, Any]:
    query = {"ids": ids, "properties": [one if isinstance(one, dict) else {"id": one} for one in properties]}
    by_post = client.post("/reconcile", data={"extend": json.dumps(query)})
    by_get = client.get("/reconcile", params={"extend": json.dumps(query)})
    assert by_post.status_code == 200, by_post.text
    assert by_get.json() == by_post.json()
    extension: dict[str, Any] = by_post.json()
    return extension


def test_values_come_by_company_and_property(serve_once: ServeDataset) -> None:
    client = serve_once(SOURCE + COMPANIES)
    extension = fetch(client, ["alpha", "beta"], "name", "other_names", "country", "founded", "summary", "identifier:ticker")

    assert extension["meta"] == [
        {"id": "name", "name": "Name"},
        {"id": "other_names", "name": "Other names"},
        {"id": "country", "name": "Country"},
        {"id": "founded", "name": "Founded"},
        {"id": "summary", "name": "Summary"},
        {"id": "identifier:ticker", "name": "Identifier: ticker"},
    ]
    assert extension["rows"] == {
        "alpha": {
            "name": [{"str": "Alpha"}],
            "other_names": [{"str": "阿尔法"}, {"str": "Alfa"}],
            "country": [{"str": "NO"}],
            "founded": [{"str": "2014-05"}],
            "summary": [],
            "identifier:ticker": [{"str": "ALP"}, {"str": "ALPB"}],
        },
        "beta": {
            "name": [{"str": "Beta"}],
            "other_names": [],
            "country": [],
            "founded": [],
            "summary": [],
            "identifier:ticker": [],
        },
    }


def test_a_metric_is_its_newest_dated_observation(serve_once: ServeDataset) -> None:
    client = serve_once(SOURCE + COMPANIES)
    extension = fetch(client, ["alpha", "beta"], "metric:revenue", "metric:growth", "metric:unheard_of")

    assert extension["rows"]["alpha"] == {
        "metric:revenue": [{"int": 1200}],
        "metric:growth": [{"float": 23.8}],
        "metric:unheard_of": [],
    }
    assert extension["rows"]["beta"] == {"metric:revenue": [], "metric:growth": [], "metric:unheard_of": []}


def test_a_metric_as_text_says_what_the_number_means(serve_once: ServeDataset) -> None:
    client = serve_once(SOURCE + COMPANIES)
    as_text = {"settings": {"content": "text"}}
    extension = fetch(client, ["alpha"], {"id": "metric:revenue", **as_text}, {"id": "metric:growth", **as_text})

    assert extension["rows"]["alpha"] == {
        "metric:revenue": [{"str": "more than 1200 USD, 2021"}],
        "metric:growth": [{"str": "23.8 percent, period unknown, Europe"}],
    }


def test_a_value_comes_with_its_citation(serve_once: ServeDataset) -> None:
    client = serve_once(SOURCE + COMPANIES)
    extension = fetch(client, ["alpha", "beta"], "metric:revenue.citation", "metric:unheard_of.citation", "country.citation")

    assert extension["meta"][0] == {"id": "metric:revenue.citation", "name": "Newest revenue: citation"}
    assert extension["rows"]["alpha"] == {
        "metric:revenue.citation": [{"str": "A report, paragraph 1, sentence 1, characters 0–9"}],
        "metric:unheard_of.citation": [],
        "country.citation": [],
    }
    assert extension["rows"]["beta"] == {name: [] for name in extension["rows"]["alpha"]}


def test_a_citation_has_the_quote_and_the_address_of_its_source(serve_once: ServeDataset) -> None:
    client = serve_once("""
sources:
  - {slug: paper, title: The paper, type: article, url: "https://paper.example/1", text: Alpha sold nine boats., body_start: 0}
companies:
  - slug: alpha
    name: Alpha
    metrics:
      - slug: boats
        metric: boats_sold
        name: Boats sold
        value: 9
        unit: count
        citations: [{source: paper, paragraph: 1, sentence: 1}]
""")

    assert fetch(client, ["alpha"], "metric:boats_sold.citation")["rows"]["alpha"]["metric:boats_sold.citation"] == [
        {"str": 'The paper (https://paper.example/1), paragraph 1, sentence 1: "Alpha sold nine boats."'}
    ]


def test_an_unknown_property_has_no_values_and_says_so(client: httpx.Client) -> None:
    extension = fetch(client, ["baidu"], "country", "contry")

    assert extension["meta"][1] == {"id": "contry", "name": "contry (unknown property)"}
    assert extension["rows"]["baidu"] == {"country": [{"str": "CN"}], "contry": []}
    [note] = extension["notes"]
    assert note.endswith("Did you mean country?")


def test_an_unknown_company_has_no_values(client: httpx.Client) -> None:
    assert fetch(client, ["nobody"], "country") == {
        "meta": [{"id": "country", "name": "Country"}],
        "rows": {"nobody": {"country": []}},
    }


def test_the_properties_that_companies_have_are_proposed(serve_once: ServeDataset) -> None:
    client = serve_once(SOURCE + COMPANIES)
    proposed = client.get("/reconcile/extend/propose?type=company").json()

    assert proposed["type"] == "company"
    assert [one["id"] for one in proposed["properties"]] == [
        "name", "other_names", "country", "founded", "summary",
        "identifier:ticker", "identifier:wikidata", "metric:growth", "metric:revenue",
        "name.citation", "other_names.citation", "country.citation", "founded.citation", "summary.citation",
        "metric:growth.citation", "metric:revenue.citation",
    ]  # fmt: skip
    assert client.get("/reconcile/extend/propose").json() == proposed


def test_proposals_are_limited_and_of_the_type_that_is_asked_for(client: httpx.Client) -> None:
    limited = client.get("/reconcile/extend/propose?type=company&limit=2").json()

    assert limited == {
        "type": "company",
        "limit": 2,
        "properties": [{"id": "name", "name": "Name"}, {"id": "other_names", "name": "Other names"}],
    }
    assert client.get("/reconcile/extend/propose?type=person").json() == {"type": "person", "properties": []}
