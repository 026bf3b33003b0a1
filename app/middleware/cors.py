"""Cross-origin resource sharing (CORS)."""

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALLOWED_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
ALLOWED_HEADERS = (
    "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Last-Event-ID",
    "Profiles-Minimum-Revision",
)  # fmt: skip
"""Request headers that a page of another origin may send."""
EXPOSED_HEADERS = (
    "Content-Location", "ETag", "Idempotency-Replayed", "Link", "Location", "Profiles-Revision", "RateLimit",
    "RateLimit-Policy", "Retry-After", "WWW-Authenticate", "X-Request-ID",
)  # fmt: skip
"""Response headers that a page of another origin may read."""


class CrossOrigin(CORSMiddleware):
    """Starlette's CORS, but ``Vary: Origin`` is sent without an ``Origin`` too: a shared cache must not mix the responses."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        super().__init__(app, origins, ALLOWED_METHODS, ALLOWED_HEADERS, expose_headers=EXPOSED_HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or any(name == b"origin" for name, _ in scope["headers"]):
            await super().__call__(scope, receive, send)
            return

        async def send_varied(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"vary", b"Origin")]}
            await send(message)

        await self.app(scope, receive, send_varied)
