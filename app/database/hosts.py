"""The hosts of PostgreSQL that this process has connections to: which of them do not respond.

A server that died refuses its clients. A frozen one (a stopped process, a stalled host) says nothing, and its kernel keeps the
connections open. So a connection that hears nothing for a moment has its host asked for a new connection, in a thread. If
the host does not respond to that either, everything that waits for it ends with an error that counts as a lost connection
(app/database/waiting.py): the pools drop their connections to it, and the next host is asked.
"""

import logging
import math
import threading
from collections.abc import Mapping
from time import monotonic
from typing import Any, NamedTuple

RESPONSE_SECONDS = 2
"""How long a host that is asked may take. psycopg waits no shorter."""
SHUTDOWN_SECONDS = 25.0
"""How long after SIGTERM a connection still waits: the server ends its requests five seconds later, without a response."""
_CONNECTING_SECONDS = 10.0
"""So long before that, connections are no longer opened: to try every host takes time."""
_AVOIDED_SECONDS = 30.0
_PAUSE_SECONDS = 1.0
"""A host is asked at most this often."""

logger = logging.getLogger("app")


class Host(NamedTuple):
    """Where a connection leads to, as the URL names it."""

    host: str
    port: str


class Hosts:
    """The hosts that the connections of this process lead to: which of them did not respond, and when."""

    def __init__(self) -> None:
        self._left: dict[Host, float] = {}
        self._asked: dict[Host, float] = {}
        self._avoided: dict[Host, float] = {}
        self._ends_at = math.inf

    def end_soon(self) -> None:
        """The process received the signal to end."""
        self._ends_at = min(self._ends_at, monotonic() + SHUTDOWN_SECONDS)

    def go_on(self) -> None:
        """The process does not end after all: only the application did."""
        self._ends_at = math.inf

    @property
    def is_over(self) -> bool:
        """Whether nothing may be waited for any more."""
        return monotonic() >= self._ends_at

    @property
    def is_closed(self) -> bool:
        """Whether no connection may be opened any more."""
        return monotonic() >= self._ends_at - _CONNECTING_SECONDS

    def is_left(self, host: Host, since: float) -> bool:
        """Whether the host did not respond at some time after ``since``."""
        return self._left.get(host, -math.inf) > since

    def leave(self, host: Host) -> None:
        """Note that a host did not respond."""
        self._left[host] = monotonic()
        self.avoid(host)

    def avoid(self, host: Host) -> None:
        """Try a host last for a while, and not for long."""
        self._avoided[host] = monotonic() + _AVOIDED_SECONDS

    def find(self, host: Host) -> None:
        """Note that a host does respond."""
        self._avoided.pop(host, None)

    def in_order(self, parameters: Mapping[str, Any]) -> list[tuple[Host, dict[str, Any]]]:
        """The hosts of libpq's parameters with those of each alone, in their order. Those that did not respond come last."""
        names, ports = (str(parameters.get(name) or "").split(",") for name in ("host", "port"))
        hosts = [Host(*pair) for pair in zip(names, ports * len(names) if len(ports) == 1 else ports, strict=True)]
        now = monotonic()
        avoided = {host for host in hosts if self._avoided.get(host, 0.0) > now}
        found = []
        for host in sorted(hosts, key=avoided.__contains__):
            alone = {**parameters, **{name: value for name, value in host._asdict().items() if value}}
            found.append((host, alone | {"connect_timeout": RESPONSE_SECONDS} if host in avoided else alone))
        return found

    def ask(self, host: Host, parameters: Mapping[str, Any]) -> None:
        """Find out in a thread whether a host responds, unless it was asked just now. Returns immediately."""
        now = monotonic()
        if now - self._asked.get(host, -math.inf) >= _PAUSE_SECONDS + RESPONSE_SECONDS:
            self._asked[host] = now
            threading.Thread(target=self._find_out, args=(host, parameters), name="host", daemon=True).start()

    def _find_out(self, host: Host, parameters: Mapping[str, Any]) -> None:
        from psycopg import Connection, Error  # noqa: PLC0415 - the driver of one engine, which is optional
        from psycopg.errors import ConnectionTimeout  # noqa: PLC0415

        try:
            Connection.connect("", **parameters).close()
        except ConnectionTimeout:
            self.leave(host)
            logger.warning("database server does not respond, its connections are closed: %s:%s", host.host, host.port)
        except Error:
            pass  # it does respond: it refuses, it is full, it is starting
        self._asked[host] = monotonic() - RESPONSE_SECONDS


HOSTS = Hosts()
"""Shared by all databases of the process: what a health check finds out ends the wait of a writer too."""
