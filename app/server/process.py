"""The server process: its socket, and uvicorn on it. The socket is our own so that a port in use gets a clear message."""

import errno
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from importlib import import_module
from multiprocessing import parent_process
from multiprocessing.connection import wait
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from app.operations.monitoring.logs import log_configuration
from app.server.timeouts import timed_protocol
from app.settings import Settings

APPLICATION = "app.server.worker:create_application"
"""By name, because worker processes import it themselves."""
BACKLOG = 2048
"""Connections that may wait to be accepted: uvicorn's default."""
_ACCEPTED_AT_ONCE = 8


class PortTaken(Exception):
    """The server cannot listen on its host and port. The message says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Connections wait until a server runs on it. Raises PortTaken."""
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        both = family == socket.AF_INET6 and socket.has_dualstack_ipv6()
        return socket.create_server(place, family=family, backlog=BACKLOG, dualstack_ipv6=both)
    except (OSError, UnicodeError) as error:
        raise PortTaken(_reason(error, host, port)) from None


def _reason(error: OSError | UnicodeError, host: str, port: int) -> str:
    if isinstance(error, UnicodeError | socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"{host!r} is not an address of this machine; set --host or PROFILES_HOST"
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use by another program; stop it, or choose another port with --port or PROFILES_PORT"
    if error.errno == errno.EACCES:
        return f"port {port} needs more privileges than this user has; choose one above 1023 with --port or PROFILES_PORT"
    return f"cannot listen on {host} port {port}: {os.strerror(error.errno or 0)}"


def duplicates(listener: socket.socket) -> list[socket.socket]:
    """Duplicates of the socket, for a server to listen on all of them.

    The event loop accepts one connection per socket and iteration (libuv since its pull request 3696), and serves the
    accepted ones in between: of 32 clients that connected at once, the last waited ten times as long as the first.
    """
    return [listener, *(listener.dup() for _ in range(_ACCEPTED_AT_ONCE - 1))]


def configure(app: str | ASGIApp, settings: Settings, logs: Mapping[str, Any] | None = None) -> uvicorn.Config:
    """The configuration of uvicorn, for an application or the name of its factory. Without ``logs``, logging stays as it is."""
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=settings.workers,
        log_config=dict(logs) if logs is not None else None,
        log_level=settings.log_level,
        access_log=False,  # the application writes its own
        server_header=False,
        proxy_headers=False,  # the application reads them (app/middleware/proxies.py)
        ws="none",
        http=timed_protocol(settings.client_wait_seconds),
        timeout_graceful_shutdown=30,
    )


def server_url(host: str, port: int) -> str:
    """The URL by which this machine reaches a server that listens on a host and port."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"


def exit_on_signals() -> None:
    """SIGINT and SIGTERM end the process with 0 at any time. A transaction in progress is rolled back.

    uvicorn handles both while it serves, and raises the one that ended it again afterwards.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))


def load_application(settings: Settings) -> None:
    """Import the application early, if this process will serve it. Worker processes import it themselves."""
    if settings.workers == 1:
        import_module("app.main")


def exit_with_parent() -> None:
    """End a worker process when its parent was killed. It would otherwise continue to serve and hold the port."""
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def run(settings: Settings, listener: socket.socket, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM, then finish the requests in flight."""
    host, port = listener.getsockname()[:2]
    announce(server_url(host, port))
    config = configure(APPLICATION, settings, log_configuration(settings))
    if settings.workers > 1:
        Multiprocess(config, sockets=duplicates(listener)).run()
    else:
        uvicorn.Server(config).run(sockets=duplicates(listener))
