"""A TCP proxy on loopback that notes what goes through it, to count round trips between the program and PostgreSQL."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK = 1 << 20


class Wire:
    """What was sent, in order: requests, each with what was sent before a response came."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self._is_answered = True
        self._lock = threading.Lock()

    def note(self, part: bytes, *, is_request: bool) -> None:
        with self._lock:
            if is_request and self._is_answered:
                self.requests.append(part)
            elif is_request:
                self.requests[-1] += part
            self._is_answered = not is_request

    def round_trips_from(self, lock: bytes) -> int:
        """Those after the request that asked for the lock, the commit among them."""
        [position] = [number for number, request in enumerate(self.requests) if lock in request]
        [end] = [number for number, request in enumerate(self.requests) if b"COMMIT\x00" in request]
        return end - position


@contextmanager
def watched(port: int) -> Iterator[tuple[int, Wire]]:
    """A port that leads to another one of this machine, and what goes through it."""
    wire = Wire()
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve, args=(listener, port, wire), daemon=True).start()
    with listener:
        yield listener.getsockname()[1], wire


def _serve(listener: socket.socket, port: int, wire: Wire) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            server = socket.create_connection(("127.0.0.1", port))
            for source, target, is_request in ((client, server, True), (server, client, False)):
                threading.Thread(target=_forward, args=(source, target, wire, is_request), daemon=True).start()


def _forward(source: socket.socket, target: socket.socket, wire: Wire, is_request: bool) -> None:  # noqa: FBT001
    with suppress(OSError):
        while part := source.recv(_CHUNK):
            wire.note(part, is_request=is_request)
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)
