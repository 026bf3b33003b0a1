"""The page of a source, over HTTP: with its text, and with places to check in a copy."""

import re

import httpx
import pytest

from app.pages.sources.marks import Cited, Context, context_of, marked_paragraphs
from app.records.passages import segment
from tests.conftest import ServeDataset
from tests.pages.datasets import DRAWN, HOSTILE, SCRIPT
from tests.pages.reading import Reading
from tests.pages.test_frame import BROWSER

SOURCE = "chinas-sci-tech-is-going-global"
TEXT = "Title\n\nOne two three four. Five six.\n\nSeven eight."


def marked(*cited: tuple[int, int, int]) -> list[list[tuple[str, bool, list[int]]]]:
    """The pieces of each sentence of the text."""
    passages = [Cited(start, end, [number]) for start, end, number in cited]
    paragraphs = marked_paragraphs(TEXT, 7, "en", passages)
    return [[tuple(piece) for piece in sentence.pieces] for paragraph in paragraphs for sentence in paragraph.sentences]  # type: ignore[misc]


def test_a_passage_is_marked_and_its_fact_numbered_at_its_end() -> None:
    assert marked((11, 20, 1)) == [
        [("One ", False, []), ("two three", True, [1]), (" four.", False, [])],
        [("Five six.", False, [])],
        [("Seven eight.", False, [])],
    ]


def test_passages_that_overlap_are_cut_at_each_others_borders() -> None:
    assert marked((7, 20, 1), (11, 26, 2), (11, 14, 3))[0] == [
        ("One ", True, []),
        ("two", True, [3]),
        (" three", True, [1]),
        (" four.", True, [2]),
    ]


@pytest.mark.parametrize(
    ("words", "context"),
    [
        ("two", Context("One ", " three four. Five six.")),
        ("six", Context("One two three four. Five ", ".")),
        ("Seven", Context("", " eight.")),
        ("Title", Context("", "")),
    ],
)
def test_the_context_of_a_passage_is_its_sentence_and_those_beside_it(words: str, context: Context) -> None:
    start = TEXT.index(words)
    assert context_of(TEXT, list(segment(TEXT, 7)), start, start + len(words)) == context


def test_a_text_is_shown_whole_with_its_passages_marked(serve_once: ServeDataset) -> None:
    page = serve_once(DRAWN).get("/sources/held").text
    assert "<mark>about 1.2 million euros</mark>" in page
    assert re.search(r'<span id="p1s2">Revenue in 2019 was <mark>', page)
    assert [f'id="p2s{number}"' in page for number in (1, 2, 3)] == [True, True, False]
    numbers = re.findall(r'href="#(fact-\d+)"', page)
    assert set(numbers) == set(re.findall(r'id="(fact-\d+)"', page))
    assert "check.js" not in page


def test_every_place_that_a_fact_names_is_on_the_page(serve_once: ServeDataset) -> None:
    page = serve_once(DRAWN).get("/sources/held").text
    targets = re.findall(r'href="#(p\d+s\d+)"', page)
    assert targets
    assert [target for target in targets if f'id="{target}"' not in page] == []


def test_without_the_text_a_source_lists_every_cited_place(client: httpx.Client) -> None:
    page = client.get(f"/sources/{SOURCE}").text
    facts = client.get(f"/v1/sources/{SOURCE}/facts?limit=200").json()["items"]
    cited = {(one["start"], one["end"], one["sha256"]) for fact in facts for one in fact["citations"]}
    shown = re.findall(r'data-start="(\d+)" data-end="(\d+)" data-sha256="([0-9a-f]{64})"', page)
    assert {(int(start), int(end), sha256) for start, end, sha256 in shown} == cited
    assert len(shown) == len(cited)
    assert all(f'href="{fact["url"].removeprefix("/v1")}"' in page for fact in facts)
    assert "This server does not hold the text." in page
    assert "company-profiles verify --text FILE" in page
    assert '<form id="copy" hidden' in page


def test_the_pages_of_a_source_name_their_json(client: httpx.Client) -> None:
    response = client.get(f"/sources/{SOURCE}")
    assert f'<link rel="alternate" type="application/json" href="/v1/sources/{SOURCE}">' in response.text
    assert response.headers["link"].endswith('; rel="cite-as"')
    assert client.get(f"/sources/{SOURCE}", headers={"If-None-Match": response.headers["etag"]}).status_code == 304


def test_a_source_that_is_not_there_leads_to_the_nearest(client: httpx.Client) -> None:
    response = client.get(f"/sources/{SOURCE[:-1]}", headers=BROWSER)
    assert response.status_code == 404
    assert f'<a href="/sources/{SOURCE}">' in response.text


@pytest.mark.parametrize("address", ["/sources/hostile-report", "/sources/other"])
def test_a_text_is_never_markup(serve_once: ServeDataset, address: str) -> None:
    response = serve_once(HOSTILE).get(address)
    assert response.status_code == 200
    assert SCRIPT not in response.text
    assert "<img src=x" not in response.text
    assert Reading(response.text).inline == []
