"""The pages of companies and of their facts, over HTTP."""

import html
import json
import re

import httpx
import pytest

from app.api.companies.schemas import MOST_FACTS
from app.pages.companies.view import MOST_OF_A_KIND
from tests.conftest import ServeDataset
from tests.pages.datasets import DRAWN, HOSTILE, IN_OTHER, LONG, OTHER, RIGHT_TO_LEFT, SCRIPT
from tests.pages.reading import Reading, text_of
from tests.pages.test_frame import BROWSER

SEEDED = ("/companies/baidu", "/companies/kuaishou", "/companies/kuaishou/metrics/revenue", "/companies/baidu/milestones/founded")
MOST_BYTES = 60_000


@pytest.fixture
def drawn(serve_once: ServeDataset) -> httpx.Client:
    return serve_once(DRAWN)


@pytest.fixture
def hostile(serve_once: ServeDataset) -> httpx.Client:
    return serve_once(HOSTILE)


@pytest.mark.parametrize("address", SEEDED)
def test_a_page_is_small_and_has_nothing_inline(client: httpx.Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert len(response.content) <= MOST_BYTES
    page = Reading(re.sub(r'<script type="application/ld\+json">.*?</script>', "", response.text))
    assert page.inline == []


@pytest.mark.parametrize("address", SEEDED)
def test_every_citation_number_reaches_its_citation(client: httpx.Client, address: str) -> None:
    page = client.get(address).text
    targets = re.findall(r'popovertarget="([^"]+)"', page)
    notes = re.findall(r'id="(note-\d+)"', page)
    assert len(notes) == len(set(notes)) > 0
    assert set(targets) <= set(notes)
    links = [link for link in Reading(page).linked if link.startswith("/sources/")]
    assert {link.partition("#")[2][:1] for link in links if "#" in link} == {"p"}


def test_the_head_of_a_company_says_when_it_was_founded_in_the_words_of_the_source(client: httpx.Client) -> None:
    page = text_of(client.get("/companies/baidu").text)
    assert "“early 2000” between 1 January 2000 and 30 June 2000" in page
    assert "Country China" in page
    assert "What is unclear" in page
    assert "Not stated by any source" in text_of(client.get("/companies/kuaishou").text)


def test_an_amount_without_a_period_says_so_and_keeps_its_conversion(client: httpx.Client) -> None:
    page = client.get("/companies/kuaishou").text
    assert '<span title="21,100,000,000 Chinese yuan">21.1 billion Chinese yuan</span>' in page
    assert "Period not stated" in page
    assert "Stated as “RMB 21.1 billion”" in text_of(page)
    assert re.search(
        r"The source converts this to 3\.16 billion US dollars, “USD 3\.16 billion” \(rate 6\.677\d*\)", text_of(page)
    )


def test_the_timeline_counts_what_has_no_date(client: httpx.Client) -> None:
    milestones = client.get("/v1/companies/baidu/milestones").json()["items"]
    undated = [one for one in milestones if one["date"] is None]
    page = client.get("/companies/baidu").text
    assert f"{len(undated)} of {len(milestones)} milestones have no date in their sources" in text_of(page)
    assert f'Without a date <span class="count">{len(undated)}</span>' in page
    assert [one["title"] for one in milestones if html.escape(one["title"], quote=False) not in html.unescape(page)] == []


def test_the_timeline_can_be_sorted_by_category(drawn: httpx.Client) -> None:
    by_date, by_category = (drawn.get("/companies/wheel-works", params={"sort": sort}).text for sort in ("date", "category"))
    titles = [re.findall(r'<td><a href="[^"]+" dir="auto">([^<]+)</a>', page) for page in (by_date, by_category)]
    assert sorted(titles[0]) == sorted(titles[1])
    assert titles[0].index("Electric bicycle") < len(titles[0]) - 1
    assert titles[1].index("Electric bicycle") == len(titles[1]) - 1
    assert drawn.get("/companies/wheel-works", params={"sort": "colour"}, headers=BROWSER).status_code == 422


def test_sources_that_disagree_stand_side_by_side(drawn: httpx.Client) -> None:
    page = drawn.get("/companies/wheel-works").text
    block = page[page.index('id="disagree"') : page.index('id="numbers"')]
    assert "Revenue, 2021" in block
    assert all(
        words in text_of(f"<main{block}</main>")
        for words in ("1.8 million euros", "1.75 million euros", "The Bell", "Another report")
    )
    assert page.count('<line class="disagrees"') == 1
    assert "Sources disagree" not in drawn.get("/companies/wheel-works/metrics/revenue-2018").text


def test_a_chart_has_a_table_and_what_has_no_period_stands_beside_it(drawn: httpx.Client) -> None:
    page = drawn.get("/companies/wheel-works").text
    assert page.count('<svg class="chart"') == 1
    assert page.count('class="span"') == 7
    assert "Period not stated: 3 million euros" in text_of(page)
    assert "about 1.2 million euros" in text_of(page)


def test_a_quote_is_shown_where_the_text_is_held(drawn: httpx.Client) -> None:
    page = drawn.get("/companies/wheel-works/metrics/revenue-2019").text
    assert (
        '<blockquote dir="auto" lang="en">The company was founded in spring 2009. Revenue in 2019 was '
        "<mark>about 1.2 million euros</mark>. It then had 40 employees.</blockquote>"
    ) in page
    assert "Checked against the text" in page
    other = drawn.get("/companies/wheel-works/metrics/revenue-2018").text
    assert "Taken on trust" in other
    assert "This server does not hold the text." in other
    assert f"{IN_OTHER['sha256']:.8}…" in other


def test_a_fact_shows_the_other_values_of_its_metric_and_its_history(drawn: httpx.Client) -> None:
    page = text_of(drawn.get("/companies/wheel-works/metrics/revenue-2019").text)
    assert "Other values of Revenue" in page
    assert "at most 2.5 million euros" in page
    assert "Created 24 November 2026 by tests : Test" in page
    assert "Wheel Works · Revenue · about 1,200,000 euros · whole company · 2019" in page


def test_a_page_of_the_past_says_so_and_leads_back(client: httpx.Client) -> None:
    newest = client.get("/v1/companies/baidu").headers["profiles-revision"]
    page = client.get("/companies/baidu", params={"as_of": newest}).text
    assert f"You see the past: revision {newest}." in page
    assert f'href="/v1/companies/baidu/profile?as_of={newest}"' in page
    assert "You see the past" not in client.get("/companies/baidu").text
    assert client.get("/companies/baidu?as_of=1", headers=BROWSER).status_code == 404
    refused = client.get("/companies/baidu?as_of=yesterday", headers=BROWSER)
    assert (refused.status_code, "expected a revision such as 64" in refused.text) == (422, True)


def test_a_page_can_be_cited_at_an_address_that_stays(client: httpx.Client) -> None:
    response = client.get("/companies/baidu")
    revision = response.headers["profiles-revision"]
    assert response.headers["link"] == f'</companies/baidu?as_of={revision}>; rel="cite-as"'
    page = html.unescape(response.text)
    assert f"“Baidu”. Company Profiles, revision {revision}. {client.base_url}/companies/baidu?as_of={revision}" in page.replace(
        "//c", "/c"
    )
    assert f"@misc{{baidu-{revision}," in page
    assert f'"id": "baidu-{revision}"' in page


def test_what_a_link_carries_for_others_is_ignored(client: httpx.Client) -> None:
    assert client.get("/companies/baidu?utm_source=paper").status_code == 200


def test_a_company_that_is_not_there_leads_to_the_nearest(client: httpx.Client) -> None:
    response = client.get("/companies/baidoo", headers=BROWSER)
    assert response.status_code == 404
    assert '<a href="/companies/baidu">/companies/baidu</a>' in response.text
    assert client.get("/companies/baidu/metrics/nothing", headers=BROWSER).status_code == 404
    assert client.get("/companies/baidoo").json()["suggestions"] == ["/v1/companies/baidu"]


@pytest.mark.parametrize(
    "address",
    [
        "/companies/hostile",
        "/companies/hostile/milestones/one",
        "/companies/hostile/metrics/m-3",
        "/companies/hostile/products/p",
    ],
)
def test_what_a_dataset_says_is_text_and_never_markup(hostile: httpx.Client, address: str) -> None:
    response = hostile.get(address)
    assert response.status_code == 200
    assert SCRIPT not in response.text
    assert "<img src=x" not in response.text
    assert all(
        tag.startswith(('type="application/ld+json"', 'type="module" src="/assets/'))
        for tag in response.text.split("<script ")[1:]
    )
    assert "<script>" not in response.text
    page = Reading(re.sub(r'<script type="application/ld\+json">.*?</script>', "", response.text))
    assert page.inline == []
    assert all(link.startswith(("/", "?", "#", "https://x.example/")) for link in page.linked)


def test_names_keep_their_direction_and_their_length(hostile: httpx.Client) -> None:
    page = hostile.get("/companies/hostile").text
    assert f'<span lang="he" dir="auto">{RIGHT_TO_LEFT}</span>' in page
    assert LONG in page
    assert "{{ 7 * 7 }} {% raw %}" in page


def test_an_unlisted_language_changes_numbers_but_not_facts(client: httpx.Client) -> None:
    german = client.get("/companies/kuaishou", headers={"Accept-Language": "de"}).text
    assert '<span lang="de">21,1 Milliarden Renminbi Yuan</span>' in german
    assert "Stated as “RMB 21.1 billion”" in text_of(german)


def test_of_many_facts_the_first_are_shown_and_the_rest_is_one_link_away(serve_once: ServeDataset) -> None:
    milestones = [
        {"slug": f"m-{n}", "title": f"Event {n}.", "category": "launch", "date": str(1900 + n), "citations": [IN_OTHER]}
        for n in range(MOST_FACTS + 1)
    ]
    company = {"slug": "busy", "name": "Busy", "milestones": milestones[: MOST_OF_A_KIND + 1]}
    crowded = {"slug": "crowded", "name": "Crowded", "milestones": [*milestones[1:], {**milestones[0], "date": None}]}
    client = serve_once(json.dumps({"sources": [OTHER], "companies": [company, crowded]}))
    for slug, count in (("busy", MOST_OF_A_KIND + 1), ("crowded", f"{MOST_FACTS}+")):
        page = client.get(f"/companies/{slug}").text
        assert f"<li><b>{count}</b> milestones</li>" in page
        assert page.count("Event ") == MOST_OF_A_KIND
        assert f'<a href="/v1/companies/{slug}/milestones?format=csv">CSV</a>' in page
        assert "have no date" not in page


@pytest.mark.parametrize("address", [*SEEDED, "/sources/chinas-sci-tech-is-going-global", "/search?q=ai", "/companies/baidoo"])
def test_under_a_path_every_address_of_a_page_is_the_public_one(client: httpx.Client, address: str) -> None:
    proxy = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "facts.example", "X-Forwarded-Prefix": "/profiles"}
    response = client.get(address, headers=BROWSER | proxy)
    page = Reading(response.text)
    inside = ("/profiles/", "#", "?")
    assert [link for link in (*page.linked, *page.loaded) if not link.startswith(inside)] == []
    assert 'action="/profiles/search"' in response.text
    if address in SEEDED:
        assert f"https://facts.example/profiles{address}?as_of=" in html.unescape(response.text)
        assert response.headers["link"].startswith(f"</profiles{address}?as_of=")
