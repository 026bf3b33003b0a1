"""What a person sees who opens the pages."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.server import RunningServer

pytestmark = pytest.mark.browser

ADDRESSES = (
    *("/", "/developers", "/companies", "/sources", "/compare?companies=baidu&companies=kuaishou", "/metrics/revenue"),
    *("/changes", "/guide/operate/settings", "/docs", "/redoc", "/problems"),
)
READY = {"/docs": "#operations-companies-list_companies", "/redoc": "#redoc h1"}
"""What shows that a page which a script makes is made."""
PHONE_WIDTH = 360

CONTRAST = """() => {
  const heading = [...document.querySelectorAll("h1, h2")].find((element) => element.checkVisibility());
  const luminance = (color) => {
    const [red, green, blue] = color.match(/[0-9.]+/g).map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  let ground = heading;
  while (ground && /^rgba\\(.*, 0\\)$/.test(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
  return [luminance(getComputedStyle(heading).color), luminance(getComputedStyle(ground).backgroundColor)];
}"""
"""The relative luminance (WCAG 2) of the first heading's text and of what is behind it."""


def open_page(page: Page, server: RunningServer, address: str) -> None:
    page.goto(server.url + address)
    page.wait_for_selector(READY.get(address, "h1"))
    page.wait_for_load_state("networkidle")


def operations(client: httpx.Client) -> Iterator[dict[str, Any]]:
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        for operation in methods.values():
            yield operation | {"path": path}


def test_the_front_page_shows_companies_and_every_link_answers(page: Page, server: RunningServer, client: httpx.Client) -> None:
    open_page(page, server, "/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("heading", level=3)).to_have_text(["Baidu", "Kuaishou"])
    links = {link.get_attribute("href") or "" for link in page.locator("a[href^='/']").all()}
    assert len(links) > 20
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


@pytest.mark.slow
def test_the_first_tab_stop_skips_to_the_content(page: Page, server: RunningServer) -> None:
    open_page(page, server, "/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()


@pytest.mark.slow
def test_swagger_ui_shows_every_operation(page: Page, server: RunningServer, client: httpx.Client) -> None:
    open_page(page, server, "/docs")
    for operation in operations(client):
        block = page.locator(f"#operations-{operation['tags'][0]}-{operation['operationId']}")
        expect(block).to_be_visible()
        expect(block.locator(".opblock-summary-path")).to_have_attribute("data-path", operation["path"])


def try_out(page: Page) -> None:
    """Executes an operation in Swagger UI, which shows the response."""
    block = page.locator("#operations-companies-list_companies")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Execute").click()
    answer = block.locator(".live-responses-table .response")
    expect(answer.locator(".response-col_status")).to_contain_text("200")
    expect(answer.locator(".highlight-code, .microlight").first).to_contain_text('"Kuaishou"')


@pytest.mark.slow
def test_swagger_ui_tries_an_operation_out(page: Page, server: RunningServer) -> None:
    open_page(page, server, "/docs")
    try_out(page)


@pytest.mark.slow
def test_swagger_ui_works_under_the_path_of_a_proxy(page: Page, server: RunningServer) -> None:
    published = replace(server, url=f"{server.url}/facts")
    requested: list[str] = []
    page.set_extra_http_headers({"X-Forwarded-Prefix": "/facts"})
    page.on("request", lambda request: requested.append(request.url))
    open_page(page, published, "/docs")
    try_out(page)
    assert [url for url in requested if not url.startswith((f"{published.url}/", "data:"))] == []
    assert f"{published.url}/openapi.json" in requested


@pytest.mark.slow
def test_an_address_inside_swagger_ui_opens_its_operation(page: Page, server: RunningServer) -> None:
    page.goto(f"{server.url}/docs#/metrics/list_metrics")
    expect(page.locator("#operations-metrics-list_metrics .opblock-body")).to_be_visible()


@pytest.mark.slow
def test_redoc_shows_every_operation(page: Page, server: RunningServer, client: httpx.Client) -> None:
    open_page(page, server, "/redoc")
    for operation in operations(client):
        expect(page.locator(f"[id$='operation/{operation['operationId']}'] h2").first).to_contain_text(operation["summary"])


@pytest.mark.slow
def test_redoc_finds_what_is_searched(page: Page, server: RunningServer) -> None:
    open_page(page, server, "/redoc")
    page.get_by_role("textbox", name="search").press_sequentially("statistics")
    expect(page.locator("[data-role='search:results'] [role='menuitem']").first).to_contain_text("statistics")


@pytest.mark.slow
def test_a_problem_is_readable(page: Page, server: RunningServer) -> None:
    open_page(page, server, "/problems/not-found")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not found")
    expect(page.locator("article p").nth(1)).to_contain_text("There is nothing at this URL.")
    expect(page.locator("article pre")).to_contain_text('"type": "/problems/not-found"')
    page.get_by_role("link", name="Invalid cursor").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Invalid cursor")


@pytest.mark.slow
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_phone_need_not_scroll_sideways(page: Page, server: RunningServer, address: str) -> None:
    page.set_viewport_size({"width": PHONE_WIDTH, "height": 740})
    open_page(page, server, address)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH


@pytest.mark.slow
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_colour_schemes_are_readable(page: Page, server: RunningServer, address: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    open_page(page, server, address)
    text, ground = page.evaluate(CONTRAST)
    assert (text > ground) == (scheme == "dark")
    assert (max(text, ground) + 0.05) / (min(text, ground) + 0.05) > 7
