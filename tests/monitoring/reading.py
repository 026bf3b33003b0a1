"""The log of a server under way, and requests sent to it byte by byte."""

import json
import re
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from app.auth.key import Scope
from app.auth.queries import create_key
from app.database.database import Database
from app.values.dates import now
from tests.cli.processes import SECONDS, Serving
from tests.databases import settings_for

T = TypeVar("T")
Fields = dict[str, object]
START_OF_A_LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (INFO|WARNING|ERROR|DEBUG): ")


def at_least(read: Callable[[], list[T]], number: int) -> list[T]:
    """What is read, once there is so much of it."""
    deadline = time.monotonic() + SECONDS
    while len(found := read()) < number:
        assert time.monotonic() < deadline, found
        time.sleep(0.02)
    return found


@dataclass(frozen=True)
class Log:
    """What a server has written. In JSON, what it said before it served is left out: that is for people."""

    served: Serving

    def json_lines(self) -> list[Fields]:
        return [json.loads(line) for line in self.served.said.splitlines() if line.startswith("{")]

    def requests(self, number: int = 1) -> list[Fields]:
        """The lines of requests, once there are so many: a line is written after its answer."""
        return at_least(lambda: [line for line in self.json_lines() if "status" in line], number)

    def text_lines(self, number: int = 1) -> list[str]:
        """The lines of requests in text, once there are so many."""
        return at_least(lambda: [line for line in self.served.said.splitlines() if " bytes=" in line], number)


def send_raw(url: str, request: bytes) -> bytes:
    """What a server answers to these bytes, to the end of the connection."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=SECONDS) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


def make_key(url: str, name: str, scope: Scope = Scope.WRITE) -> str:
    database = Database(settings_for(url))
    with database.writing() as connection:
        key = create_key(connection, name=name, scopes=[scope], expires_at=None, now=now().replace(microsecond=0))
    database.engine.dispose()
    return key.text
