"""The company page of docs/api/javascript.md, served from another origin, in a real browser."""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.database.database import Database
from tests.conftest import serving_datasets
from tests.databases import DatabasesOn, settings_for
from tests.http.tables import CITATION

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DOCUMENTED = (Path(__file__).parents[2] / "docs" / "api" / "javascript.md").read_text(encoding="utf-8")
[PAGE] = re.findall(r"```html\n(.*?)```", DOCUMENTED, re.DOTALL)
EVENTS = 60
_OBSERVATIONS: list[dict[str, object]] = [
    {"slug": "revenue-2018", "value": 1500000, "period": "2018"},
    {"slug": "revenue-2020", "value": 2500000, "period": "2020", "qualifier": "more_than"},
    {"slug": "revenue", "value": 9, "stated_as": "nine"},
    {"slug": "revenue-since", "value": 7, "period": "2014/.."},
    {"slug": "revenue-usd", "value": 3, "period": "2020", "unit": "USD"},
]
_ALPHA = {
    "slug": "alpha",
    "name": "Alpha <b>& Sons</b>",
    "milestones": [
        {"slug": "founded", "title": "Founded", "category": "founding", "date": {"edtf": "2000-40", "text": "early 2000"}},
        {"slug": "undated", "title": "<img src=x>", "category": "launch"},
        *({"slug": f"e-{n}", "title": f"Event {n}", "category": "launch", "date": str(2001 + n)} for n in range(EVENTS)),
    ],
    "metrics": [{"metric": "revenue", "name": "Revenue", "unit": "CNY", **one} for one in _OBSERVATIONS],
}
_SOURCE = {"slug": "report", "title": "A report", "type": "report", "length": 100, "sha256": "b" * 64}


def _cited(company: dict[str, Any]) -> dict[str, Any]:
    """The company, each of whose facts cites the report."""
    facts = {kind: [{**fact, "citations": [CITATION]} for fact in company[kind]] for kind in ("milestones", "metrics")}
    return company | facts


@pytest.fixture(scope="module")
def api(databases_on: DatabasesOn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server with the company."""
    databases = databases_on("sqlite")
    database = Database(settings_for(databases.copy(databases.migrated)))
    with serving_datasets(tmp_path_factory.mktemp("page")) as serve:
        yield str(serve(database, json.dumps({"sources": [_SOURCE], "companies": [_cited(_ALPHA)]})).base_url)
    database.engine.dispose()


@pytest.fixture(scope="module")
def page_url(api: str) -> Iterator[str]:
    """The documented page, with the URL of that server in it, on a server of another origin."""
    content = PAGE.replace("http://127.0.0.1:8000", api).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing: the tests read no log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/company.html"
        server.shutdown()


@pytest.fixture
def tab(browser: BrowserContext) -> Iterator[Page]:
    """A new tab, in which the page must throw nothing."""
    errors: list[str] = []
    tab = browser.new_page()
    tab.on("pageerror", lambda error: errors.append(error.message))
    yield tab
    tab.close()
    assert errors == []


def test_the_documented_page_shows_a_company_of_another_origin(tab: Page, page_url: str) -> None:
    tab.goto(f"{page_url}?company=alpha")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Alpha <b>& Sons</b>")
    entries = tab.get_by_role("listitem")
    expect(entries).to_have_count(EVENTS + 2)  # more than a page of the list
    expect(entries.first).to_have_text("early 2000: Founded")
    expect(entries.first).to_have_attribute("title", "2000-01-01 to 2000-06-30")
    expect(entries.last).to_have_text("Undated: <img src=x>")
    expect(tab.locator("img")).to_have_count(0)


def test_the_documented_page_draws_what_has_a_period_and_lists_the_rest(tab: Page, page_url: str) -> None:
    tab.goto(f"{page_url}?company=alpha")
    figures = tab.locator("figure")
    expect(figures).to_have_count(2)  # one for each unit
    lines = figures.first.locator("line")
    expect(lines.locator("title")).to_have_text(["2018: CN¥1.5M", "2020: > CN¥2.5M"])
    assert [line.get_attribute("stroke-dasharray") for line in lines.all()] == ["none", "12 8"]
    ends = [(float(line.get_attribute("x1") or ""), float(line.get_attribute("x2") or "")) for line in lines.all()]
    assert 0 == ends[0][0] < ends[0][1] < ends[1][0] < ends[1][1] == 600  # the year between them stays empty
    expect(figures.first.locator("p")).to_have_text(["2014 or later: CN¥7", "No period stated: CN¥9"])


def test_the_documented_page_shows_a_problem_and_leads_to_what_may_be_meant(tab: Page, page_url: str) -> None:
    tab.goto(f"{page_url}?company=alpa")
    expect(tab.get_by_role("alert")).to_have_text("There is no company 'alpa'.")
    tab.get_by_role("link", name="alpha").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Alpha <b>& Sons</b>")


def test_the_documented_script_is_short() -> None:
    script = PAGE.partition('<script type="module">\n')[2].partition("</script>")[0]

    assert len([line for line in script.splitlines() if line]) <= 60
