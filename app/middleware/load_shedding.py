"""Load shedding: a worker processes a limited number of requests at once and refuses the rest, so that none waits long.

A read from SQLite blocks the event loop until it is done (ADR 1). So requests queue up before their handlers start, where
counting running handlers would miss them. Each request therefore yields to the event loop once before it is processed: by
then, all requests that arrived meanwhile have been counted, and those that are too many have been refused.
"""

import asyncio

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors.limits import Overloaded
from app.http.error_handlers import problem_response
from app.http.request_state import request_state

UNLIMITED = frozenset(("/health/live", "/health/ready"))
"""Served under any load. Otherwise a busy server would be mistaken for a dead one."""
_REFUSAL_SECONDS = 0.1
"""The delay of a refusal. Many clients retry at once, and the worker must not spend all its time refusing them."""


class Load:
    """What one worker is busy with: the requests that it processes, and the clients that wait for changes."""

    def __init__(self, most_requests: int, most_waiting: int) -> None:
        self.most_requests = most_requests
        self.most_waiting = most_waiting
        self.requests = 0
        self.waiting = 0


class Slot:
    """What one request takes of the load until its response is sent."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._waits = False
        load.requests += 1

    def wait(self) -> None:
        """Count the request as waiting, which costs next to nothing. Raises Overloaded if too many wait already."""
        if self._waits:
            return
        if self._load.waiting >= self._load.most_waiting:
            raise Overloaded("Too many clients are waiting for changes. Try again in a moment.")
        self._load.requests -= 1
        self._load.waiting += 1
        self._waits = True

    def release(self) -> None:
        if self._waits:
            self._load.waiting -= 1
        else:
            self._load.requests -= 1


class LoadShedding:
    """Passes on as many requests as the worker can process, and responds to the others with a problem."""

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
