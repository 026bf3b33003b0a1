"""One request and its answer over a plain socket, as ``http.client`` sends it: no address and no header is tidied."""

import gzip
import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from typing import TypeAlias

_SECONDS = 60


@dataclass(frozen=True)
class Call:
    """What to send. ``events`` is how many events are read of an answer that has no end."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    events: int = 0


@dataclass(frozen=True)
class Answer:
    """What came back. ``body`` is without its compression."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes = field(repr=False)

    def header(self, name: str) -> str:
        """The first header of the name, or nothing."""
        return next((value for known, value in self.headers if known == name), "")

    @property
    def next(self) -> str:
        """The address of the next page, or nothing."""
        found = re.search(r'<([^>]+)>; rel="next"', self.header("link"))
        return found[1] if found else ""


Steps: TypeAlias = Generator[Call, Answer, None]
"""Requests in their order. Each one gets its answer back, so that a later one can use an ETag or a cursor of it."""


def get(path: str, /, **headers: str) -> Call:
    return call("GET", path, **headers)


def call(method: str, path: str, body: bytes = b"", /, **headers: str) -> Call:
    """A call with the headers as keywords: ``if_match`` is ``If-Match``."""
    return Call(method, path, named(headers), body)


def named(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name.replace("_", "-").title(), value) for name, value in headers.items())


def send(port: int, wanted: Call) -> Answer:
    """Sends one request on a connection of its own."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        connection.putrequest(wanted.method, wanted.path, skip_accept_encoding=True)
        for name, value in wanted.headers:
            connection.putheader(name, value)
        sends_length = any(name == "Content-Length" for name, _ in wanted.headers)
        if not sends_length and (wanted.body or wanted.method in {"POST", "PUT", "PATCH"}):
            connection.putheader("Content-Length", str(len(wanted.body)))
        connection.endheaders(wanted.body or None)
        response = connection.getresponse()
        headers = sorted((name.lower(), value) for name, value in response.getheaders())
        body = _events(response, wanted.events) if wanted.events else response.read()
        if ("content-encoding", "gzip") in headers and body:
            body = gzip.decompress(body)
        return Answer(response.status, headers, body)
    finally:
        connection.close()


def _events(response: HTTPResponse, number: int) -> bytes:
    """The answer up to the end of so many events; an answer that is no stream is read whole."""
    if response.status != 200:
        return response.read()
    lines: list[bytes] = []
    while lines.count(b"\n") < number:
        lines.append(response.readline())
        if not lines[-1]:
            break
    return b"".join(lines)
