"""The examples in the README and the docs are what the program does."""

import re
from pathlib import Path

from app.database.models import QUALIFIERS
from app.values.units import UNITS

ROOT = Path(__file__).parents[2]


def test_every_unit_and_qualifier_is_in_the_page_of_the_data() -> None:
    page = (ROOT / "docs/api/data.md").read_text(encoding="utf-8")
    assert [word for word in (*UNITS, *QUALIFIERS) if f"`{word}`" not in page] == []


PAGES = [
    page
    for folder in (ROOT / "docs", ROOT / ".github", ROOT / ".ci", ROOT / "seed")
    for page in sorted(folder.rglob("*.md"))
    if not page.name.startswith("PULL_REQUEST")
] + sorted(ROOT.glob("*.md"))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return target.exists() and (not anchor or anchor in anchors(target))


def test_every_link_between_pages_leads_somewhere() -> None:
    links = [(page, link) for page in PAGES for link in re.findall(r"\]\((?!https?:)([^)\s]+)", page.read_text(encoding="utf-8"))]

    assert [f"{page.name}: {link}" for page, link in links if not leads_somewhere(page, link)] == []
    assert links


PATH = re.compile(r"`((?:app|docs|migrations|seed|tests|\.ci|\.github)/[\w./-]*)`")


def test_every_path_that_the_pages_for_contributors_name_exists() -> None:
    pages = [ROOT / ".github" / "CONTRIBUTING.md", *sorted((ROOT / "docs" / "contribute").rglob("*.md"))]
    named = [(page, path) for page in pages for path in PATH.findall(page.read_text(encoding="utf-8"))]

    assert [f"{page.name}: {path}" for page, path in named if not (ROOT / path).exists()] == []
    assert named
