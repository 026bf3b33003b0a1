"""Compression with gzip."""

from collections.abc import Iterable

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Compression:
    """Compresses what a client takes as gzip. Its ETag is marked: a strong validator names one encoding (RFC 9110, 8.8.3).

    Every answer that has an ETag names the encoding in ``Vary``, so also a 304 and what is too short to be compressed (15.4.5).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._compressing = GZipMiddleware(app, minimum_size=1000, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_compressed = scope["type"] == "http" and any(
            name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"]
        )

        async def send_with_etag(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _encoded(message["headers"])}
            await send(message)

        await (self._compressing if is_compressed else self.app)(scope, receive, send_with_etag)


def _encoded(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    found, encoded = dict(headers), list(headers)
    etag, vary = found.get(b"etag"), found.get(b"vary", b"")
    if etag is None:
        return encoded
    if found.get(b"content-encoding") == b"gzip":
        encoded[encoded.index((b"etag", etag))] = (b"etag", etag.removesuffix(b'"') + b'-gzip"')
    if not vary:
        encoded.append((b"vary", b"Accept-Encoding"))
    elif b"Accept-Encoding" not in vary:
        encoded[encoded.index((b"vary", vary))] = (b"vary", vary + b", Accept-Encoding")
    return encoded
