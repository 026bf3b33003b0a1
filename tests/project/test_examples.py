"""The examples in the README and the docs are what the program does."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Connection

from app.database.models import QUALIFIERS
from app.datasets.loader import load
from app.datasets.reader import read_dataset
from app.values.units import UNITS

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)


def blocks(page: str) -> list[tuple[str, str]]:
    return [(match[1], match[2]) for match in BLOCK.finditer((ROOT / page).read_text(encoding="utf-8"))]


def asked_and_answered(page: str, client: httpx.Client) -> tuple[Any, Any]:
    """The answer that the page prints under its first curl command, and the one that the server gives."""
    found = blocks(page)
    number = next(i for i, (_, text) in enumerate(found) if text.startswith("curl"))
    address = found[number][1].split("8000", 1)[1].strip().strip("'")
    return json.loads(found[number + 1][1]), client.get(address).json()


def test_the_first_request_of_the_readme_gets_the_response_that_it_shows(client: httpx.Client) -> None:
    shown, given = asked_and_answered("README.md", client)

    assert shown == given


def test_the_problem_in_the_page_of_the_api_is_part_of_the_one_that_is_answered(client: httpx.Client) -> None:
    shown, given = asked_and_answered("docs/api/overview.md", client)
    [error] = given["errors"]

    assert {name: given[name] for name in ("type", "title", "status")} == {
        name: shown[name] for name in ("type", "title", "status")
    }
    assert shown["errors"] == [{"field": error["field"], "suggestion": error["suggestion"]}]


def test_the_dataset_in_the_page_of_datasets_loads(connection: Connection, tmp_path: Path) -> None:
    [text] = [text for language, text in blocks("docs/operate/datasets.md") if language == "yaml"]
    file = tmp_path / "example.yaml"
    file.write_text(text, encoding="utf-8")

    report = load(connection, read_dataset([file]), actor="tests", reason="Example")

    assert report.created.total() == 4


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
