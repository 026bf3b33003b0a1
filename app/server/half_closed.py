"""Clients that end their side of the connection after the request, as ``nc -N`` does, and still read the response."""

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from app.server.messages import BoundedProtocol, notes_on

_FIRST_PROBE_SECONDS = 1.0
_PROBE_SECONDS = 0.25


class HalfClosedProtocol(BoundedProtocol):
    """Responds to complete requests although the client sends nothing more. uvicorn would close the connection.

    A client that has gone looks the same until something is sent to it. So while a response has not begun, ``100 Continue`` is
    sent, which HTTP/1.1 allows at any time: the system of a client that has gone rejects it, and the request ends.
    """

    def eof_received(self) -> bool | None:  # type: ignore[override]
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete or self._is_in_body or notes_on(cycle).is_endless:
            return False
        cycle.keep_alive = False
        cycle.transport = self.transport
        self.loop.call_later(_FIRST_PROBE_SECONDS, self._probe)
        return True

    def _probe(self) -> None:
        cycle = self.cycle
        if cycle.response_complete or self.transport.is_closing():
            return
        if not self.pipeline and not cycle.response_started and cycle.scope["http_version"] == "1.1":
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.loop.call_later(_PROBE_SECONDS, self._probe)
