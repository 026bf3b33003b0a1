"""Limits on request bodies before an endpoint reads them."""

import asyncio
import time

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors.reading import BodyTooLarge
from app.errors.writing import RequestTimeout
from app.http.error_handlers import problem_response
from app.http.request_state import request_state

LARGEST_BODY = 65_536
"""Bytes that a request may have as its body though the method has none."""

_SLOWEST = 1000
"""Bytes per second, on average, after the first seconds. Otherwise a body could arrive one byte at a time for hours."""
_WITHOUT_BODY = frozenset(("DELETE", "GET", "HEAD", "OPTIONS"))


class NoBody:
    """Refuses a large body if the method has none. For the other methods, app/http/request_body.py sets the limit."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in _WITHOUT_BODY:
            length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
            if length.isdigit() and int(length) > LARGEST_BODY:
                problem = BodyTooLarge(f"{scope['method']} has no body; at most {LARGEST_BODY:,} bytes are ignored.")
                await problem_response(Request(scope), problem)(scope, receive, send)
                return
        await self.app(scope, receive, send)


class BodyTimeout:
    """Raises RequestTimeout if a body stops arriving or arrives too slowly, and what the server refuses it for."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        state = request_state(scope)
        is_whole, size, began = False, 0, time.monotonic()

        async def receive_in_time() -> Message:
            nonlocal is_whole, size
            if is_whole:
                return await receive()  # waits for the client to disconnect
            left = began + 3 * self._seconds + size / _SLOWEST - time.monotonic()
            try:
                async with asyncio.timeout(min(self._seconds, left)):
                    message = await receive()
            except TimeoutError:
                if left < self._seconds:
                    raise RequestTimeout(f"The body arrived at less than {_SLOWEST:,} bytes per second.") from None
                raise RequestTimeout(f"No more of the body arrived for {self._seconds:g} seconds.") from None
            if state.refusal is not None:
                raise state.refusal
            size += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            return message

        await self.app(scope, receive_in_time, send)
