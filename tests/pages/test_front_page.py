"""The front page on other databases than the seed's."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from sqlalchemy import event

from app.database.database import Database
from app.pages import front
from app.pages.front import read_front
from app.pages.queries import MOST_COMPANIES
from tests.conftest import ServeDataset
from tests.databases import Databases, settings_for
from tests.pages.datasets import DEMO
from tests.pages.reading import Reading
from tests.server import running_server

HOSTILE = """
companies:
  - slug: hostile
    name: '<script>alert("1")</script> & ''Co'''
    summary: '</p><img src=x onerror="alert(2)"> $content {{ name }}'
    founded: {edtf: 2000, text: '<b>2000</b>'}
"""


@contextmanager
def front_page_of(url: str) -> Iterator[httpx.Response]:
    with running_server(settings_for(url)) as server:
        yield httpx.get(server.url)


def test_what_a_dataset_says_is_text_and_never_markup(serve_dataset: ServeDataset) -> None:
    response = serve_dataset(HOSTILE).get("/")
    assert response.status_code == 200
    page = Reading(response.text)
    assert page.inline == []
    assert [asset for asset in page.loaded if not asset.startswith("/assets/")] == []
    assert "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt; &amp; &#39;Co&#39;" in response.text
    assert "&lt;/p&gt;&lt;img src=x onerror=&#34;alert(2)&#34;&gt; $content {{ name }}" in response.text
    assert 'founded <span dir="auto">&lt;b&gt;2000&lt;/b&gt;</span>' in response.text


def companies_with(numbers: Iterable[tuple[int, int]]) -> str:
    """Companies by number, each with so many products."""
    text = "sources: [{slug: s, title: S, type: page, text: A sentence.}]\ncompanies:\n"
    for number, products in numbers:
        text += f"  - slug: c{number}\n    name: Company {number:02}\n    products:\n" if products else ""
        text += "" if products else f"  - {{slug: c{number}, name: Company {number:02}}}\n"
        for product in range(products):
            cited = "citations: [{source: s, paragraph: 1, sentence: 1}]"
            text += f"      - {{slug: p{product}, name: P, category: service, {cited}}}\n"
    return text


def shown_companies(page: str) -> list[str]:
    return re.findall(r'dir="auto">(Company \d\d)</a></h3>', page)


def test_companies_with_the_most_facts_come_first(serve_dataset: ServeDataset) -> None:
    page = serve_dataset(companies_with([(1, 0), (2, 2), (3, 0), (4, 3), (5, 1), (6, 0), (7, 0), (8, 0)])).get("/").text
    assert "Companies with the most facts" in page
    assert shown_companies(page) == [f"Company {number:02}" for number in (4, 2, 5, 1, 3, 6)]
    assert "<span><b>3</b> products</span>" in page
    assert "<b>8</b> companies" in page


def test_of_more_facts_than_are_counted_the_first_companies_by_name_are_shown(
    serve_dataset: ServeDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "MOST_COUNTED", 4)
    page = serve_dataset(companies_with([(number, 5 if number == 8 else 0) for number in range(1, 9)])).get("/").text
    assert "most facts" not in page
    assert shown_companies(page) == [f"Company {number:02}" for number in range(1, MOST_COMPANIES + 1)]
    assert "<b>4+</b> products" in page


def test_it_shows_the_newest_changes_and_a_fact_beside_its_words(serve_once: ServeDataset) -> None:
    page = serve_once(DEMO).get("/").text
    changes = serve_once(DEMO).get("/v1/changes", params={"since": 87}).json()["items"]
    assert [change["document"]["name"] for change in changes if change["document"]["name"] not in page] == []
    assert '<blockquote dir="auto">' in page
    assert "checked against the text" in page


def test_every_count_is_one_that_the_api_gives(serve_once: ServeDataset) -> None:
    client = serve_once(DEMO)
    page = client.get("/").text
    counts = client.get("/v1/stats").json()["counts"]
    assert re.findall(r"<li><b>(\d+)</b> (\w+)</li>", page) == [(str(count), name) for name, count in counts.items()]
    for company in client.get("/v1/companies?counts=true").json()["items"]:
        tally = "".join(f"<span><b>{n}</b> {name if n != 1 else name[:-1]}</span> " for name, n in company["counts"].items())
        assert tally.strip() in page


def test_it_answers_on_an_empty_database(database: Database) -> None:
    with front_page_of(database.url.render_as_string(hide_password=False)) as response:
        assert response.status_code == 200
        assert "There is no company yet." in response.text
        assert "<b>0</b> companies" in response.text


def test_it_answers_while_the_database_does_not(databases: Databases) -> None:
    with front_page_of(databases.blank("unmigrated")) as response:
        assert response.status_code == 200
        assert "The database is unavailable." in response.text


def test_it_reads_as_many_statements_whatever_there_is(database: Database) -> None:
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    with database.reading() as connection:
        shown = read_front(connection)
    assert shown.counts == dict.fromkeys(("companies", "milestones", "products", "metrics", "sources"), 0)
    assert (shown.companies, shown.changes) == ([], [])
    assert len([statement for statement in statements if statement.startswith("SELECT")]) <= 9
