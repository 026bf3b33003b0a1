"""Refusals decided before a request reaches the layers of every response: by the rate limits, and by the server."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.http.error_handlers import problem_response
from app.http.request_state import request_state


class Refusals:
    """Responds to refused requests. As an inner layer, so that the problem has a request ID and CORS headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = request_state(scope).refusal if scope["type"] == "http" else None
        app = self.app if refusal is None else problem_response(Request(scope), refusal)
        await app(scope, receive, send)
