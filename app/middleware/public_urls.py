"""URLs of responses under a root path, and the ETags of responses whose URLs are a proxy's (ADR 12)."""

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.conditional import GZIP_MARK
from app.http.request_state import request_state
from app.http.root_path import root_path_of, under_root_path

_JSON = (b"application/json", b"application/ld+json", b"text/event-stream")
"""Types with whole documents in each part of a body. Rows and lines are made of documents that have the root path already,
and problems and pages are made for the request."""
_WITH_URL = (b"content-location", b"link", b"location")
_TAG = re.compile(rb'"[^"]*"')


class PublicUrls:
    """Puts the root path into JSON and headers, and a mark into ETags, because another URL makes another body.

    Without a proxy it does nothing. It stands inside the compression and the cache: what they store is complete.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        mark = request_state(scope).public_url_mark if scope["type"] == "http" else ""
        if mark:
            scope["headers"] = [_unmarked(name, value, mark.encode()) for name, value in scope["headers"]]
            send = _Sender(send, root_path_of(scope), mark.encode())
        await self.app(scope, receive, send)


def _unmarked(name: bytes, value: bytes, mark: bytes) -> tuple[bytes, bytes]:
    """``If-None-Match`` as the endpoints know it: the tag of a body with other URLs names no response."""
    if name != b"if-none-match":
        return name, value
    return name, _TAG.sub(lambda tag: tag[0].replace(mark, b"") if mark in tag[0] else b'"@"', value)


class _Sender:
    """Sends a response, its start with the first part of its body, which decides its length."""

    def __init__(self, send: Send, root_path: str, mark: bytes) -> None:
        self._send = send
        self._root_path = root_path
        self._mark = mark
        self._start: Message | None = None
        self._is_json = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [self._header(name, value) for name, value in message["headers"]]
            content_type = dict(headers).get(b"content-type", b"")
            self._is_json = bool(self._root_path) and content_type.partition(b";")[0] in _JSON
            self._start = {**message, "headers": headers}
            if not self._is_json:
                await self._send_start()
            return
        if self._is_json and message["type"] == "http.response.body":
            body = under_root_path(message.get("body", b"").decode(), self._root_path).encode()
            message = {**message, "body": body}
            await self._send_start(len(body))
        await self._send(message)

    async def _send_start(self, length: int | None = None) -> None:
        start, self._start = self._start, None
        if start is None:
            return
        if length is not None:
            headers = [(name, b"%d" % length if name == b"content-length" else value) for name, value in start["headers"]]
            start = {**start, "headers": headers}
        await self._send(start)

    def _header(self, name: bytes, value: bytes) -> tuple[bytes, bytes]:
        if name == b"etag":
            end = GZIP_MARK.encode() if value.endswith(GZIP_MARK.encode()) else b'"'
            return name, value.removesuffix(end) + self._mark + end
        if name in _WITH_URL:
            value = re.sub(rb"^(<?)/", rb"\1" + self._root_path.encode() + b"/", value)
        return name, value
