"""A small page about a company for the frame in which a client shows it."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template

import orjson

from app import __version__
from app.api.reconcile.properties import Document
from app.http.conditional import Stamp
from app.http.negotiation import Format

_TEMPLATE = Template((Path(__file__).parent / "preview.html").read_text(encoding="utf-8"))
_STYLE = (
    "body{font:14px/1.45 system-ui,sans-serif;margin:.8em;overflow-wrap:anywhere}"
    "h1{font-size:1.15em;margin:0}p{margin:.4em 0;max-height:6em;overflow:auto}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.15em .8em;margin:0}dd{margin:0}dt{opacity:.75}"
)
_MOST_DETAILS = 8

POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'",
        "base-uri 'none'",
        "form-action 'none'",
        # OpenRefine shows previews in a frame, from whatever address its user runs it at. The page has nothing to misuse:
        # no script, no form, no session.
        "frame-ancestors *",
        "sandbox allow-popups allow-popups-to-escape-sandbox",
    )
)


class PageStamp(Stamp):
    """What a page was read from. Its ETag is not that of the company's JSON."""

    def etag(self, format: Format) -> str:  # noqa: ARG002
        return f'"{self.dataset}-{self.revision}-{__version__}-preview"'


def preview_page(document: str) -> bytes:
    """The page of a company. Whatever the dataset says is escaped."""
    company: Document = orjson.loads(document)
    details = "".join(f"<dt>{escape(term)}</dt><dd>{escape(text)}</dd>" for term, text in list(_details(company))[:_MOST_DETAILS])
    return _TEMPLATE.substitute(
        name=escape(company["name"]),
        url=escape(company["url"]),
        summary=escape(company["summary"] or "No summary."),
        details=details,
        style=_STYLE,
    ).encode()


def _details(company: Document) -> Iterator[tuple[str, str]]:
    if company["country"]:
        yield "Country", company["country"]
    if company["founded"]:
        yield "Founded", company["founded"]["text"]
    if company["other_names"]:
        yield "Also", ", ".join(other["name"] for other in company["other_names"])
    for identifier in company["identifiers"]:
        yield identifier["scheme"], identifier["value"]
    yield "Identifier here", company["slug"]
