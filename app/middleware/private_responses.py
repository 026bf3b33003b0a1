"""Responses that needed an API key stay private."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.request_state import request_state


class PrivateResponses:
    """Forbids caches to serve a response that needed an API key to anyone else (RFC 9111, section 3.5).

    A shared cache may not store it, and a browser may not reuse it with another key.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = request_state(scope)

        async def send_private(message: Message) -> None:
            if message["type"] == "http.response.start" and state.is_private:
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Authorization")
                if "no-store" not in headers.get("cache-control", ""):
                    headers["Cache-Control"] = "private, no-cache"
            await send(message)

        await self.app(scope, receive, send_private)
