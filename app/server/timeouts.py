"""Time limits on clients: a connection without progress is closed, which frees what it holds.

uvicorn limits only the time between two requests. A client that sends half a header, or stops reading a long response,
would hold its connection forever, and with a streamed list also the database snapshot that it is read from.
"""

import asyncio
from functools import partial
from typing import Any, Protocol, cast

from uvicorn import Config
from uvicorn.server import ServerState

from app.errors.problem import Problem
from app.server.half_closed import HalfClosedProtocol


class _Abortable(Protocol):
    def abort(self) -> None: ...


class _Deadline:
    """Aborts a connection unless it is stopped in time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._handle: asyncio.TimerHandle | None = None

    def start(self, transport: _Abortable) -> None:
        """Does nothing if it is already running."""
        if self._handle is None:
            self._handle = asyncio.get_running_loop().call_later(self._seconds, transport.abort)

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None


class TimedProtocol(HalfClosedProtocol):
    """uvicorn's HTTP with two limits in seconds: on receiving a whole header, and on the time that a client reads nothing.

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
        self._reading = _Deadline(seconds)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._header.start(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._header.stop()
        self._reading.stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        is_waiting = getattr(self.cycle, "response_complete", True)  # neither a whole header nor part of a request in progress
        if is_waiting and not self._has_refused:
            self._header.start(self.transport)

    def on_headers_complete(self) -> None:
        self._header.stop()
        super().on_headers_complete()

    def refuse(self, problem: Problem) -> None:
        self._header.stop()
        super().refuse(problem)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._reading.start(self.transport)

    def resume_writing(self) -> None:
        self._reading.stop()
        super().resume_writing()
        self._limit_closing()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._limit_closing()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._limit_closing()

    def _limit_closing(self) -> None:
        """A closing connection waits until the client has read the rest of the response, which it may never do."""
        if self.transport.is_closing():
            self._reading.start(self.transport)


def timed_protocol(seconds: float) -> type[asyncio.Protocol]:
    """A factory of the protocol for uvicorn. Unlike a class made here, it can be sent to worker processes."""
    return cast("type[asyncio.Protocol]", partial(TimedProtocol, seconds=seconds))
