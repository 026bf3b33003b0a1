"""Each request as observed from outside: the request and its response."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.request_state import RequestState, request_state, route_of

_TRACEPARENT = re.compile(rb"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")
"""https://www.w3.org/TR/trace-context/#traceparent-header. A version after 00 may go on after the flags."""


def sent_trace_id(scope: Scope) -> str | None:
    """The trace that the client says a request is part of, as 32 hexadecimal digits; None where it says so wrongly or not."""
    sent = [value for name, value in scope["headers"] if name == b"traceparent"]
    found = _TRACEPARENT.fullmatch(sent[0]) if len(sent) == 1 else None
    if found is None or (found[2] and sent[0].startswith(b"00")):
        return None
    return found[1].decode()


@dataclass(slots=True)
class ObservedRequest:
    """A request in progress or finished. ``status`` is None until the response begins; ``size`` is that of its body, in bytes."""

    scope: Scope
    state: RequestState
    method: str
    client: str | None
    began: float = field(default_factory=time.perf_counter)
    status: int | None = None
    size: int = 0
    seconds: float = 0.0

    @property
    def path(self) -> str:
        """As it was sent, in ASCII and without the query."""
        raw: bytes = self.scope.get("raw_path") or self.scope["path"].encode()
        return raw.partition(b"?")[0].decode("ascii", "backslashreplace")

    @property
    def route(self) -> str | None:
        return self.state.route or route_of(self.scope)

    @property
    def trace_id(self) -> str | None:
        return self.state.trace_id or sent_trace_id(self.scope)


class Observer(Protocol):
    """Observes every request."""

    def begin(self) -> None: ...

    def end(self, request: ObservedRequest) -> None: ...


class ObservedRequests:
    """Notifies observers of every request, including those served from the cache. It wraps everything else."""

    def __init__(self, app: ASGIApp, observers: Sequence[Observer]) -> None:
        self.app = app
        self._observers = observers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        client = scope.get("client")
        # What the server put in place is taken now: an application may change the scope.
        request = ObservedRequest(scope, request_state(scope), scope["method"], client[0] if client else None)

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                request.status = message["status"]
            else:
                request.size += len(message.get("body", b""))
            await send(message)

        for observer in self._observers:
            observer.begin()
        try:
            await self.app(scope, receive, send_counted)
        except Exception:
            request.status = request.status or 500
            raise
        finally:
            request.seconds = time.perf_counter() - request.began
            for observer in self._observers:
                observer.end(request)
