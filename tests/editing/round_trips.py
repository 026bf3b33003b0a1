"""A TCP proxy on loopback that notes what goes through it, to count round trips between the program and PostgreSQL."""

import socket
import threading
import time
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
def watched(port: int, delay: float = 0.0) -> Iterator[tuple[int, Wire]]:
    """A port that leads to another one of this machine, and what goes through it.

    Responses are delayed by so many seconds, so that what is sent without waiting for one counts as one request.
    """
    wire = Wire()
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve, args=(listener, port, wire, delay), daemon=True).start()
    with listener:
        yield listener.getsockname()[1], wire


def _serve(listener: socket.socket, port: int, wire: Wire, delay: float) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            server = socket.create_connection(("127.0.0.1", port))
            for arguments in ((client, server, wire, True, 0.0), (server, client, wire, False, delay)):
                threading.Thread(target=_forward, args=arguments, daemon=True).start()


def _forward(source: socket.socket, target: socket.socket, wire: Wire, is_request: bool, delay: float) -> None:  # noqa: FBT001
    with source, suppress(OSError):
        while part := source.recv(_CHUNK):
            time.sleep(delay)
            wire.note(part, is_request=is_request)
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)
