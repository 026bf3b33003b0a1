"""What a journalist wants to know, found by following links from the front page."""

import re
from html import unescape

import httpx
import pytest

from tests.conftest import ServeDataset
from tests.pages.datasets import DEMO
from tests.pages.test_comparison import text


def follow(client: httpx.Client, page: str, name: str) -> str:
    """The page behind the first link with this text."""
    links = re.findall(r'<a[^>]* href="([^"]+)"[^>]*>([^<]*)</a>', page)
    url = next(unescape(url) for url, words in links if unescape(words).strip() == name)
    response = client.get(url.partition("#")[0])
    assert response.status_code == 200
    return response.text


@pytest.fixture
def front(client: httpx.Client) -> str:
    return client.get("/").text


def test_when_was_it_founded_and_who_says_so(client: httpx.Client, front: str) -> None:
    page = follow(client, front, "Baidu")
    assert "“early 2000”" in text(page)
    assert "China's Sci-Tech Is Going Global" in text(page)
    fact = follow(client, page, "Founded")
    assert "Paragraph 2, sentence 1" in text(fact)


def test_what_was_the_revenue_and_of_which_year(client: httpx.Client, front: str) -> None:
    page = text(follow(client, front, "Kuaishou"))
    assert "21.1 billion Chinese yuan" in page
    assert "Period not stated" in page


def test_where_is_deep_learning_mentioned(client: httpx.Client, front: str) -> None:
    [action] = re.findall(r'<form role="search" class="big-search" action="([^"]+)">', front)
    page = client.get(action, params={"q": "deep learning"}).text
    assert "Open source deep learning platform launched" in text(page)


def test_how_do_the_two_compare(client: httpx.Client, front: str) -> None:
    form = follow(client, front, "Compare")
    [action] = re.findall(r'<form class="choose" action="([^"]+)">', form)
    page = text(client.get(action, params={"companies": ["Baidu", "Kuaishou", ""]}).text)
    assert "Only one of the companies has this metric." in page


def test_is_this_citation_verified(client: httpx.Client, front: str, serve_once: ServeDataset) -> None:
    assert "Taken on trust" in text(follow(client, front, "Kuaishou"))
    demo = serve_once(DEMO)
    page = text(follow(demo, demo.get("/").text, "Kettingwerk"))
    assert "Checked against the text" in page
    assert "By 2020 they had stopped selling new bicycles." in page
