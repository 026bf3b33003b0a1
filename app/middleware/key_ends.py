"""Ends what was opened with an API key when the key does: event streams, long polls, downloads and uploads under way."""

import asyncio
import logging

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.auth.in_use import KeysInUse
from app.auth.key import KeyRecord
from app.errors.problem import note_logged
from app.errors.writing import Unauthenticated
from app.http.error_handlers import problem_response
from app.http.request_state import request_state

logger = logging.getLogger("app")


class KeyEnded(Exception):
    """Closes the connection in the middle of a response."""


class EndsWithKey:
    """Watches the key of a request while the application waits for its client: for more of a body, or to disconnect.

    When the key ends, the application sees a disconnected client, and so releases all that it holds. A write
    no longer waits for its client once it has the whole body, so none is cut off between its commit and its response.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await _Watched(scope, receive, send).run(self.app)
        else:
            await self.app(scope, receive, send)


class _Watched:
    """One request."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._state = request_state(scope)
        self._has_ended = False
        self._headers: dict[bytes, bytes] | None = None
        self._is_complete = False

    async def run(self, app: ASGIApp) -> None:
        await app(self._scope, self.receive, self.send)
        if self._has_ended and not self._is_complete:
            await self._end()

    async def receive(self) -> Message:
        key = self._state.key
        if self._has_ended or not isinstance(key, KeyRecord):
            return {"type": "http.disconnect"} if self._has_ended else await self._receive()
        keys: KeysInUse = self._scope["app"].state.keys_in_use
        with keys.watching(key) as ended:
            received = asyncio.ensure_future(self._receive())
            try:
                await asyncio.wait((received, ended), return_when=asyncio.FIRST_COMPLETED)
                if received.done():
                    return received.result()
            finally:
                received.cancel()
        self._has_ended = True
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if self._has_ended:
            return
        if message["type"] == "http.response.start":
            self._headers = dict(message["headers"])
        else:
            self._is_complete = not message.get("more_body", False)
        await self._send(message)

    async def _end(self) -> None:
        """A problem if nothing was sent yet. An event stream ends properly. A list would then look complete, so it is cut."""
        logger.info("request %s ended with its API key", self._state.request_id)
        if self._headers is None:
            problem = Unauthenticated("The API key has expired or was revoked during the request.", error="invalid_token")
            await problem_response(Request(self._scope), problem)(self._scope, self._receive, self._send)
        elif self._headers.get(b"content-type", b"").startswith(b"text/event-stream"):
            await self._send({"type": "http.response.body", "body": b""})
        else:
            error = KeyEnded()
            note_logged(error, self._state.request_id)
            raise error
