"""Closed reads: a request without a valid API key learns nothing."""

import re
from collections.abc import Iterable

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.auth.access import actor_of
from app.auth.key import Scope as KeyScope
from app.http.error_handlers import EXPECTED, respond_to


class ClosedReads:
    """Asks for a key before anything else looks at a request: at its URL, its method, its parameters or its body.

    ``open_paths`` are the templates of the paths that need no key.
    """

    def __init__(self, app: ASGIApp, open_paths: Iterable[str]) -> None:
        self.app = app
        self._open = re.compile("|".join(_pattern(path) for path in open_paths))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self.app
        if scope["type"] == "http" and not self._open.fullmatch(scope["path"]):
            request = Request(scope)
            try:
                await actor_of(request, request.app.state.database.primary, KeyScope.READ)
            except EXPECTED as error:
                app = await respond_to(request, error)
        await app(scope, receive, send)


def _pattern(path: str) -> str:
    """The regular expression of a path's template. A parameter is one part of the path, ``{name:path}`` any number of them."""
    return re.sub(r"\\{[^}:]*\\}", "[^/]+", re.sub(r"\\{[^}]*:path\\}", ".+", re.escape(path)))
