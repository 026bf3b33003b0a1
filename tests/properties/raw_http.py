"""Requests as bytes over a socket, for what a well-behaved client refuses to send."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.parser import Parser
from typing import Any
from urllib.parse import urlsplit

from tests.server import RunningServer

SECRETS = ("Traceback", "sqlalchemy", "sqlite3", "psycopg", "SELECT", "/app/", "site-packages")
"""What would tell that the inside of the server has leaked."""


@dataclass(frozen=True)
class Answer:
    """Status, headers with names in lower case, and the body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        """The problem in the body, which must be one and tell nothing of the inside."""
        assert self.headers["content-type"] == "application/problem+json", self
        assert not [secret for secret in SECRETS if secret in self.body.decode()], self
        details: dict[str, Any] = json.loads(self.body)
        assert details["status"] == self.status
        return details


@contextmanager
def connected(server: RunningServer) -> Iterator[socket.socket]:
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        yield connection


def everything(connection: socket.socket) -> bytes:
    """What comes until the server ends its side."""
    received = b""
    while part := connection.recv(65536):
        received += part
    return received


def send(server: RunningServer, request: bytes) -> Answer:
    """Sends bytes as they are and reads to the end of the connection."""
    with connected(server) as connection:
        connection.sendall(request)
        received = everything(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    start, _, lines = head.decode("latin-1").partition("\r\n")
    headers = {name.lower(): value for name, value in Parser().parsestr(lines).items()}
    return Answer(int(start.split()[1]), headers, body)


def get(server: RunningServer, target: str | bytes, *headers: str, method: str = "GET", host: str = "localhost") -> Answer:
    """Sends a request whose target is taken as it is."""
    raw = target.encode() if isinstance(target, str) else target
    lines = "".join(f"\r\n{line}" for line in (f"Host: {host}", "Connection: close", *headers)).encode("latin-1")
    return send(server, method.encode() + b" " + raw + b" HTTP/1.1" + lines + b"\r\n\r\n")
