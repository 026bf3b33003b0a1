"""What is refused of a body before an endpoint reads it."""

import asyncio

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors.reading import BodyTooLarge
from app.errors.writing import RequestTimeout
from app.http.error_handlers import problem_response

LARGEST_BODY = 65_536
"""Bytes, where a request is to have no body."""

_WITHOUT_BODY = frozenset(("DELETE", "GET", "HEAD", "OPTIONS"))


class NoBody:
    """Refuses a large body where the method takes none. Where one takes a body, http/request_body.py reads it up to a limit."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in _WITHOUT_BODY:
            length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
            if length.isdigit() and int(length) > LARGEST_BODY:
                problem = BodyTooLarge(
                    f"{scope['method']} takes no body, and at most {LARGEST_BODY:,} bytes of one are passed over."
                )
                await problem_response(Request(scope), problem)(scope, receive, send)
                return
        await self.app(scope, receive, send)


class BodyTimeout:
    """Raises RequestTimeout where nothing more of a body comes for so many seconds."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_whole = False

        async def receive_in_time() -> Message:
            nonlocal is_whole
            if is_whole:
                return await receive()  # which waits for the client to leave
            try:
                async with asyncio.timeout(self._seconds):
                    message = await receive()
            except TimeoutError:
                raise RequestTimeout(f"Nothing more of the body came for {self._seconds:g} seconds.") from None
            is_whole = not message.get("more_body", False)
            return message

        await self.app(scope, receive_in_time, send)
