"""Request IDs and security headers."""

import itertools
import uuid

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.request_state import request_state

API_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", API_POLICY.encode()),
)

_random = uuid.uuid4()
_IDENTITY = str(_random)[:-12]
_numbers = itertools.count(10**11 + _random.node % 10**11)


def new_request_id() -> str:
    """A UUID: random for the process, then a number. A random UUID per request would cost as much as a cache hit.

    The number is its last twelve digits, in decimal, because formatting hexadecimal takes twice as long.
    """
    return f"{_IDENTITY}{next(_numbers)}"


class RequestIdentity:
    """Gives each request an ID, which the response, its problem and the log name; and each response the security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = request_state(scope).request_id = new_request_id()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                given = {name for name, _ in headers}
                added = [header for header in _SECURITY_HEADERS if header[0] not in given]
                message = {**message, "headers": [*headers, *added, (b"x-request-id", request_id.encode())]}
            await send(message)

        await self.app(scope, receive, send_with_headers)
