"""The pages in a real browser, with the network cut.

On a machine without Chromium these tests are not collected, and pytest says so. In CI that is an error.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, expect, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.server import RunningServer

expect.set_options(timeout=30_000)  # ReDoc draws for seconds on a busy machine
CHROMIUM = find_chromium()
collect_ignore_glob = [] if CHROMIUM else ["test_*.py"]

if CHROMIUM is None and os.environ.get("CI"):
    raise pytest.UsageError("CI tests the pages in Chromium, which is not installed; install it or name it in CHROMIUM")


def pytest_report_collectionfinish() -> str | None:
    return None if CHROMIUM else "no Chromium was found: tests/browser is left out; install it or name it in CHROMIUM"


@pytest.fixture(scope="module")  # not wider: while it is open, Playwright's event loop runs in this thread
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with sync_playwright() as playwright:
        profile = tmp_path_factory.mktemp("chromium")
        context = playwright.chromium.launch_persistent_context(profile, executable_path=CHROMIUM, args=ARGUMENTS)
        yield context
        context.close()


@pytest.fixture
def page(browser: BrowserContext, server: RunningServer) -> Iterator[Page]:
    """A new tab. At the end it must have asked no other host, logged no error, and met no refusal by its policy."""
    with watched_tab(browser, server.url) as page:
        yield page


@contextmanager
def watched_tab(browser: BrowserContext, url: str) -> Iterator[Page]:
    """A new tab that must ask no other server than this one, log no error, and meet no refusal by a policy."""
    requests: list[str] = []
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    def on_error(error: Error) -> None:
        complaints.append(error.message)

    page = browser.new_page()
    page.set_default_timeout(60_000)  # a busy machine takes longer than a reader would wait
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", on_console)
    page.on("pageerror", on_error)
    yield page
    page.close()
    ours = (f"{url}/", f"blob:{url}/", "data:")
    assert [url for url in requests if not url.startswith(ours)] == []
    assert complaints == []
