"""The guide: each page of ``docs`` in the frame of the site, and its search."""

import re
from pathlib import Path

import httpx
import pytest

from app.pages.guide.files import chapters, named, url_of
from app.pages.guide.markdown import Anchors, page_of
from app.pages.guide.search import sections_with
from tests.pages.reading import Reading

pytestmark = pytest.mark.any_engine

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(
    path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md") if path.name != "README.md" or path.parent != DOCS
)


def anchors_of(html: str) -> set[str]:
    return set(re.findall(r' id="([^"]+)"', html))


def test_each_page_of_the_docs_is_a_page_of_the_guide_and_its_links_lead_somewhere(client: httpx.Client) -> None:
    pages = {url_of(name): client.get(url_of(name)) for name in PAGES}
    assert {url: response.status_code for url, response in pages.items()} == dict.fromkeys(pages, 200)
    linked = {link for response in pages.values() for link in Reading(response.text).linked if link.startswith("/guide")}
    anchors = {url: anchors_of(response.text) for url, response in pages.items()}
    lost = [link for link in linked if "#" in link and link.partition("#")[2] not in anchors[link.partition("#")[0]]]
    assert lost == []
    others = {link.partition("#")[0] for link in linked} - set(pages)
    assert {link: client.get(link).status_code for link in others} == dict.fromkeys(others, 200)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_nothing_inline_and_links_to_no_file_of_the_checkout(name: str) -> None:
    html = page_of(name, "/prefix").html
    page = Reading(html)
    assert page.inline == []
    assert [link for link in page.linked if not link.startswith(("/prefix/", "#", "https://", "http://"))] == []
    assert [link for link in page.linked if link.startswith("#") and link[1:] not in anchors_of(html)] == []
    assert [image for image in page.loaded if not image.startswith("/prefix/guide/")] == []


def test_the_guide_lists_the_pages_in_the_groups_of_the_index(client: httpx.Client) -> None:
    page = client.get("/guide").text
    assert re.findall(r'<h2 id="group-\d">([^<]+)</h2>', page) == ["Use the API", "Run a server", "Change the code"]
    assert '<a href="/guide/api/overview">Overview</a> <span>endpoints, lists,' in page
    assert set(Reading(page).linked) >= {chapter.url for chapter in chapters() if chapter.group}
    assert {chapter.name for chapter in chapters()} == set(PAGES)


def test_a_page_shows_tables_code_and_its_neighbours(client: httpx.Client) -> None:
    page = client.get("/guide/operate/settings").text
    assert "<title>Settings · Guide · Company Profiles</title>" in page
    assert '<div class="scroll" role="region" tabindex="0" aria-label="Table"><table>' in page
    assert "<code>PROFILES_DEMO</code>" in page
    assert 'rel="prev"' in page
    assert 'rel="next"' in page
    assert 'href="/guide/operate/settings" aria-current="page"' in page
    assert '<pre tabindex="0"><code>curl' in client.get("/guide/operate/from-article-to-api").text.replace(
        "company-profiles serve\n", ""
    )


def test_markup_in_a_page_is_shown_as_text(client: httpx.Client) -> None:
    page = client.get("/guide/api/javascript").text
    assert "&lt;script type=&#34;module&#34;&gt;" in page
    assert Reading(page).inline == []


def test_headings_have_the_anchors_that_links_between_the_pages_use() -> None:
    anchors = Anchors()
    assert [anchors.of(text) for text in ("What is 1,000?", "Proxy: `PROFILES_X`", "What is 1,000?", "Größe")] == [
        "what-is-1000",
        "proxy-profiles_x",
        "what-is-1000-1",
        "größe",
    ]


def test_a_search_finds_the_section_and_leads_to_it(client: httpx.Client) -> None:
    page = client.get("/guide", params={"q": "response cache"}).text
    assert '<a href="/guide/operate/performance#the-response-cache">' in page
    assert 'value="response cache"' in page
    assert "No section of the guide" in client.get("/guide", params={"q": "xyzzy response"}).text


def test_a_search_finds_what_stands_in_code_and_tables() -> None:
    assert sections_with("PROFILES_CACHE_MEGABYTES")[0].chapter.name.startswith("operate/")
    assert any(section.chapter.name == "operate/settings.md" for section in sections_with("profiles_cors_origins"))
    assert sections_with(" ") == []


def test_every_section_that_a_search_finds_has_its_anchor() -> None:
    for word in ("the", "etag", "revision"):
        for section in sections_with(word):
            assert not section.anchor or f'id="{section.anchor}"' in page_of(section.chapter.name, "").html


def test_a_query_is_text_and_never_markup(client: httpx.Client) -> None:
    assert Reading(client.get("/guide", params={"q": '"><script>alert(1)</script>'}).text).inline == []


def test_files_that_pages_link_to_are_served_too(client: httpx.Client) -> None:
    template = client.get("/guide/operate/template.yaml")
    assert template.headers["content-type"] == "text/yaml; charset=utf-8"
    assert template.text == (DOCS / "operate" / "template.yaml").read_text("utf-8")
    assert client.get("/guide/operate/performance.svg").headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize(
    ("path", "suggestion"),
    [
        ("api/overveiw", ["/guide/api/overview"]),
        ("api/overview.md", ["/guide/api/overview"]),
        ("%2Fetc%2Fpasswd", ["/guide"]),
        ("..%2Fsettings.py", ["/guide/operate/settings"]),
    ],
)
def test_nothing_but_the_guide_is_served_as_a_page_of_it(client: httpx.Client, path: str, suggestion: list[str]) -> None:
    response = client.get(f"/guide/{path}")
    assert response.status_code == 404
    assert response.json()["suggestions"] == suggestion


@pytest.mark.parametrize("path", ["", "README", "README.md", "../README", "openapi/0.1.0.json", "api", "operate/"])
def test_a_path_without_a_page_names_none(path: str) -> None:
    assert named(path) is None


def test_the_api_explorer_leads_to_the_guide(client: httpx.Client) -> None:
    page = client.get("/docs").text
    assert 'action="/guide"' in page
    assert set(Reading(page).linked) >= {"/guide/api/overview", "/guide/api/data"}


@pytest.mark.parametrize("path", ["/guide", "/guide/operate/cli"])
def test_a_trailing_slash_redirects(client: httpx.Client, path: str) -> None:
    answer = client.get(f"{path}/", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (308, path)
