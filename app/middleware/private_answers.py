"""Responses that a key was needed for stay private."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as ConnectionScope


class PrivateAnswers:
    """Keeps an answer that a key was needed for from whoever has none (RFC 9111, section 3.5).

    A shared cache may not store it, and a client's own one may not give it to another key.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: ConnectionScope, receive: Receive, send: Send) -> None:
        state = scope.setdefault("state", {})

        async def send_private(message: Message) -> None:
            if message["type"] == "http.response.start" and state.get("answer_is_private"):
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Authorization")
                if "no-store" not in headers.get("cache-control", ""):
                    headers["Cache-Control"] = "private, no-cache"
            await send(message)

        await self.app(scope, receive, send_private)
