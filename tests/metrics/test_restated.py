"""Of values that several sources state for one period, a reader can ask for the one that was published last."""

import httpx
import pytest

from tests.conftest import ServeDataset

DIGEST = "a" * 64
PUBLISHED = {"y23": "2023-03-01", "y24": "2024-03-01", "y24a": "2024-03-01", "y25": "2025-03-01", "in24": "2024", "never": "null"}


def fact(slug: str, value: str, period: str, *sources: str, **more: str) -> str:
    fields = {"slug": slug, "metric": "revenue", "name": "Revenue", "value": value, "unit": "USD", "period": period, **more}
    citations = ", ".join(
        f"{{source: {source}, paragraph: 1, sentence: 1, start: 0, end: 9, sha256: '{DIGEST}'}}" for source in sources
    )
    return "{" + ", ".join(f"{name}: {text}" for name, text in fields.items()) + f", citations: [{citations}]}}"


FACTS = (
    fact("old", "912", "2022", "y23"),
    fact("new", "874", "2022", "y24"),
    fact("first", "5", "2021", "y23", "y25"),  # stated again after the second value
    fact("second", "6", "2021", "y24"),
    fact("one-day-a", "5", "2020", "y24"),
    fact("one-day-b", "6", "2020", "y24a"),
    fact("same-a", "7", "2019", "y23"),
    fact("same-b", "7.0", "2019", "y24"),
    fact("in-that-year", "8", "2018", "in24"),
    fact("on-a-day", "9", "2018", "y24"),
    fact("undated-source", "10", "2017", "never"),
    fact("dated-source", "11", "2017", "y24"),
    fact("about", "12", "'2016~'", "y23"),
    fact("about-again", "13", "'2016~'", "y24"),
    fact("no-period", "14", "null", "y23"),
    fact("no-period-again", "15", "null", "y24"),
    fact("in-cny", "16", "2022", "y23", unit="CNY"),
    fact("in-china", "17", "2022", "y23", scope="China"),
    fact("profit", "18", "2022", "y23", metric="profit"),
    fact("bound", "19", "2015", "y23", qualifier="more_than"),
    fact("exact", "19", "2015", "y24"),
)
SOURCES = "".join(
    f'- {{slug: {slug}, title: T, type: report, published: {day}, length: 99, sha256: "{DIGEST}"}}\n'
    for slug, day in PUBLISHED.items()
)
DATASET = f"""
sources:
{SOURCES}
companies:
- {{slug: alpha, name: Alpha, metrics: [{", ".join(FACTS)}]}}
- {{slug: beta, name: Beta, metrics: [{fact("beta", "20", "2022", "y23")}]}}
"""
RESTATED = {"old", "second", "bound"}


@pytest.fixture
def api(serve_once: ServeDataset) -> httpx.Client:
    return serve_once(DATASET)


def slugs(api: httpx.Client, query: str, company: str = "alpha") -> list[str]:
    response = api.get(f"/v1/companies/{company}/metrics?{query}")
    assert response.status_code == 200, response.text
    return [item["slug"] for item in response.json()["items"]]


def test_each_value_for_which_a_later_source_states_another_one_is_restated(api: httpx.Client) -> None:
    every = slugs(api, "limit=200")
    assert set(slugs(api, "restated=true")) == RESTATED
    assert slugs(api, "restated=false") == [slug for slug in every if slug not in RESTATED]
    assert slugs(api, "restated=false", "beta") == ["beta"]
    assert len(every) == len(FACTS)


def test_the_filter_goes_with_others_and_with_pages_formats_and_the_past(api: httpx.Client) -> None:
    assert slugs(api, "restated=false&unit=USD&from=2021&to=2022") == ["profit", "first", "new", "in-china"]
    page = api.get("/v1/companies/alpha/metrics?restated=true&limit=1&sort=slug&total=true").json()
    assert (page["items"][0]["slug"], page["total"]) == ("bound", 3)
    assert [item["slug"] for item in api.get(page["next"]).json()["items"]] == ["old"]
    table = api.get("/v1/companies/alpha/metrics?restated=true&format=csv&sort=slug").text
    assert [row.split(",")[1] for row in table.splitlines()[1:]] == ["bound", "old", "second"]
    newest = int(api.get("/v1/companies").headers["profiles-revision"])
    assert set(slugs(api, f"restated=true&as_of={newest}")) == RESTATED
    assert slugs(api, f"restated=true&as_of={newest - 1}") == slugs(api, "restated=true")


def test_growth_without_restated_values_is_that_of_the_values_filed_last(api: httpx.Client) -> None:
    def growth(query: str) -> dict[str, float]:
        derived = api.get(f"/v1/companies/alpha/metrics?growth=true&metric=revenue{query}").json()["derived"]
        return {one["of"].rsplit("/", 1)[-1]: one["value"] for one in derived}

    assert "new" not in growth("")
    assert growth("&restated=false")["new"] == 17380
    assert growth("&restated=false&from=2022&to=2022") == {"new": 17380}
