"""The page of changes, and its Atom feed."""

import re
from html import unescape
from xml.etree import ElementTree

import httpx

from tests.conftest import ServeDataset
from tests.pages.reading import Reading

ATOM = "{http://www.w3.org/2005/Atom}"


def titles(html: str) -> list[str]:
    return [
        unescape(title) for title in re.findall(r'<span class="verb \w+">\w+</span> <a href="[^"]+" dir="auto">([^<]+)</a>', html)
    ]


def called(change: dict[str, object]) -> str:
    document = change["document"]
    assert isinstance(document, dict)
    title = str(document.get("title") or document["name"])
    return f"{title}, {document['period']['text']}" if document.get("period") else title


def test_every_change_is_on_a_page_the_newest_first(demo: httpx.Client) -> None:
    changes = demo.get("/v1/changes?limit=200").json()["items"]
    shown: list[str] = []
    url: str | None = "/changes"
    while url:
        page = demo.get(url).text
        shown += titles(page)
        url = next((unescape(link) for link in Reading(page).linked if "before=" in link), None)
    assert shown == [called(change) for change in reversed(changes)]


def test_a_page_names_the_same_changes_as_json(demo: httpx.Client) -> None:
    for path in ("/changes", "/changes?before=40", "/changes?before=1"):
        page = demo.get(path).text
        [url] = re.findall(r'<link rel="alternate" type="application/json" href="([^"]+)">', page)
        assert titles(page) == [called(change) for change in demo.get(unescape(url)).json()["items"]][: len(titles(page))][::-1]


def test_a_change_leads_to_the_state_that_it_left(demo: httpx.Client) -> None:
    links = [link for link in Reading(demo.get("/changes").text).linked if "as_of=" in link]
    assert len(links) == 50
    assert demo.get("/v1" + links[0]).status_code == 200


def test_changes_of_one_company_are_those_of_its_facts_too(demo: httpx.Client) -> None:
    page = demo.get("/changes?company=kettingwerk").text
    changes = demo.get("/v1/changes?company=kettingwerk").json()["items"]
    assert titles(page) == [called(change) for change in reversed(changes)]
    assert 'href="/changes.atom?company=kettingwerk"' in page


def test_the_day_the_reason_and_the_author_stand_above_what_they_are_of(demo: httpx.Client) -> None:
    page = demo.get("/changes").text
    assert len(re.findall('class="occasion"', page)) == 1
    assert '<span dir="auto">Test</span>' in page


def test_the_feed_is_atom_with_permanent_links(demo: httpx.Client) -> None:
    response = demo.get("/changes.atom?company=atelier-rayon")
    assert response.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(response.content)  # noqa: S314 - our own
    entries = feed.findall(f"{ATOM}entry")
    changes = demo.get("/v1/changes?company=atelier-rayon").json()["items"]
    assert len(entries) == len(changes)
    newest = changes[-1]
    assert entries[0].findtext(f"{ATOM}title") == f"Added: {called(newest)} (atelier-rayon)"
    assert entries[0].findtext(f"{ATOM}updated") == newest["recorded_at"] == feed.findtext(f"{ATOM}updated")
    link = entries[0].find(f"{ATOM}link")
    assert link is not None
    path = newest["url"].removeprefix("/v1")
    assert link.get("href") == str(demo.base_url).rstrip("/") + f"{path}?as_of={newest['revision']}"
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
    again = demo.get("/changes.atom?company=atelier-rayon", headers={"If-None-Match": response.headers["etag"]})
    assert again.status_code == 304


def test_what_was_deleted_leads_to_what_it_was(serve_dataset: ServeDataset) -> None:
    client = serve_dataset("companies: []\nsources: [{slug: s, title: S, type: page, text: A sentence.}]\n")
    assert titles(client.get("/changes").text) == ["S"]
