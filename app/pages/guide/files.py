"""The files of the guide: the pages of ``docs``, their order and their groups."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_PLACES = (Path(__file__).parent / "docs", Path(__file__).parents[3] / "docs")
"""In an installed package, and in a checkout."""
INDEX = "README.md"
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
ATTACHMENTS = {".yaml": "text/yaml; charset=utf-8", ".svg": "image/svg+xml"}
"""Files that pages show or offer, and their media types."""


class Chapter(NamedTuple):
    """A page of the guide as the index lists it."""

    name: str
    title: str
    group: str = ""
    about: str = ""

    @property
    def url(self) -> str:
        return url_of(self.name)


@cache
def _folder() -> Path:
    return next(place for place in _PLACES if (place / INDEX).is_file())


@cache
def _names() -> frozenset[str]:
    """The paths of all pages and attachments below the folder. Nothing else is ever read."""
    suffixes = {".md", *ATTACHMENTS}
    return frozenset(path.relative_to(_folder()).as_posix() for path in _folder().rglob("*") if path.suffix in suffixes)


def exists(name: str) -> bool:
    return name in _names()


def content(name: str) -> str:
    """The text of a page or an attachment, which must exist."""
    return (_folder() / name).read_text("utf-8")


def url_of(name: str) -> str:
    """The URL of a page, without its extension, or of an attachment."""
    path = name.removesuffix(INDEX).removesuffix(".md").rstrip("/")
    return f"/guide/{path}" if path else "/guide"


def named(path: str) -> str | None:
    """The page or attachment at a path after ``/guide/``. None if there is none."""
    return next(
        (name for name in (f"{path}.md", f"{path}/{INDEX}", path) if exists(name) and url_of(name) == f"/guide/{path}"), None
    )


@cache
def chapters() -> tuple[Chapter, ...]:
    """The pages in the order of the index, then those that only another page links to, by name."""
    listed: dict[str, Chapter] = {}
    group = ""
    for line in content(INDEX).splitlines():
        group = line.removeprefix("## ") if line.startswith("## ") else group
        if line.startswith("|"):
            cell, about = line.strip("| ").split(" | ", 1)
            about = _LINK.sub(r"\1", about).replace("`", "")
            listed |= {name: Chapter(name, title, group, about) for title, name in _LINK.findall(cell) if exists(name)}
    others = sorted(name for name in _names() if name.endswith(".md") and name not in listed and name != INDEX)
    return (*listed.values(), *(Chapter(name, title_of(name)) for name in others))


def title_of(name: str) -> str:
    """The heading of a page."""
    return content(name).partition("\n")[0].removeprefix("# ").replace("`", "")
