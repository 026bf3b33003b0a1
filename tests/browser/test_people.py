"""The pages for people in a real browser: whether everyone can read and use them, whatever a dataset holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, Page, expect

from app.database.database import Database
from app.datasets.loader import load
from app.datasets.reader import read_dataset
from tests.browser.conftest import watched_tab
from tests.databases import SEEDED_AT, DatabasesOn, settings_for
from tests.pages.datasets import COPY, DRAWN, HOSTILE
from tests.server import running_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ADDRESSES = (
    "/companies/baidu",
    "/companies/wheel-works",
    "/companies/hostile",
    "/companies/wheel-works/metrics/revenue-2019",
    "/companies/hostile/milestones/one",
    "/sources/held",
    "/sources/other",
    "/sources/hostile-report",
    "/search?q=revenue",
)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def url(databases_on: DatabasesOn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server with the seed, every kind of date and number, and texts that try to be markup."""
    databases = databases_on("sqlite")
    settings = settings_for(databases.copy(databases.seeded))
    database, folder = Database(settings), tmp_path_factory.mktemp("datasets")
    for name, text in {"drawn": DRAWN, "hostile": HOSTILE}.items():
        file = folder / f"{name}.json"
        file.write_text(text, encoding="utf-8")
        with database.writing() as connection:
            load(connection, read_dataset([file]), actor="tests", reason="Test", clock=lambda: SEEDED_AT)
    database.engine.dispose()
    with running_server(settings) as server:
        yield server.url


@pytest.fixture
def tab(browser: BrowserContext, url: str) -> Iterator[Page]:
    with watched_tab(browser, url) as page:
        yield page


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_everyone_can_read_every_page(tab: Page, url: str, scheme: str, width: int) -> None:
    tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    tab.set_viewport_size({"width": width, "height": 800})
    for address in ADDRESSES:
        tab.goto(url + address)
        found = Axe().run(tab, options=RULES).response["violations"]
        assert [(address, one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found] == []


def test_the_narrowest_phone_need_not_scroll_sideways(tab: Page, url: str) -> None:
    tab.set_viewport_size({"width": 320, "height": 740})
    for address in ADDRESSES:
        tab.goto(url + address)
        assert (address, tab.evaluate("document.documentElement.scrollWidth")) == (address, 320)


def test_a_citation_opens_its_card_by_keyboard_and_closes_it_again(tab: Page, url: str) -> None:
    tab.goto(f"{url}/companies/wheel-works")
    number = tab.get_by_role("button", name="Citation 1", exact=True).first
    card = tab.locator("#note-1")
    assert not card.evaluate("card => card.matches(':popover-open')")
    number.focus()
    tab.keyboard.press("Enter")
    assert card.evaluate("card => card.matches(':popover-open')")
    expect(card).to_contain_text("This server does not hold the text.")
    tab.keyboard.press("Escape")
    assert not card.evaluate("card => card.matches(':popover-open')")
    expect(card).to_be_visible()  # at the foot


def test_a_page_on_paper_has_its_citations_as_notes_with_their_addresses(tab: Page, url: str) -> None:
    tab.emulate_media(media="print")
    tab.goto(f"{url}/companies/wheel-works")
    expect(tab.locator("#note-1")).to_be_visible()
    expect(tab.locator(".site-search")).to_be_hidden()
    content = tab.locator("#note-1 a").first.evaluate("link => getComputedStyle(link, '::after').content")
    assert "/sources/other#p2s1" in content


def test_a_readers_own_copy_is_checked_and_nothing_is_sent(tab: Page, url: str, tmp_path: Path) -> None:
    sent: list[str] = []
    tab.goto(f"{url}/sources/other", wait_until="networkidle")  # the icon comes last
    tab.on("request", lambda request: sent.append(request.url))
    copies = (
        ("\ufeff" + COPY.replace("\n", "\r\n"), "1 of 1 passages verified. Your copy is the text that was cited"),
        (COPY.replace("More followed", "Less"), "1 of 1 passages verified. Your copy differs"),
        (COPY.replace("40", "41"), "0 of 1 passages verified. Your copy differs"),
    )
    for number, (text, outcome) in enumerate(copies):
        file = tmp_path / f"copy-{number}.txt"  # choosing the same name again changes nothing for a browser
        file.write_bytes(text.encode())
        tab.get_by_label("Your copy, as a text file").set_input_files(file)
        expect(tab.locator("#outcome")).to_contain_text(outcome)
    expect(tab.locator(".verdict")).to_have_text("✗ not at this place in your copy")
    assert sent == []


def test_a_cited_passage_is_highlighted_in_its_source(tab: Page, url: str) -> None:
    tab.goto(f"{url}/companies/wheel-works/metrics/revenue-2019")
    tab.get_by_role("link", name="Paragraph 1, sentence 2").click()
    expect(tab.locator(":target")).to_contain_text("about 1.2 million euros")
    expect(tab.locator(":target")).to_be_in_viewport()


@pytest.mark.parametrize("address", ["/", "/problems"])
def test_the_search_box_suggests_companies_by_keyboard(tab: Page, url: str, address: str) -> None:
    tab.goto(url + address)
    box = tab.get_by_role("combobox", name="Search companies and facts")
    box.press_sequentially("whe")
    option = tab.get_by_role("option", name="Wheel Works")
    expect(option).to_be_visible()
    expect(tab.get_by_role("status")).to_contain_text("Suggestions: 1")
    assert [one["id"] for one in Axe().run(tab, options=RULES).response["violations"]] == []
    box.press("Escape")
    expect(option).to_be_hidden()
    assert box.input_value() == "whe"
    box.press_sequentially("el")
    expect(option).to_be_visible()
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Wheel Works")


def test_without_a_chosen_suggestion_enter_searches(tab: Page, url: str) -> None:
    tab.goto(f"{url}/companies/baidu")
    box = tab.get_by_role("combobox", name="Search companies and facts")
    box.press_sequentially("deep learning")
    box.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Results for “deep learning”")
