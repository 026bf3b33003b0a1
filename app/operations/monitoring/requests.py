"""Each request as it is seen from outside: what was asked for, and how it was answered."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_TRACEPARENT = re.compile(rb"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")
"""https://www.w3.org/TR/trace-context/#traceparent-header. A version after 00 may go on after the flags."""


def route_of(scope: Scope) -> str | None:
    """The template of the address that was asked for, such as ``/v1/companies/{company}``; None where nothing is there."""
    route = getattr(scope.get("route"), "path", None)
    if route is None and "endpoint" in scope and not scope.get("path_params"):
        return str(scope["path"])  # a page of the framework's own, such as /openapi.json
    return route


def sent_trace_id(scope: Scope) -> str | None:
    """The trace that the client says a request is part of, as 32 hexadecimal digits; None where it says so wrongly or not."""
    sent = [value for name, value in scope["headers"] if name == b"traceparent"]
    found = _TRACEPARENT.fullmatch(sent[0]) if len(sent) == 1 else None
    if found is None or (found[2] and sent[0].startswith(b"00")):
        return None
    return found[1].decode()


@dataclass(slots=True)
class ObservedRequest:
    """A request under way or answered. ``status`` is None until an answer begins; ``size`` is of its body, in bytes."""

    scope: Scope
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
        kept = self.scope.get("profiles.kept")
        return kept.route if kept is not None else route_of(self.scope)

    @property
    def cache(self) -> Literal["hit", "miss"] | None:
        """None where the answer was not to come from the cache."""
        if "profiles.kept" not in self.scope:
            return None
        return "miss" if self.scope["profiles.kept"] is None else "hit"

    @property
    def request_id(self) -> str | None:
        found: str | None = self.scope.get("profiles.request_id")
        return found

    @property
    def key_name(self) -> str | None:
        """Whose key was sent, where it is a key of this server."""
        found: str | None = self.scope.get("state", {}).get("key_name")
        return found

    @property
    def trace_id(self) -> str | None:
        return self.scope.get("profiles.trace_id") or sent_trace_id(self.scope)


class Observer(Protocol):
    """Is told of every request."""

    def begin(self) -> None: ...

    def end(self, request: ObservedRequest) -> None: ...


class ObservedRequests:
    """Tells observers of every request, also of those that the cache answers. Around everything else."""

    def __init__(self, app: ASGIApp, observers: Sequence[Observer]) -> None:
        self.app = app
        self._observers = observers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        client = scope.get("client")
        scope.setdefault("state", {})
        # What the server put in place is taken now: an application may change the scope.
        request = ObservedRequest(scope, scope["method"], client[0] if client else None)

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
