"""What is noted about a request while it is handled. Layers write here what other layers, endpoints and monitoring read."""

from collections.abc import Callable
from typing import Literal

from starlette.types import Scope

from app.errors.problem import Problem

_KEY = "profiles"


class RequestState:
    """The notes on one request. The defaults are class attributes, because that is the cheapest object to create."""

    request_id: str | None = None
    trace_id: str | None = None
    """The OpenTelemetry trace that the request is part of."""
    public_url_mark: str = ""
    """What marks ETags of responses whose URLs are not those of this server alone, but of a proxy in front of it."""
    is_head: bool = False
    """Whether the client sent HEAD. Endpoints see GET."""
    refusal: Problem | None = None
    """Set if the rate limits or the server refuse the request. The problem is sent from within the other layers."""
    is_endless: bool = False
    """Whether the response is a stream that only the client ends."""
    begin_waiting: Callable[[], None] = staticmethod(lambda: None)
    """Counts the request as waiting for changes, no longer as being processed. Raises Overloaded (load_shedding.py)."""
    cache: Literal["hit", "miss"] | None = None
    """None if the cache did not handle the request."""
    route: str | None = None
    """The route template of a cached response."""
    key: object = None
    """The valid API key that was sent, as app/auth stores it."""
    key_name: str | None = None
    """The name of the valid API key that was sent."""
    is_private: bool = False
    """Whether the response needed an API key."""


def request_state(scope: Scope) -> RequestState:
    """The notes on a request. Copies of its scope share them, if they are made after the first call."""
    state: RequestState | None = scope.get(_KEY)
    if state is None:
        state = scope[_KEY] = RequestState()
    return state


def route_of(scope: Scope) -> str | None:
    """The route template that matched, such as ``/v1/companies/{company}``; None if no route matches."""
    route = getattr(scope.get("route"), "path", None)
    if route is None and "endpoint" in scope and not scope.get("path_params"):
        return str(scope["path"])  # a page of FastAPI's own, such as /openapi.json
    return route
