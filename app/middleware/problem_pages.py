"""Problems as pages: a browser that opens a page gets HTML, whichever layer refused the request."""

import gzip
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors.problem import ProblemDetails
from app.http.negotiation import prefers_html, sent_header

ProblemPage = Callable[[Request, ProblemDetails], Response]

_OF_PROGRAMS = ("/v1", "/reconcile", "/health", "/openapi.json", "/assets/")
"""How the paths begin whose problems are always JSON."""
_REPLACED = frozenset((b"content-encoding", b"content-length", b"content-type", b"vary"))


class ProblemPages:
    """Puts a page in place of each problem at the address of a page, if the client prefers HTML to JSON."""

    def __init__(self, app: ASGIApp, page: ProblemPage) -> None:
        self.app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith(_OF_PROGRAMS):
            request = Request(scope)
            if prefers_html(sent_header(request, b"accept")):
                send = _Sender(request, self._page, send)
        await self.app(scope, receive, send)


class _Sender:
    """Passes a response on, unless it is a problem: then it waits for the whole of it."""

    def __init__(self, request: Request, page: ProblemPage, send: Send) -> None:
        self._request = request
        self._page = page
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if dict(message["headers"]).get(b"content-type") == b"application/problem+json":
                self._start = message
                return
        elif self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._send_page(self._start)
            return
        await self._send(message)

    async def _send_page(self, start: Message) -> None:
        headers = [header for header in start["headers"] if header[0] not in _REPLACED] + [(b"vary", b"Accept")]
        if not self._body:  # of a request with HEAD, whose page would be made in vain
            headers.append((b"content-type", b"text/html; charset=utf-8"))
            await self._send({**start, "headers": headers})
            await self._send({"type": "http.response.body", "body": b""})
            return
        is_compressed = dict(start["headers"]).get(b"content-encoding") == b"gzip"
        document = gzip.decompress(self._body) if is_compressed else self._body
        page = self._page(self._request, ProblemDetails.model_validate_json(document))
        of_page = [header for header in page.raw_headers if header[0] != b"cache-control"]
        await self._send({**start, "headers": [*headers, *of_page]})
        await self._send({"type": "http.response.body", "body": page.body})
