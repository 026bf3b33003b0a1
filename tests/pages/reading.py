"""What an HTML page asks a browser to do."""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_TAG = re.compile(r"<(svg|script|style|pre)\b.*?</\1>|<[^>]+>", re.DOTALL)


@dataclass
class Reading(HTMLParser):
    """The addresses that a page loads, those that it links to, and whatever is written inline that should be in a file."""

    page: str
    loaded: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attributes}
        address = named.get("src") or named.get("href")
        if address is not None and named.get("rel") != "alternate":
            (self.linked if tag == "a" else self.loaded).append(address)
        self.inline += [name for name in named if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in named):
            self.inline.append(tag)


def text_of(page: str) -> str:
    """What a person reads of the main part, without drawings."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", html.unescape(_TAG.sub(" ", main)))
