"""Time limits on clients: what is begun must go on, or the connection is given up and what it holds with it.

uvicorn itself limits only the time between two requests. A client that sends half a header, or takes no more of a long
answer, would keep its connection for ever, and with a stream of a whole list the snapshot that it is read from.
"""

import asyncio
from functools import partial
from typing import Any, Protocol, cast

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState


class _Abortable(Protocol):
    def abort(self) -> None: ...


class _Deadline:
    """Ends a connection at once, unless it is called off in time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._handle: asyncio.TimerHandle | None = None

    def start(self, transport: _Abortable) -> None:
        """Does nothing where it runs already."""
        if self._handle is None:
            self._handle = asyncio.get_running_loop().call_later(self._seconds, transport.abort)

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None


class TimedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP with two limits, each of so many seconds: on the whole header, and on how long a client takes nothing.

    The rest of a body has its limit in ``BodyTimeout``, which can respond with a problem.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        seconds: float,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._header = _Deadline(seconds)
        self._taking = _Deadline(seconds)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._header.start(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._header.stop()
        self._taking.stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if getattr(self.cycle, "response_complete", True):  # what came was no whole header, nor part of a request under way
            self._header.start(self.transport)

    def on_headers_complete(self) -> None:
        self._header.stop()
        super().on_headers_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._taking.start(self.transport)

    def resume_writing(self) -> None:
        self._taking.stop()
        super().resume_writing()
        self._limit_closing()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._limit_closing()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._limit_closing()

    def _limit_closing(self) -> None:
        """A connection is closed once the client has taken the rest of the answer, which it may never do."""
        if self.transport.is_closing():
            self._taking.start(self.transport)


def timed_protocol(seconds: float) -> type[asyncio.Protocol]:
    """The protocol with a limit, for uvicorn: something that makes one, and that worker processes can be given."""
    return cast("type[asyncio.Protocol]", partial(TimedProtocol, seconds=seconds))
