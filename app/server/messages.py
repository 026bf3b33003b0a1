"""HTTP messages as they arrive: bounded, with every refusal a problem like any other response.

uvicorn bounds neither the header of a request nor what surrounds a body, and what its parser refuses gets a line of text that may
even come in the middle of another response. Here a refusal is a request of its own: it passes through the application, waits for
its turn behind the responses before it, and ends the connection. What arrives after it is dropped.
"""

import asyncio
import re
from typing import Any, cast
from urllib.parse import quote

import httptools
from starlette.types import Scope
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from app.errors.problem import Problem
from app.errors.reading import LONGEST_URL, HeaderTooLarge, MalformedRequest, UrlTooLong
from app.http.request_state import RequestState, request_state
from app.server.closing import HalfClosing

MOST_HEADER_BYTES = 65_536
MOST_HEADER_FIELDS = 100
MOST_FRAMING_BYTES = 16_384
"""Bytes of chunk extensions and trailer fields, beyond what chunks of a usual size need."""

_MOST_TARGET_BYTES = 2 * LONGEST_URL
"""No longer URL is received. Up to here the application counts what belongs to the limit, and says how long the URL is."""
_HOST = re.compile(rb"(\[[\w.:~!$&'()*+,;=-]+\]|([\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(:[0-9]*)?", re.ASCII)
"""uri-host [":" port] of RFC 9110, section 7.2."""
_URL_CHARACTERS = "/?#[]@!$&'()*+,;=:%"


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP with bounds on what is not the body of a message, and with refusals that are problems.

    The parser reports header fields and URLs only when they are complete, so received bytes are counted here.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.url = b""
        self.headers = []
        self._header_bytes = 0
        self._host: bytes | None = None  # the last valid one
        self._is_in_body = False
        self._has_begun = False  # whether a body has begun with the bytes that are being parsed
        self._body_bytes = self._chunks = self._framing_bytes = 0
        self._has_refused = False

    def data_received(self, data: bytes) -> None:
        if self._has_refused:
            return
        self._unset_keepalive_if_required()
        was_in_body, self._has_begun = self._is_in_body, False
        self._header_bytes += 0 if was_in_body else len(data)
        self._body_bytes = self._chunks = 0
        try:
            self._parse(data)
            if not self._is_in_body:
                self._bound_header(self._header_bytes)
            elif was_in_body and not self._has_begun:
                self._bound_framing(len(data))
        except httptools.HttpParserError as error:
            self.refuse(_problem_of(error, data))
        except Problem as problem:
            self.refuse(problem)

    def _parse(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            try:
                self.parser.feed_data(rest)
            except httptools.HttpParserUpgrade as upgrade:  # ignored: the next request follows
                rest = rest[upgrade.args[0] :]
            else:
                return

    def _bound_header(self, received: int) -> None:
        if len(self.url) > _MOST_TARGET_BYTES:
            raise UrlTooLong(f"The URL is longer than {LONGEST_URL} bytes.")
        if received > MOST_HEADER_BYTES or len(self.headers) > MOST_HEADER_FIELDS:
            raise HeaderTooLarge

    def _bound_framing(self, received: int) -> None:
        """Count what is not data, as Go's net/http does: a chunk may have 16 bytes around it, and twice as many as its data."""
        self.headers.clear()  # trailer fields
        allowed = 16 * self._chunks + 2 * self._body_bytes
        self._framing_bytes = max(0, self._framing_bytes + received - self._body_bytes - allowed)
        if self._framing_bytes > MOST_FRAMING_BYTES:
            raise HeaderTooLarge(f"Chunk extensions and trailer fields may have at most {MOST_FRAMING_BYTES} bytes.")

    def on_headers_complete(self) -> None:
        received = self._header_bytes
        if received > MOST_HEADER_BYTES:  # perhaps with a part of the body
            received = sum(len(name) + len(value) for name, value in self.headers)
        self._bound_header(received)
        self._require_host()
        if not self.url.startswith(b"/"):
            _require_path(self.url)
        if self.parser.should_upgrade() and any(name in (b"content-length", b"transfer-encoding") for name, _ in self.headers):
            # The parser would take its body for the next request.
            raise MalformedRequest("This server does not switch protocols. Send a request with a body without Upgrade.")
        super().on_headers_complete()
        self.url, self.headers = b"", []  # trailer fields go there, and not to the fields that the application sees
        self._is_in_body = self._has_begun = True
        self._header_bytes = self._framing_bytes = 0

    def _require_host(self) -> None:
        hosts = [value for name, value in self.headers if name == b"host"]
        if len(hosts) == 1 and (hosts[0] == self._host or _HOST.fullmatch(hosts[0])):
            self._host = hosts[0]
        elif hosts or self.parser.get_http_version() not in ("0.9", "1.0"):
            raise MalformedRequest("A request has exactly one Host header, with a host name or an IP address and perhaps a port.")

    def on_chunk_header(self) -> None:
        self._chunks += 1

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self.headers.clear()
        self._is_in_body = False
        self._header_bytes = 0

    def refuse(self, problem: Problem) -> None:
        """Respond with a problem after the responses under way, and end the connection."""
        self._has_refused = True
        if not self._is_in_body:
            self._begin_refused(problem)
        elif self.cycle.response_complete:
            HalfClosing(self.transport).close()
        else:  # an endpoint that reads the body learns it there; another one has its response
            notes_on(self.cycle).refusal = problem
            if self._has_begun or self.pipeline:
                self.cycle.scope["headers"] = _fields_of_refused(list(self.cycle.scope["headers"]))
            self._end_with(self.cycle)
            self.cycle.message_event.set()

    def _begin_refused(self, problem: Problem) -> None:
        """Make a request of what was received of one."""
        method = self.parser.get_method().decode("ascii") if self.url else "-"
        path = self.url.partition(b"?")[0][:1000] or b"-"
        fields = _fields_of_refused(self.headers)
        self.on_message_begin()
        scope = cast("Scope", self.scope)
        scope.update(method=method, path=path.decode("ascii"), raw_path=path, query_string=b"", headers=fields)
        request_state(scope).refusal = problem
        before: RequestResponseCycle | None = self.cycle
        self.cycle = RequestResponseCycle(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=False,
            on_response=self.on_response_complete,
        )
        self._end_with(self.cycle)
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    def _end_with(self, cycle: RequestResponseCycle) -> None:
        cycle.keep_alive = False
        cycle.transport = cast("asyncio.Transport", HalfClosing(self.transport))


def notes_on(cycle: RequestResponseCycle) -> RequestState:
    """What the application notes about a request."""
    return request_state(cast("Scope", cycle.scope))


def _fields_of_refused(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Those that the layers around every response need. Not Host: without one, a request bypasses the cache."""
    return [field for field in headers[:MOST_HEADER_FIELDS] if field[0] != b"host"]


def _require_path(url: bytes) -> None:
    """A URL with a host, as clients of a proxy send it, needs a path too."""
    if httptools.parse_url(url).path is None:
        raise MalformedRequest("The URL has no path; write / after the host.")


def _problem_of(error: httptools.HttpParserError, data: bytes) -> Problem:
    cause = error.__context__
    if isinstance(cause, Problem):
        return cause
    if isinstance(error, httptools.HttpParserInvalidURLError) and not data.isascii():
        return _not_encoded(data)
    if isinstance(cause, httptools.HttpParserInvalidURLError):
        return MalformedRequest("The URL cannot be parsed.")
    if cause is not None:
        raise cause
    return MalformedRequest(f"This is not valid HTTP/1.1: {error}.")


def _not_encoded(data: bytes) -> Problem:
    """The problem of a URL that is not percent-encoded, with the URL as it must be if all of it has arrived."""
    place = len(data) - len(data.lstrip(bytes(range(128))))
    line = data[data.rfind(b"\n", 0, place) + 1 :].partition(b"\r\n")[0].split(b" ")
    target = line[1].decode(errors="ignore") if len(line) == 3 else ""
    encoded = quote(target, _URL_CHARACTERS) if target.encode() in line else ""
    detail = "The URL has characters beyond ASCII. Encode them as UTF-8 and percent-encode the bytes"
    is_short = 0 < len(encoded) <= 500
    return MalformedRequest(f"{detail}: {encoded}." if is_short else f"{detail}.", suggestions=[encoded] if is_short else None)
