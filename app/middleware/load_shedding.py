"""Load shedding: a worker processes a limited number of requests at once and refuses the rest, so that none waits long.

A read from SQLite blocks the event loop until it is done (ADR 1). So requests queue up before their handlers start, where
counting running handlers would miss them. Each request therefore yields to the event loop once before it is processed: by
then, all requests that arrived meanwhile have been counted, and those that are too many have been refused.
"""

import asyncio

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.database.scans import CALLER, share_of_client
from app.errors.limits import Overloaded
from app.http.clients import client_of
from app.http.error_handlers import problem_response
from app.http.request_state import request_state

UNLIMITED = frozenset(("/health/live", "/health/ready"))
"""Served under any load. Otherwise a busy server would be mistaken for a dead one."""
_BODY = "body"
_WITHOUT_BODY = frozenset(("GET", "HEAD"))
_REFUSAL_SECONDS = 0.1
"""The delay of a refusal. Many clients retry at once, and the worker must not spend all its time refusing them."""


class Load:
    """What one worker is busy with: the requests that it processes, and those that only wait.

    Some wait for changes. Others stand aside: their body is on its way, or they queue for a place of an expensive read.
    """

    def __init__(self, most_requests: int, most_waiting: int) -> None:
        self.most_requests = most_requests
        self.most_waiting = most_waiting
        self.requests = 0
        self.waiting: list[str] = []
        """The client of each request that waits for changes."""
        self.aside: list[tuple[str, str]] = []
        """The client and the kind of each request that stands aside."""

    def require_room_to_wait(self, client: str) -> None:
        """Raises Overloaded if too many wait for changes: in all, or of one client, which may be three quarters."""
        most = self.most_waiting
        if len(self.waiting) >= most:
            raise Overloaded("Too many clients are waiting for changes. Try again in a moment.")
        if self.waiting.count(client) >= share_of_client(most):
            raise Overloaded("Too many requests of this client are waiting for changes. Close one, or try again in a moment.")

    def require_room_aside(self, client: str, kind: str) -> None:
        """Raises Overloaded if too many stand aside: in all, of one client, or of one kind.

        Queries that queue hold parsed bodies, so there may be as many of a kind as requests; bodies on their way hold little.
        """
        most = self.most_requests
        of_client = sum(other == client for other, _ in self.aside)
        of_kind = sum(other == kind for _, other in self.aside)
        is_full = len(self.aside) >= 4 * most or of_client >= 3 * most or of_kind >= (2 * most if kind == _BODY else most)
        if is_full or (kind == _BODY and self.aside.count((client, _BODY)) >= most):
            raise Overloaded("Too many requests like this one are waiting. Try again in a moment.")


class Slot:
    """What one request takes of the load until its response is sent. It is the ``Caller`` of the request's expensive reads."""

    def __init__(self, load: Load, scope: Scope, receive: Receive) -> None:
        self.client = client_of(scope)
        self._load = load
        self._receive = receive
        self._waits = False
        self._body_is_whole = False
        self._aside: tuple[str, str] | None = None
        load.requests += 1

    def wait(self) -> None:
        """Count the request as waiting, which costs next to nothing. Raises Overloaded if too many wait already."""
        if self._waits:
            return
        self._load.require_room_to_wait(self.client)
        self._load.requests -= 1
        self._load.waiting.append(self.client)
        self._waits = True

    def step_aside(self, kind: str) -> None:
        """Count the request as standing aside until ``step_back``. Raises Overloaded if too many do already."""
        if self._aside is None and not self._waits:
            self._load.require_room_aside(self.client, kind)
            self._load.requests -= 1
            self._aside = self.client, kind
            self._load.aside.append(self._aside)

    def step_back(self) -> None:
        if self._aside is not None:
            self._load.aside.remove(self._aside)
            self._load.requests += 1
            self._aside = None

    async def receive(self) -> Message:
        """A part of the body. The request stands aside until the body is whole; then it needs a slot again."""
        if self._body_is_whole:
            return await self._receive()
        self.step_aside(_BODY)
        message = await self._receive()
        if not message.get("more_body", False):
            self._body_is_whole = True
            if self._load.requests >= self._load.most_requests:
                raise Overloaded
            self.step_back()
        return message

    async def hung_up(self) -> None:
        """Return when the client closes its connection. Its body, if any, has been read by then."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def release(self) -> None:
        self.step_back()
        if self._waits:
            self._load.waiting.remove(self.client)
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
        slot = Slot(self._load, scope, receive)
        request_state(scope).begin_waiting = slot.wait
        CALLER.set(slot)
        try:
            await asyncio.sleep(0)
            await self.app(scope, receive if scope["method"] in _WITHOUT_BODY else slot.receive, send)
        finally:
            slot.release()
