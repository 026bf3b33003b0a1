"""Shedding load: a worker takes so many requests at once, and refuses more rather than let all of them wait.

SQLite's reads hold the event loop from beginning to end (ADR 1). So what waits there is not in the handlers but
before them, and nothing that counts handlers would ever see it. Each request therefore lets the loop go round once before
it is worked on: by then all that came meanwhile are counted, and those that are too many have been told so.
"""

import asyncio

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors.limits import Overloaded
from app.http.error_handlers import problem_response
from app.http.request_state import request_state

UNLIMITED = frozenset(("/health/live", "/health/ready"))
"""What is answered however much there is to do: otherwise a busy server would be taken for a dead one."""


_REFUSAL_SECONDS = 0.1
"""After which a request is refused. Many clients ask again at once, and refusing them would be all that the worker does."""


class Load:
    """What one worker has taken: requests that it works on, and clients that wait for changes."""

    def __init__(self, most_requests: int, most_waiting: int) -> None:
        self.most_requests = most_requests
        self.most_waiting = most_waiting
        self.requests = 0
        self.waiting = 0


class Slot:
    """What one request takes of the load until it is answered."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._waits = False
        load.requests += 1

    def wait(self) -> None:
        """From now on the request waits, and costs next to nothing. Raises Overloaded where as many wait as may."""
        if self._waits:
            return
        if self._load.waiting >= self._load.most_waiting:
            raise Overloaded("As many clients wait for changes as this server lets. Try again soon.")
        self._load.requests -= 1
        self._load.waiting += 1
        self._waits = True

    def release(self) -> None:
        if self._waits:
            self._load.waiting -= 1
        else:
            self._load.requests -= 1


class LoadShedding:
    """Takes as many requests as it may, and answers the others with a problem."""

    def __init__(self, app: ASGIApp, load: Load) -> None:
        self.app = app
        self._load = load

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in UNLIMITED:
            await self.app(scope, receive, send)
            return
        if self._load.requests >= self._load.most_requests:
            await asyncio.sleep(_REFUSAL_SECONDS)
            await problem_response(Request(scope), Overloaded())(scope, receive, send)
            return
        slot = Slot(self._load)
        request_state(scope).begin_waiting = slot.wait
        try:
            await asyncio.sleep(0)
            await self.app(scope, receive, send)
        finally:
            slot.release()
