"""Compression with gzip."""

from collections.abc import Iterable

from starlette.middleware.gzip import GZipResponder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.conditional import GZIP_MARK
from app.http.negotiation import XLSX_TYPE, accepts_gzip

_MINIMUM_SIZE = 1000
_UNCOMPRESSED = ("text/event-stream", "image/png", XLSX_TYPE)
"""What the application serves of the types that Starlette leaves alone, whose full list would be read on every request, and
workbooks, which are compressed already.
"""


class Compression:
    """Compresses responses for clients that accept gzip, and marks their ETag.

    Every response with an ETag names the encoding in ``Vary``, even a 304 or a body too short to be compressed (15.4.5).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        accepted = b",".join([value for name, value in scope["headers"] if name == b"accept-encoding"])

        async def send_with_etag(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _encoded(message["headers"])}
            await send(message)

        app = self.app
        if accepts_gzip(accepted):
            app = GZipResponder(app, _MINIMUM_SIZE, compresslevel=5, exclude_content_types=_UNCOMPRESSED)
        await app(scope, receive, send_with_etag)


def _encoded(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    found, encoded = dict(headers), list(headers)
    etag, vary = found.get(b"etag"), found.get(b"vary", b"")
    if etag is None:
        return encoded
    if found.get(b"content-encoding") == b"gzip":
        encoded[encoded.index((b"etag", etag))] = (b"etag", etag.removesuffix(b'"') + GZIP_MARK.encode())
    if not vary:
        encoded.append((b"vary", b"Accept-Encoding"))
    elif b"Accept-Encoding" not in vary:
        encoded[encoded.index((b"vary", vary))] = (b"vary", vary + b", Accept-Encoding")
    return encoded
