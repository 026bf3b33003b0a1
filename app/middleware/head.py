"""HEAD as GET."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.request_state import request_state


class HeadAsGet:
    """Handles HEAD as GET without the body (RFC 9110, section 9.3.2), so every endpoint with GET supports it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        request_state(scope).is_head = True
        inner = {**scope, "method": "GET"}
        try:
            await self.app(inner, receive, send_without_body)
        finally:
            scope["route"] = inner.get("route")  # for the layers around this one
