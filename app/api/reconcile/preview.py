"""A small page about a company, which a client shows in a frame."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice

import orjson

from app import __version__
from app.api.reconcile.properties import Document
from app.http.conditional import Stamp
from app.http.negotiation import Format
from app.http.templates import render

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
        # OpenRefine shows previews in a frame, from any origin at which its user runs it. The page has no script, no form
        # and no session, so framing it is harmless.
        "frame-ancestors *",
        "sandbox allow-popups allow-popups-to-escape-sandbox",
    )
)


class PageStamp(Stamp):
    """The version that a page was read from. Its ETag differs from that of the company's JSON."""

    def etag(self, format: Format) -> str:  # noqa: ARG002
        return f'"{self.dataset}-{self.revision}-{__version__}-preview"'


def preview_page(document: str, root_path: str) -> bytes:
    """The page of a company."""
    company: Document = orjson.loads(document)
    details = islice(_details(company), _MOST_DETAILS)
    return render("api/reconcile/preview.html", company=company, details=details, style=_STYLE, root_path=root_path).encode()


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
