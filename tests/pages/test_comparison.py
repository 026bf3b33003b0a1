"""The page of a comparison, and the pages of metrics."""

import re
from html import unescape

import httpx
import pytest

from tests.pages.reading import Reading
from tests.pages.test_lists import rows

THREE = {"companies": ["Orchard Cycles", "kettingwerk", "Les Cycles du Verger", "Atelier Rayon", ""]}


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def json_of(client: httpx.Client, page: str) -> dict[str, list[dict[str, object]]]:
    [url] = re.findall(r'<link rel="alternate" type="application/json" href="([^"]+)">', page)
    found: dict[str, list[dict[str, object]]] = client.get(unescape(url)).json()
    return found


def test_companies_are_named_by_name_slug_or_another_name_and_each_once(demo: httpx.Client) -> None:
    page = demo.get("/compare", params=THREE).text
    names = re.findall(r'<th scope="col"><a href="[^"]+" dir="auto">([^<]+)</a>', page)
    assert names == ["Orchard Cycles", "Kettingwerk", "Atelier Rayon"]
    assert [company["name"] for company in json_of(demo, page)["companies"]] == names
    assert re.findall(r'<input name="companies" list="names" value="([^"]*)"', page) == [*names, ""]


def test_every_value_and_reason_of_the_comparison_is_on_the_page(demo: httpx.Client) -> None:
    page = demo.get("/compare", params=THREE).text
    shown = text(page)
    for row in demo.get("/v1/compare", params={"companies": "orchard-cycles,kettingwerk,atelier-rayon"}).json()["metrics"]:
        assert [one["sentence"] for one in row["reasons"] if not row["comparable"] and one["sentence"] not in shown] == []
        urls = [cell["observation"]["url"].removeprefix("/v1") for cell in row["cells"] if cell["observation"]]
        assert [url for url in urls if f'href="{url}"' not in page] == []


def test_a_ratio_is_there_where_the_api_has_one_and_nowhere_else(demo: httpx.Client) -> None:
    page = demo.get("/compare", params=THREE).text
    rows = demo.get("/v1/compare", params={"companies": "orchard-cycles,kettingwerk,atelier-rayon"}).json()["metrics"]
    cells = [cell for row in rows for cell in row["cells"] if cell["company"] != row["base"]]
    assert page.count("times the first value") == len([cell for cell in cells if cell["ratio"] is not None]) > 3
    assert page.count("difference <span") == len([cell for cell in cells if cell["difference"] is not None])


def test_each_value_has_its_citation_at_the_foot(demo: httpx.Client) -> None:
    page = demo.get("/compare", params=THREE).text
    wanted = set(re.findall(r'popovertarget="(note-\d+)"', page))
    assert wanted
    assert wanted == set(re.findall(r'id="(note-\d+)"', page))
    assert "We put its revenue of 2023 at 8.4 million euros" in page


def test_what_several_companies_have_comes_first(demo: httpx.Client) -> None:
    page = demo.get("/compare", params=THREE).text
    groups = re.findall(r'<th scope="rowgroup" colspan="4"><a href="/metrics/(\w+)"', page)
    assert len(groups) == len(set(groups))
    assert set(groups[:3]) == {"employees", "market_share", "revenue"}
    assert groups.index("units_sold") < groups.index("loan")


def test_another_company_can_be_the_one_that_others_are_set_against(demo: httpx.Client) -> None:
    page = demo.get("/compare", params=THREE).text
    [url] = [unescape(link) for link in Reading(page).linked if link.startswith("/compare?companies=kettingwerk")]
    assert url == "/compare?companies=kettingwerk&companies=orchard-cycles&companies=atelier-rayon"
    assert json_of(demo, demo.get(url).text)["companies"][0]["slug"] == "kettingwerk"


def test_one_metric_can_be_compared_alone(demo: httpx.Client) -> None:
    page = demo.get("/compare", params=THREE | {"metric": "revenue"}).text
    assert re.findall(r'<th scope="rowgroup" colspan="4"><a href="/metrics/(\w+)"', page) == ["revenue"]
    assert '<input type="hidden" name="metric" value="revenue">' in page
    table = demo.get(unescape(next(link for link in Reading(page).linked if link.endswith("format=csv"))))
    assert table.headers["content-type"].startswith("text/csv")


def test_without_two_companies_the_form_asks_for_them(demo: httpx.Client) -> None:
    assert "Write the names of two or more companies." in demo.get("/compare").text
    page = demo.get("/compare", params={"companies": ["<b>nobody</b>", "Kettingwerk"]}).text
    assert "No company is called “&lt;b&gt;nobody&lt;/b&gt;”." in page
    assert "Name one more company." in page
    assert '<option value="Orchard Cycles">' in page


@pytest.mark.any_engine
def test_only_the_form_may_repeat_its_fields(client: httpx.Client) -> None:
    assert client.get("/compare?companies=baidu&companies=kuaishou").status_code == 200
    assert client.get("/v1/compare?companies=baidu&companies=kuaishou").status_code == 422


def test_a_metric_shows_the_values_of_all_companies(demo: httpx.Client) -> None:
    page = demo.get("/metrics/revenue").text
    found = rows(page)
    items = json_of(demo, page)["items"]
    assert [row[0] for row in found] == ["Atelier Rayon"] * 3 + ["Kettingwerk"] * 3 + ["Orchard Cycles"] * 6
    assert [f"“{item['stated_as']}”" in row[4] for row, item in zip(found, items, strict=True)] == [True] * len(items)
    [about] = [row for row in found if row[2] == "2022" and row[0] == "Orchard Cycles"]
    assert about[1].startswith("about 6 million euros")
    assert "The Dutch workshops kept separate books that year." in about[4]


def test_the_values_of_a_metric_can_be_sorted(demo: httpx.Client) -> None:
    largest = rows(demo.get("/metrics/revenue?sort=-value").text)
    assert largest[0][:2] == ["Kettingwerk", "11.2 million euros [1]"]
    assert '<a href="/metrics/revenue?sort=-company">Company</a>' in demo.get("/metrics/revenue").text


def test_a_value_without_a_period_says_so(client: httpx.Client) -> None:
    assert rows(client.get("/metrics/revenue").text)[0][2] == "Period not stated"


def test_a_metric_that_no_company_has_suggests_the_nearest(client: httpx.Client) -> None:
    response = client.get("/metrics/revenu")
    assert response.status_code == 404
    assert response.json()["suggestions"] == ["/metrics/revenue"]
    assert client.get("/metrics/xyzzy").json()["suggestions"] == ["/metrics"]


def test_all_metrics_are_listed_with_how_many_values_there_are(client: httpx.Client) -> None:
    page = client.get("/metrics").text
    facets = client.get("/v1/stats").json()["facets"]["metrics"]
    shown = re.findall(r'<a href="/metrics/(\w+)">[^<]+</a> <span class="category">(\d+) values?</span>', page)
    assert shown == [(facet["value"], str(facet["count"])) for facet in facets]
    assert {path: client.get(f"/metrics/{path}").status_code for path, _ in shown} == dict.fromkeys(dict(shown), 200)
