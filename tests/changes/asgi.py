"""One request to the application without a server between, so that a test sees who waits and can hang up."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
from starlette.types import ASGIApp, Message

from app.main import create_app
from app.middleware.cache import ResponseCache
from app.revisions.current import CurrentRevision
from tests.databases import settings_for

Json = dict[str, Any]


class Call:
    """A GET under way. ``hang_up`` is what the server hears when the client closes the connection."""

    def __init__(self, app: ASGIApp, path: str, query: str = "") -> None:
        self._gone = asyncio.Event()
        self._body_given = False
        self.status = 0
        self.body = b""
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(b"host", b"api.example")], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {},
        }  # fmt: skip
        self.task = asyncio.ensure_future(app(scope, self._receive, self._send))

    async def _receive(self) -> Message:
        if not self._body_given:
            self._body_given = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")

    def hang_up(self) -> None:
        self._gone.set()

    async def finished(self) -> Json:
        """The answer's JSON."""
        await asyncio.wait_for(self.task, 30)
        content: Json = orjson.loads(self.body)
        return content


@asynccontextmanager
async def application(url: str) -> AsyncIterator[tuple[ASGIApp, CurrentRevision]]:
    """The application on a database, behind its cache, from its start to its end."""
    app = create_app(settings_for(url))
    async with app.router.lifespan_context(app):
        yield ResponseCache(app, app.state, most_bytes=1_000_000), app.state.current_revision


async def until(condition: Callable[[], bool]) -> None:
    """Lets others go on until something holds."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.005)
