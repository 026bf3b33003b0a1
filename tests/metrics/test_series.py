"""Series over HTTP: growth from year to year, where it may be computed and nowhere else."""

from typing import Any

import httpx
import pytest

from tests.conftest import ServeDataset

CITATION = "citations: [{source: report, paragraph: 1, sentence: 1, start: 0, end: 9, sha256: '" + "a" * 64 + "'}]"
START = f"""
sources:
  - {{slug: report, title: A report, type: report, length: 100, sha256: "{"b" * 64}"}}
companies:
  - slug: beta
    name: Beta
    metrics: [{{slug: y2019, metric: revenue, name: R, value: 1, unit: USD, period: 2019, {CITATION}}}]
  - slug: alpha
    name: Alpha
    metrics:
"""


def metric(slug: str, value: str, period: str | None, **more: str) -> str:
    members = {"slug": slug, "metric": "revenue", "name": "Revenue", "value": value, "unit": "USD", **more}
    members |= {"period": period} if period else {}
    return "\n      - {" + ", ".join(f"{name}: {content}" for name, content in members.items()) + f", {CITATION}}}"


def growth(api: httpx.Client, query: str = "") -> list[dict[str, Any]]:
    answer = api.get(f"/v1/companies/alpha/metrics?growth=true{query}")
    assert answer.status_code == 200, answer.text
    derived: list[dict[str, Any]] = answer.json()["derived"]
    return derived


def test_growth_is_derived_from_two_years_and_names_its_facts(serve_dataset: ServeDataset) -> None:
    api = serve_dataset(START + metric("y2020", "26", "2020", scope="China") + metric("y2019", "21", "2019", scope="China"))
    address = "/v1/companies/alpha/metrics"

    assert growth(api, "&metric=revenue") == [
        {
            "derived": True,
            "metric": "revenue_growth",
            "value": 23.8095238095238,
            "unit": "percent",
            "period": {"edtf": "2020", "text": "2020", "earliest": "2020-01-01", "latest": "2020-12-31"},
            "scope": "China",
            "of": f"{address}/y2020",
            "facts": [f"{address}/y2019", f"{address}/y2020"],
        }
    ]
    plain = api.get(f"{address}?metric=revenue").json()
    assert plain == {
        name: value for name, value in api.get(f"{address}?metric=revenue&growth=true").json().items() if name != "derived"
    }
    assert [item["slug"] for item in plain["items"]] == ["y2019", "y2020"]


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("2019", "2020"),
        ("2019-02", "2020-02"),
        ("2020-02", "2021-02"),
        ("2019-33", "2020-33"),
        ("2019-40", "2020-40"),
        ("2018-07/2019-06", "2019-07/2020-06"),
        ("2020-02-28", "2021-02-28"),
        ("2019-02-28", "2020-02-28"),
    ],
)
def test_the_same_part_of_two_years_is_compared(serve_dataset: ServeDataset, then: str, now: str) -> None:
    api = serve_dataset(START + metric("then", "0.1", f'"{then}"') + metric("now", "0.3", f'"{now}"'))

    assert [derived["value"] for derived in growth(api)] == [200]


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ({"period": "2018"}, {"period": "2020"}),
        ({"period": None}, {"period": "2020"}),
        ({"period": None}, {"period": None}),
        ({"period": '"2019?"'}, {"period": "2020"}),
        ({"period": "2019"}, {"period": '"2020~"'}),
        ({"period": "2019/.."}, {"period": "2020/.."}),
        ({"period": "../2019"}, {"period": "../2020"}),
        ({"period": "2017/2019"}, {"period": "2018/2020"}),
        ({"period": "2019"}, {"period": "2020-33"}),
        ({"period": "2019-33"}, {"period": "2020-34"}),
        ({"period": "2019-02-28"}, {"period": "2020-02-29"}),
        ({"period": "2019", "unit": "CNY"}, {"period": "2020"}),
        ({"period": "2019", "scope": "China"}, {"period": "2020"}),
        ({"period": "2019", "metric": "profit"}, {"period": "2020"}),
        ({"period": "2019", "qualifier": "about"}, {"period": "2020"}),
        ({"period": "2019"}, {"period": "2020", "qualifier": "more_than"}),
        ({"period": "2019", "unit": "percent"}, {"period": "2020", "unit": "percent"}),
        ({"period": "2019", "unit": "rank"}, {"period": "2020", "unit": "rank"}),
        ({"period": "2019", "value": "0"}, {"period": "2020"}),
        ({"period": "2019", "value": "-1"}, {"period": "2020"}),
        ({"period": "2019", "value": "125"}, {"period": "2020", "value": "-5"}),
        ({"period": "2019", "value": "-10"}, {"period": "2020", "value": "-5"}),
        ({"period": "0001-01-01"}, {"period": "9999"}),
    ],
)
def test_nothing_is_derived_from_what_must_not_be_compared(
    serve_dataset: ServeDataset, then: dict[str, str | None], now: dict[str, str | None]
) -> None:
    earlier: dict[str, Any] = {"value": "1", **then}
    later: dict[str, Any] = {"value": "2", **now}
    api = serve_dataset(START + metric("then", **earlier) + metric("now", **later))

    assert growth(api) == []


def test_a_fall_to_nothing_is_a_growth_of_minus_one_hundred_percent(serve_dataset: ServeDataset) -> None:
    api = serve_dataset(START + metric("then", "125", "2019") + metric("now", "0", "2020"))

    assert [derived["value"] for derived in growth(api)] == [-100]


def test_nothing_is_derived_where_sources_disagree(serve_dataset: ServeDataset) -> None:
    values = [("a", "1", "2019"), ("b", "2", "2019"), ("c", "3", "2020"), ("d", "6", "2021"), ("e", "6.0", "2021")]
    api = serve_dataset(START + "".join(metric(*one) for one in values))

    assert [(derived["facts"][0][-1], derived["of"][-1], derived["value"]) for derived in growth(api)] == [
        ("c", "d", 100),
        ("c", "e", 100),
    ]


WEEKS_COMPARED = {
    "years of 52 and 52 weeks": ("2018-09-30/2019-09-28", "2019-09-29/2020-09-26"),
    "of 53 and 52": ("2016-09-25/2017-09-30", "2017-10-01/2018-09-29"),
    "of 52 and 53": ("2021-09-26/2022-09-24", "2022-09-25/2023-09-30"),
    "quarters of 13 and 13": ("2017-07-02/2017-09-30", "2018-07-01/2018-09-29"),
    "of 13 and 14": ("2022-06-26/2022-09-24", "2023-06-25/2023-09-30"),
    "of 14 and 13": ("2022-09-25/2022-12-31", "2023-10-01/2023-12-30"),
    "after a year of 53": ("2022-09-25/2022-12-24", "2023-10-01/2023-12-30"),
    "half years": ("2022-09-25/2023-03-25", "2023-10-01/2024-03-30"),
    "nine months of 40 and 39": ("2022-09-25/2023-07-01", "2023-10-01/2024-06-29"),
}
WEEKS_APART = {
    "a week between two years": ("2018-09-30/2019-09-28", "2019-10-06/2020-10-03"),
    "a year that lacks a day": ("2018-10-01/2019-09-28", "2019-09-29/2020-09-26"),
    "a year and a quarter": ("2018-09-30/2019-09-28", "2019-09-29/2019-12-28"),
    "quarters on other days": ("2017-07-02/2017-09-30", "2018-06-24/2018-09-29"),
    "the first years": ("0001-01-07/0002-01-05", "0002-01-06/0003-01-04"),
}


def test_fiscal_years_of_52_and_53_weeks_that_follow_each_other_are_compared(serve_dataset: ServeDataset) -> None:
    cases = {**WEEKS_COMPARED, **WEEKS_APART}
    values = [
        metric(f"m{number}-{name}", value, period, metric=f"m{number}")
        for number, (then, now) in enumerate(cases.values())
        for name, value, period in (("then", "500", then), ("now", "550", now))
    ]
    api = serve_dataset(START + "".join(values))

    compared = {derived["of"].rsplit("/", 1)[-1]: derived["value"] for derived in growth(api)}
    assert compared == {f"m{number}-now": 10 for number in range(len(WEEKS_COMPARED))}


def test_nothing_is_derived_where_two_fiscal_quarters_of_the_year_before_overlap(serve_dataset: ServeDataset) -> None:
    values = [("a", "1", "2022-09-25/2022-12-24"), ("b", "1", "2022-10-02/2022-12-31"), ("c", "2", "2023-10-01/2023-12-30")]
    api = serve_dataset(START + "".join(metric(*one) for one in values))

    assert growth(api) == []


def test_growth_does_not_depend_on_pages_order_or_filters(serve_dataset: ServeDataset) -> None:
    api = serve_dataset(START + "".join(metric(f"y{year}", str(year - 2000), str(year)) for year in range(2011, 2020)))
    whole = growth(api)
    seen: list[dict[str, Any]] = []
    address: str | None = "/v1/companies/alpha/metrics?growth=true&limit=2"
    while address:
        page = api.get(address).json()
        seen += page["derived"]
        address = page["next"]

    assert len(whole) == 8
    assert seen == whole
    assert growth(api, "&from=2019-01-01") == whole[-1:]
    assert growth(api, "&sort=-period") == whole[::-1]
    assert growth(api, "&fields=slug") == whole
    assert growth(api, "&total=true&limit=1") == []


def test_growth_is_asked_for_as_json(client: httpx.Client) -> None:
    address = "/v1/companies/kuaishou/metrics?growth=true"
    answer = client.get(f"{address}&format=csv")

    assert answer.status_code == 422
    assert answer.json()["detail"] == "growth: growth comes as JSON only; leave growth out, or write format=json"
    assert client.get(address, headers={"Accept": "text/csv"}).status_code == 406


def test_the_seed_states_no_two_years_and_so_nothing_is_derived(client: httpx.Client) -> None:
    for company in client.get("/v1/companies").json()["items"]:
        assert client.get(f"{company['url']}/metrics?growth=true").json()["derived"] == []

    answer = client.get("/v1/companies/kuaishou/metrics?growth=true&metric=revenue")

    assert [item["slug"] for item in answer.json()["items"]] == ["revenue"]
    assert answer.json()["derived"] == []
    assert client.head(str(answer.url)).headers["etag"] == answer.headers["etag"]
    assert client.get(str(answer.url), headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_an_unknown_company_has_no_series(client: httpx.Client) -> None:
    answer = client.get("/v1/companies/kuaisho/metrics?growth=true")

    assert (answer.status_code, answer.json()["suggestions"]) == (404, ["/v1/companies/kuaishou"])
