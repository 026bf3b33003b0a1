"""The pages that list companies and sources: what they show is what the API lists."""

import re
from html import unescape

import httpx
import pytest

from tests.conftest import ServeDataset
from tests.pages.reading import Reading

MANY = "companies:\n" + "".join(f"  - {{slug: c{number}, name: Company {number:02}}}\n" for number in range(60))
HOSTILE = """
sources: [{slug: s, title: '<script>alert(1)</script>', type: page, text: A sentence., publisher: '"><b>'}]
companies:
  - {slug: hostile, name: '<img src=x onerror=alert(1)>', founded: {edtf: 2000, text: '</td><script>'}}
"""


def rows(html: str) -> list[list[str]]:
    """The text of each cell of each row below the heading."""
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    cells = (re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL))
    return [[" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row] for row in cells]


def test_companies_have_their_country_founding_and_counts(demo: httpx.Client) -> None:
    found = rows(demo.get("/companies").text)
    counts = {one["name"]: one["counts"] for one in demo.get("/v1/companies?counts=true").json()["items"]}
    assert [row[0] for row in found] == sorted(counts)
    assert {row[0]: [int(cell) for cell in row[3:]] for row in found} == {name: [*c.values()] for name, c in counts.items()}
    assert found[0][:3] == ["Atelier Rayon", "France", "second half of 2018 between 1 July 2018 and 31 December 2018"]


def test_companies_can_be_sorted_and_filtered_by_links(demo: httpx.Client) -> None:
    page = demo.get("/companies").text
    assert '<th scope="col" aria-sort="ascending"><a href="/companies?sort=-name">Name</a></th>' in page
    assert '<a href="/companies?sort=founded">Founded</a>' in page
    assert [row[0] for row in rows(demo.get("/companies?sort=-founded").text)] == [
        "Atelier Rayon",
        "Orchard Cycles",
        "Kettingwerk",
    ]
    filtered = demo.get("/companies?country=NL&sort=founded").text
    assert [row[0] for row in rows(filtered)] == ["Kettingwerk"]
    assert '<a href="/companies?country=NL&amp;sort=-founded">Founded</a>' in filtered


def test_a_long_list_goes_on_at_the_next_page(serve_once: ServeDataset) -> None:
    client = serve_once(MANY)
    first = client.get("/companies").text
    [url] = [link for link in Reading(first).linked if "cursor=" in link]
    second = client.get(url).text
    assert [row[0] for row in rows(first) + rows(second)] == [f"Company {number:02}" for number in range(60)]
    assert 'rel="next"' not in second
    assert '<a href="/companies">First page</a>' in second
    cursor = url.partition("cursor=")[2]
    assert len(client.get("/v1/companies", params={"cursor": cursor, "counts": "true"}).json()["items"]) == 10


def test_what_no_source_states_is_said(client: httpx.Client) -> None:
    [kuaishou] = [row for row in rows(client.get("/companies").text) if row[0] == "Kuaishou"]
    assert kuaishou[2] == "not stated"
    assert rows(client.get("/sources").text)[0][2] == "unknown"


def test_sources_have_their_publisher_date_language_and_text(demo: httpx.Client) -> None:
    found = {row[0]: row[1:] for row in rows(demo.get("/sources").text)}
    assert found["Annual report 2024"] == ["Orchard Cycles NV", "May 2025", "report English", "held 1,148 characters"]
    assert found["Qui nous sommes"][:3] == ["Atelier Rayon", "unknown", "page French"]
    assert [row[0] for row in rows(demo.get("/sources?type=report").text)] == ["Annual report 2024"]


def test_the_names_of_countries_and_languages_are_in_the_language_of_the_reader(demo: httpx.Client) -> None:
    german = {"Accept-Language": "de"}
    assert "Niederlande" in demo.get("/companies", headers=german).text
    assert "Französisch" in demo.get("/sources", headers=german).text


@pytest.mark.parametrize("path", ["/companies", "/sources"])
def test_each_list_names_its_json_and_is_cached_by_revision(client: httpx.Client, path: str) -> None:
    response = client.get(f"{path}?sort={'-name' if path == '/companies' else '-title'}")
    [url] = re.findall(r'<link rel="alternate" type="application/json" href="([^"]+)">', response.text)
    listed = client.get(unescape(url)).json()["items"]
    assert [unescape(row[0]).split(" Chanmolika")[0] for row in rows(response.text)] == [
        one.get("name") or one["title"] for one in listed
    ]
    again = client.get(str(response.request.url), headers={"If-None-Match": response.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/companies", "/sources", "/changes", "/changes.atom"])
def test_what_a_dataset_says_is_text_and_never_markup(serve_once: ServeDataset, path: str) -> None:
    response = serve_once(HOSTILE).get(path)
    assert response.status_code == 200
    assert Reading(response.text).inline == []
    assert "<script>" not in response.text
    assert "<img src=x" not in response.text


@pytest.mark.any_engine
@pytest.mark.parametrize("path", ["/companies?country=xx1", "/companies?sort=size", "/sources?cursor=abc", "/changes?before=0"])
def test_a_list_that_cannot_be_made_is_a_problem(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code in (400, 422)
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_an_empty_list_says_so(serve_once: ServeDataset) -> None:
    client = serve_once("companies: []\nsources: [{slug: s, title: S, type: page, text: A sentence.}]\n")
    assert "There is no company yet." in client.get("/companies").text
    assert "There is no company in Norway yet." in client.get("/companies?country=NO").text


@pytest.mark.any_engine
def test_parameters_that_a_shared_link_has_in_addition_are_ignored(client: httpx.Client) -> None:
    assert client.get("/companies?utm_source=mail").status_code == 200
