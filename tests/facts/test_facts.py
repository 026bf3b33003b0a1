"""Milestones, products and metrics over HTTP: of one company, across companies, and one by one."""

import httpx
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
      - {{slug: year, title: In 2014, category: launch, date: 2014, {CITATION}}}
      - {{slug: span, title: From 2012 to 2016, category: launch, date: 2012/2016, {CITATION}}}
      - {{slug: onwards, title: Since 2015, category: strategy, date: 2015/.., {CITATION}}}
      - {{slug: perhaps, title: Perhaps in 2014, category: strategy, date: "2014?", {CITATION}}}
      - {{slug: undated, title: At some time, category: strategy, {CITATION}}}
    products:
      - {{slug: one, name: Zed, category: product, launched: 2016, {CITATION}}}
      - {{slug: two, name: ápple, category: service, {CITATION}}}
    metrics:
      - {{slug: small, metric: revenue, name: Revenue, value: 9.5, unit: USD, period: 2019, {CITATION}}}
      - {{slug: large, metric: revenue, name: Revenue, value: 123456789012345, unit: USD, period: 2020, {CITATION}}}
      - {{slug: negative, metric: profit, name: Profit, value: -0.1, unit: CNY, qualifier: about, {CITATION}}}
  - slug: beta
    name: Beta
    country: 'NO'
    milestones:
      - slug: year
        title: Also in 2014
        category: launch
        date: 2014
        citations:
          - {{source: filing, paragraph: 2, sentence: 1, start: 50, end: 60, sha256: "{"d" * 64}"}}
          - {{source: report, paragraph: 1, sentence: 2, start: 10, end: 20, sha256: "{"d" * 64}"}}
"""


@pytest.fixture
def api(serve_once: ServeDataset) -> httpx.Client:
    return serve_once(DATASET)


def slugs(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [f"{item['company']}/{item['slug']}" for item in answer.json()["items"]]


def own(api: httpx.Client, query: str) -> list[str]:
    return [name.removeprefix("alpha/") for name in slugs(api.get(f"/v1/companies/alpha/{query}"))]


def test_a_range_matches_facts_that_may_lie_in_it(api: httpx.Client) -> None:
    assert own(api, "milestones?from=2014-01-01&to=2014-12-31") == ["span", "year", "perhaps"]
    assert own(api, "milestones?from=2016-06-01") == ["span", "onwards"]
    assert own(api, "milestones?to=2012-01-01") == ["span"]


def test_a_certain_range_matches_only_facts_that_must_lie_in_it(api: httpx.Client) -> None:
    assert own(api, "milestones?from=2012-01-01&to=2016-12-31&certain=true") == ["span", "year"]
    assert own(api, "milestones?from=2015-01-01&certain=true") == ["onwards"]


def test_undated_facts_lie_in_no_range_and_can_be_asked_for(api: httpx.Client) -> None:
    assert own(api, "milestones?dated=false") == ["undated"]
    assert own(api, "milestones?from=0001-01-01&to=9999-12-31") == ["span", "year", "perhaps", "onwards"]
    assert "undated" not in own(api, "milestones?dated=true")


def test_undated_facts_come_last_in_both_directions(api: httpx.Client) -> None:
    assert own(api, "milestones?sort=date")[-1] == "undated"
    assert own(api, "milestones?sort=-date") == ["onwards", "perhaps", "year", "span", "undated"]


def test_milestones_are_filtered_by_category(api: httpx.Client) -> None:
    assert own(api, "milestones?category=strategy&category=founding") == ["perhaps", "onwards", "undated"]


def test_facts_across_companies_are_filtered_by_company_country_and_source(api: httpx.Client) -> None:
    assert slugs(api.get("/v1/milestones?company=beta")) == ["beta/year"]
    assert slugs(api.get("/v1/milestones?country=NO&country=SE")) == ["beta/year"]
    assert slugs(api.get("/v1/milestones?source=filing")) == ["beta/year"]
    assert len(slugs(api.get("/v1/milestones?source=report"))) == 6


def test_facts_across_companies_sort_by_company(api: httpx.Client) -> None:
    assert slugs(api.get("/v1/milestones?sort=-company,slug&limit=2")) == ["beta/year", "alpha/onwards"]


def test_products_sort_by_name_without_regard_to_accents(api: httpx.Client) -> None:
    assert own(api, "products") == ["two", "one"]
    assert own(api, "products?sort=launched") == ["one", "two"]
    assert own(api, "products?category=service") == ["two"]


def test_metrics_sort_and_filter_by_exact_value(api: httpx.Client) -> None:
    assert own(api, "metrics?sort=value") == ["negative", "small", "large"]
    assert own(api, "metrics?minimum=-0.1&maximum=9.5&sort=-value") == ["small", "negative"]
    assert own(api, "metrics?minimum=123456789012345") == ["large"]


def test_metrics_are_filtered_by_name_unit_and_qualifier(api: httpx.Client) -> None:
    assert own(api, "metrics?metric=revenue") == ["small", "large"]
    assert own(api, "metrics?unit=CNY") == ["negative"]
    assert own(api, "metrics?qualifier=about") == ["negative"]


def test_numbers_are_exact_json_numbers(api: httpx.Client) -> None:
    assert '"value":123456789012345,' in api.get("/v1/companies/alpha/metrics/large").text
    assert '"value":-0.1,' in api.get("/v1/companies/alpha/metrics/negative").text


def test_the_same_slug_names_a_fact_of_each_company(api: httpx.Client) -> None:
    assert api.get("/v1/companies/alpha/milestones/year").json()["title"] == "In 2014"
    assert api.get("/v1/companies/beta/milestones/year").json()["title"] == "Also in 2014"


def test_the_list_and_the_single_address_give_the_same_fact(api: httpx.Client) -> None:
    for kind in ("milestones", "products", "metrics"):
        for item in api.get(f"/v1/companies/alpha/{kind}").json()["items"]:
            assert api.get(item["url"]).json() == item
            assert api.get(item["company_url"]).json()["slug"] == item["company"]


@pytest.mark.parametrize("kind", ["milestones", "products", "metrics"])
def test_an_unknown_company_has_no_list_of_facts(api: httpx.Client, kind: str) -> None:
    for address in (f"/v1/companies/alpah/{kind}", f"/v1/companies/alpah/{kind}?format=csv", f"/v1/companies/alpah/{kind}/x"):
        answer = api.get(address)
        assert answer.status_code == 404
        assert answer.json()["suggestions"] == ["/v1/companies/alpha"]


def test_a_company_without_such_facts_has_an_empty_list(api: httpx.Client) -> None:
    assert api.get("/v1/companies/beta/products").json() == {"items": [], "next": None}


def test_a_misspelt_fact_is_a_404_that_suggests_the_right_one(api: httpx.Client) -> None:
    answer = api.get("/v1/companies/alpha/milestones/onward")

    assert answer.status_code == 404
    assert answer.json()["suggestions"] == ["/v1/companies/alpha/milestones/onwards"]


def test_the_facts_of_a_source_come_once_each_in_the_order_of_the_text(api: httpx.Client) -> None:
    facts = slugs(api.get("/v1/sources/report/facts"))

    assert len(facts) == len(set(facts)) == 11
    assert facts[-1] == "beta/year"
    assert slugs(api.get("/v1/sources/filing/facts")) == ["beta/year"]
    assert slugs(api.get("/v1/sources/report/facts?sort=-place&limit=1")) == ["beta/year"]


def test_the_facts_of_a_source_are_filtered_by_kind_and_company(api: httpx.Client) -> None:
    assert {item["kind"] for item in api.get("/v1/sources/report/facts?kind=metric").json()["items"]} == {"metric"}
    assert slugs(api.get("/v1/sources/report/facts?company=beta")) == ["beta/year"]


def test_the_facts_of_a_source_are_paged(api: httpx.Client) -> None:
    whole = slugs(api.get("/v1/sources/report/facts"))
    seen: list[str] = []
    address: str | None = "/v1/sources/report/facts?limit=3"
    while address:
        answer = api.get(address)
        seen += slugs(answer)
        address = answer.json()["next"]

    assert seen == whole


def test_an_unknown_source_is_a_404_that_suggests_the_right_one(api: httpx.Client) -> None:
    for address in ("/v1/sources/reprot", "/v1/sources/reprot/facts", "/v1/sources/reprot/facts?format=ndjson"):
        assert api.get(address).json()["suggestions"] == ["/v1/sources/report"]


def test_sources_are_filtered_by_type(api: httpx.Client) -> None:
    assert [item["slug"] for item in api.get("/v1/sources?type=filing").json()["items"]] == ["filing"]


def test_an_amount_keeps_the_conversion_that_its_source_states(client: httpx.Client) -> None:
    revenue = client.get("/v1/companies/kuaishou/metrics/revenue").json()

    assert (revenue["value"], revenue["unit"], revenue["period"]) == (21100000000, "CNY", None)
    assert revenue["equivalent"] == {
        "value": 3160000000,
        "unit": "USD",
        "stated_as": "USD 3.16 billion",
        "implied_rate": 6.67721518987342,
        "stated_by_source": True,
    }


def test_statistics_count_everything_and_list_the_values_of_filters(api: httpx.Client) -> None:
    stats = api.get("/v1/stats").json()

    assert stats["counts"] == {"companies": 2, "milestones": 6, "products": 2, "metrics": 3, "sources": 2}
    assert stats["revision"] == 15
    assert stats["facets"]["countries"] == [{"value": "CN", "count": 1}, {"value": "NO", "count": 1}]
    assert stats["facets"]["metrics"][0] == {"value": "revenue", "count": 2}
