"""The front page on other databases than the seed's."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from sqlalchemy import event

from app.database.database import Database
from app.pages.queries import MOST_COMPANIES, read_overview
from tests.conftest import ServeDataset
from tests.databases import Databases, settings_for
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
    assert "founded &lt;b&gt;2000&lt;/b&gt;" in response.text


def test_many_companies_are_the_first_by_name(serve_dataset: ServeDataset) -> None:
    numbers = range(MOST_COMPANIES + 3, 0, -1)
    client = serve_dataset("companies:\n" + "".join(f"  - {{slug: c{n}, name: Company {n:02}}}\n" for n in numbers))
    page = client.get("/").text
    assert [f"Company {n:02}</a></h3>" in page for n in reversed(numbers)] == [True] * MOST_COMPANIES + [False] * 3
    assert f"<b>{MOST_COMPANIES + 3}</b> companies" in page


def test_it_answers_on_an_empty_database(database: Database) -> None:
    with front_page_of(database.url.render_as_string(hide_password=False)) as response:
        assert response.status_code == 200
        assert "There is no company yet." in response.text
        assert "<b>0</b> companies" in response.text


def test_it_answers_while_the_database_does_not(databases: Databases) -> None:
    with front_page_of(databases.blank("unmigrated")) as response:
        assert response.status_code == 200
        assert "The database is unavailable." in response.text


def test_it_reads_one_statement(database: Database) -> None:
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    with database.reading() as connection:
        overview = read_overview(connection)
    assert overview.counts == dict.fromkeys(("companies", "milestones", "products", "metrics", "sources"), 0)
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 1
