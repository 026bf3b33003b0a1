"""The guide's Markdown as HTML: headings that can be linked to, and links that lead to pages of the guide."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from app.pages.guide.files import content, exists, url_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_ELSEWHERE = re.compile(r"https?:|#")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")


class Heading(NamedTuple):
    """A heading of the second level: its anchor and its text."""

    anchor: str
    text: str


class Page(NamedTuple):
    """A page of the guide: its HTML below the heading, its title, and its sections."""

    html: str
    title: str
    headings: list[Heading]


@lru_cache(16)
def page_of(name: str, root_path: str) -> Page:
    """A page. ``root_path`` precedes its links. The last few are cached, because a long one takes a tenth of a second."""
    tokens = _markdown().parse(content(name))
    title = plain(tokens[1].content)
    tokens = tokens[3:]  # the heading, which the template has
    anchors = Anchors()
    headings = []
    for token, inline in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and inline:
            text = plain(inline.content)
            token.attrSet("id", anchors.of(text))
            if token.tag == "h2":
                headings.append(Heading(str(token.attrGet("id")), text))
        if "style" in token.attrs:  # of an aligned cell; the policy of pages forbids the attribute
            token.attrs = {"class": str(token.attrs["style"]).removeprefix("text-align:")}
        if token.children:
            token.children = list(_linked(token.children, name, root_path))
    return Page(_markdown().renderer.render(tokens, _markdown().options, {}), title, headings)


@cache
def _markdown() -> "MarkdownIt":
    """Imported with the first page. Markup in the text is shown as text."""
    from markdown_it import MarkdownIt  # noqa: PLC0415

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    scrolled = {  # a keyboard can scroll what has the focus
        "table_open": '<div class="scroll" role="region" tabindex="0" aria-label="Table"><table>\n',
        "table_close": "</table></div>\n",
    }
    for rule, html in scrolled.items():
        markdown.add_render_rule(rule, lambda *_, html=html: html)
    markdown.add_render_rule("fence", _code)
    return markdown


def _code(_: object, tokens: "Sequence[Token]", index: int, *__: object) -> str:
    from markupsafe import escape  # noqa: PLC0415 - with the first page

    return f'<pre tabindex="0"><code>{escape(tokens[index].content)}</code></pre>\n'


def _linked(tokens: "Sequence[Token]", name: str, root_path: str) -> "Iterator[Token]":
    """The tokens of a line with the targets of its links. What leads out of the guide stays as text."""
    is_open = False
    for token in tokens:
        if token.type == "link_open":
            target = _target(str(token.attrGet("href")), name, root_path)
            is_open = target is not None
            if target is not None:
                token.attrSet("href", target)
                yield token
        elif token.type == "link_close":
            if is_open:
                yield token
        else:
            if token.type == "image":
                token.attrSet("src", _target(str(token.attrGet("src")), name, root_path) or "")
            yield token


def _target(url: str, name: str, root_path: str) -> str | None:
    if _ELSEWHERE.match(url):
        return url
    if url.startswith("/"):
        return root_path + url
    path, mark, anchor = url.partition("#")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
    return root_path + url_of(path) + mark + anchor if exists(path) else None


def plain(text: str) -> str:
    """A line of Markdown as text."""
    return _LINK.sub(r"\1", text).replace("`", "").replace("**", "")


class Anchors:
    """The anchors of a page's headings, as GitHub makes them."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()

    def of(self, text: str) -> str:
        anchor = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
        self._used[anchor] += 1
        times = self._used[anchor]
        return anchor if times == 1 else f"{anchor}-{times - 1}"
