"""The identifier of a request and the security headers of its response."""

import itertools
import uuid

from starlette.types import ASGIApp, Message, Receive, Scope, Send

API_POLICY = "default-src 'none'; frame-ancestors 'none'"

_SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", API_POLICY.encode()),
)

_random = uuid.uuid4()

_IDENTITY = str(_random)[:-12]

_numbers = itertools.count(10**11 + _random.node % 10**11)


def new_request_id() -> str:
    """A UUID, of this process and numbered within it: making a random one costs as much as serving a cached answer.

    The number is its last twelve digits, which are decimal ones: those are written in half the time.
    """
    return f"{_IDENTITY}{next(_numbers)}"


class RequestIdentity:
    """Gives each request an identifier, which its answer, its problems and the log carry; and the security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = new_request_id()
        scope["profiles.request_id"] = request_id

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                given = {name for name, _ in headers}
                added = [header for header in _SECURITY_HEADERS if header[0] not in given]
                message = {**message, "headers": [*headers, *added, (b"x-request-id", request_id.encode())]}
            await send(message)

        await self.app(scope, receive, send_with_headers)
