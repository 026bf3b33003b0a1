"""The server process: a socket of our own, so that a taken port is said plainly, and uvicorn on it."""

import errno
import os
import signal
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from app.settings import Settings


class PortTaken(Exception):
    """The address cannot be listened on; the message says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A bound socket. Raises PortTaken."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        raise PortTaken(_reason(error, host, port)) from None
    return listener


def _reason(error: OSError, host: str, port: int) -> str:
    if isinstance(error, socket.gaierror):
        return f"{host!r} is no address of this machine; set --host or PROFILES_HOST"
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use by another program; stop it, or choose another port with --port or PROFILES_PORT"
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights than this user has; choose one above 1023 with --port or PROFILES_PORT"
    return f"cannot listen on {host} port {port}: {os.strerror(error.errno or 0)}"


def configure(app: str | ASGIApp, settings: Settings) -> uvicorn.Config:
    """How uvicorn serves the application: as a factory by name in worker processes, or as it is."""
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=settings.workers,
        log_level=settings.log_level,
        server_header=False,
        timeout_graceful_shutdown=30,
    )


def run(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM. Requests in flight are finished first."""
    listener = listen(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    announce(f"http://{shown}:{port}")
    config = configure("app.main:create_app", settings)
    # uvicorn raises the signal that ended it once more; it did its work, so the process ends with 0.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    if settings.workers > 1:
        Multiprocess(config, sockets=[listener]).run()
    else:
        uvicorn.Server(config).run(sockets=[listener])
