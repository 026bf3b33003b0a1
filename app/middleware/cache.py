"""Answers kept in memory, each for as long as the database has the revision that it was read at (ADR 7).

There is no time to live and nothing to purge: a newer revision, or none that can be told, ends every entry.
What a key is sent with is never kept, nor given to anyone.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass

from starlette.datastructures import State
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.conditional import matching_etag
from app.http.negotiation import accepts_gzip
from app.http.request_state import request_state, route_of
from app.http.responses import REVISION_HEADER
from app.middleware.request_id import new_request_id
from app.revisions.current import CurrentRevision, Version

_REVISION_NAME = REVISION_HEADER.lower().encode()
LARGEST_BODY = 1024 * 1024
"""Bytes. Larger answers are not kept."""
_OVERHEAD = 2560
"""Bytes that an entry takes beside its body, its key and the values of its headers, as measured, for the sum."""
_FOR_THE_APPLICATION = frozenset(
    (b"authorization", b"content-length", b"profiles-minimum-revision", b"range", b"transfer-encoding")
)
"""What a request with one of these is answered may hang on more than the key holds: on who asks, on a body."""
_PAST_THE_CACHE = re.compile(rb"no-cache|no-store", re.IGNORECASE)
_NOT_IN_304 = frozenset((b"content-disposition", b"content-encoding", b"content-length", b"content-type"))

Headers = list[tuple[bytes, bytes]]
Key = tuple[bytes | str | bool | None, ...]


@dataclass(slots=True)
class Kept:
    """An answer: its headers with and without a body, its ETag, its body, about how many bytes all that takes, and its route."""

    headers: Headers
    headers_of_304: Headers
    etag: str
    body: bytes
    size: int
    route: str | None


class ResponseCache:
    """Serves what it has, and keeps what passes through."""

    def __init__(self, app: ASGIApp, state: State, most_bytes: int) -> None:
        self.app = app
        self._state = state
        self._most_bytes = most_bytes
        self._entries: OrderedDict[Key, Kept] = OrderedDict()
        self._bytes = 0
        self._version: Version | None = None
        self._current: CurrentRevision | None = None
        self.hits = 0
        self.misses = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = _asked(scope) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        if asked is None:
            self._current = None if scope["type"] == "lifespan" else self._current  # each run of the application has its own
            await self.app(scope, receive, send)
            return
        key, condition = asked
        if self._current is None:
            self._current = self._state.current_revision  # kept: to look there takes as long as to find an answer
        version = self._current.known() or await self._current.read()
        if version is not self._version and version != self._version:
            self.forget()
            self._version = version
        kept = self._entries.get(key)
        if kept is None and condition is not None:
            # A 304 is kept so while nobody has asked for the whole answer.
            key = *key, condition
            kept = self._entries.get(key)
        if kept is not None:
            self.hits += 1
            self._entries.move_to_end(key)
            state = request_state(scope)
            state.cache, state.route = "hit", kept.route
            request_id = state.request_id = new_request_id()
            matched = None if condition is None else matching_etag(condition.decode("latin-1"), kept.etag)
            status, headers = (200, kept.headers) if matched is None else (304, _headers_of_304(kept, matched))
            headers = [*headers, (b"x-request-id", request_id.encode())]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            is_whole = matched is None and scope["method"] == "GET"
            await send({"type": "http.response.body", "body": kept.body if is_whole else b""})
        elif version is None or scope["method"] == "HEAD":
            await self.app(scope, receive, send)
        else:
            self.misses += 1
            request_state(scope).cache = "miss"
            await self.app(scope, receive, _Recorder(self, asked, version, scope, send))

    def forget(self) -> None:
        """Lets go of every answer."""
        self._entries.clear()
        self._bytes = 0

    @property
    def kept_entries(self) -> int:
        """How many answers are kept."""
        return len(self._entries)

    @property
    def kept_bytes(self) -> int:
        """About how much memory they take."""
        return self._bytes

    def keep(self, key: Key, version: Version, headers: Headers, body: bytes, route: str | None = None) -> None:
        """Keeps an answer if it was read at the version that was known when it was asked for, and that still is the newest."""
        found = dict(headers)
        etag = found.get(b"etag", b"").decode("latin-1")
        if version != self._version or found.get(_REVISION_NAME) != str(version.newest).encode():
            return
        if not etag.startswith(f'"{version.dataset}-') or b"no-store" in found.get(b"cache-control", b""):
            return
        headers = [(name, value) for name, value in headers if name != b"x-request-id"]
        headers_of_304 = [(name, value) for name, value in headers if name not in _NOT_IN_304]
        size = _OVERHEAD + len(body) + sum(len(value) for _, value in headers)
        size += sum(len(part) for part in key if isinstance(part, bytes | str))
        previous = self._entries.pop(key, None)
        self._bytes += size - (previous.size if previous else 0)
        self._entries[key] = Kept(headers, headers_of_304, etag, body, size, route)
        while self._bytes > self._most_bytes:
            _, oldest = self._entries.popitem(last=False)
            self._bytes -= oldest.size


def _asked(scope: Scope) -> tuple[Key, bytes | None] | None:
    """What decides an answer: the address and the headers that it varies by; and ``If-None-Match``, which does not.

    None where the answer is not to come from the cache.
    """
    values = dict(scope["headers"])
    if len(values) < len(scope["headers"]) or not _FOR_THE_APPLICATION.isdisjoint(values):
        return None  # a header given twice is for the application to judge, too
    wanted = values.get(b"cache-control")
    if wanted is not None and _PAST_THE_CACHE.search(wanted):
        return None
    host = values.get(b"host")
    if host is None:
        return None  # absolute addresses in the answer are then made of the socket's
    encodings, accepted, origin = values.get(b"accept-encoding"), values.get(b"accept"), values.get(b"origin")
    is_compressed = encodings is not None and accepts_gzip(encodings)
    key = scope["raw_path"], scope["query_string"], scope["scheme"], host, accepted, origin, is_compressed
    return key, values.get(b"if-none-match")


def _headers_of_304(kept: Kept, matched: str) -> Headers:
    """With the ETag that the client has the answer by."""
    if matched == kept.etag:
        return kept.headers_of_304
    return [(name, matched.encode("latin-1") if name == b"etag" else value) for name, value in kept.headers_of_304]


class _Recorder:
    """Passes an answer on, and gives it to the cache once it is whole."""

    def __init__(self, cache: ResponseCache, asked: tuple[Key, bytes | None], version: Version, scope: Scope, send: Send) -> None:
        self._cache = cache
        self._key, self._condition = asked
        self._version = version
        self._scope = scope
        self._send = send
        self._headers: Headers | None = None
        self._parts: list[bytes] = []
        self._size = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._headers = self._headers_to_keep(message)
        elif self._headers is not None:
            body = message.get("body", b"")
            self._parts.append(body)
            self._size += len(body)
            if self._size > LARGEST_BODY:
                self._headers = None
                self._parts.clear()
            elif not message.get("more_body", False):
                self._cache.keep(self._key, self._version, self._headers, b"".join(self._parts), route_of(self._scope))
        await self._send(message)

    def _headers_to_keep(self, start: Message) -> Headers | None:
        """None where the answer is not of a revision. An event stream is of none, and has no end to wait for."""
        if start["status"] == 304:
            self._key = *self._key, self._condition or b""
        elif start["status"] != 200:
            return None
        headers: Headers = list(start["headers"])
        return headers if any(name == _REVISION_NAME for name, _ in headers) else None
