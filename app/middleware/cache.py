"""The response cache: an entry is valid while the database has the revision that the response was read at (ADR 7).

Nothing expires and nothing is purged: a newer revision, or one that cannot be determined, clears the cache.
A response to a request with an API key is neither stored nor taken from the cache.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass

from starlette.datastructures import State
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.conditional import matching_etag
from app.http.negotiation import accepts_gzip, language_of
from app.http.request_state import request_state, route_of
from app.http.responses import REVISION_HEADER
from app.middleware.request_id import new_request_id
from app.revisions.current import CurrentRevision, Version

_REVISION_NAME = REVISION_HEADER.lower().encode()
LARGEST_BODY = 1024 * 1024
"""Bytes. Larger responses are not cached."""
_PATHS = ("/v1", "/reconcile")
"""How the paths of responses that name a revision begin."""
_PAGES = ("/companies", "/sources", "/search", "/changes", "/metrics", "/compare")
"""How the paths of pages that name a revision begin. They vary by language too."""
_FRONT_PAGE = "/"
"""It works without the database, so it must not wait for the version: if that is not known, it bypasses the cache."""
_OVERHEAD = 2560
"""Measured bytes of memory per entry, in addition to its body, its key and the values of its headers."""
_UNCACHED_HEADERS = frozenset((b"authorization", b"content-length", b"profiles-minimum-revision", b"range", b"transfer-encoding"))
"""With one of these headers the response may depend on more than the cache key: on the caller, or on a body."""
_BYPASSES = re.compile(rb"no-cache|no-store", re.IGNORECASE)
_NOT_IN_304 = frozenset((b"content-disposition", b"content-encoding", b"content-length", b"content-type"))

Headers = list[tuple[bytes, bytes]]
Key = tuple[bytes | str | bool | None, ...]


@dataclass(slots=True)
class CachedResponse:
    """A response, its route template, and about how many bytes of memory the entry takes."""

    headers: Headers
    headers_of_304: Headers
    etag: str
    body: bytes
    size: int
    route: str | None


class ResponseCache:
    """Sends cached responses, and stores those that pass through. The least recently used are dropped first."""

    def __init__(self, app: ASGIApp, state: State, most_bytes: int) -> None:
        self.app = app
        self._state = state
        self._most_bytes = most_bytes
        self._entries: OrderedDict[Key, CachedResponse] = OrderedDict()
        self._bytes = 0
        self._version: Version | None = None
        self._current: CurrentRevision | None = None
        self.hits = self.misses = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = _cacheable(scope) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        if request is None:
            self._current = None if scope["type"] == "lifespan" else self._current  # each start of the application has its own
            await self.app(scope, receive, send)
            return
        key, condition = request
        if self._current is None:
            self._current = self._state.current_revision  # an attribute of State takes as long to read as an entry
        version = self._current.known()
        if version is None:
            if scope["path"] == _FRONT_PAGE:
                await self.app(scope, receive, send)
                return
            version = await self._current.read()
        if version is not self._version and version != self._version:
            self.clear()
            self._version = version
        cached = self._entries.get(key)
        if cached is None and condition is not None:
            key = *key, condition  # a 304 is cached like this until somebody requests the body
            cached = self._entries.get(key)
        if cached is not None:
            self.hits += 1
            self._entries.move_to_end(key)
            await _send_cached(cached, condition, scope, send)
        elif version is None or scope["method"] == "HEAD":
            await self.app(scope, receive, send)
        else:
            self.misses += 1
            request_state(scope).cache = "miss"
            await self.app(scope, receive, _Recorder(self, request, version, scope, send))

    def clear(self) -> None:
        self._entries.clear()
        self._bytes = 0

    @property
    def entries(self) -> int:
        """The number of cached responses."""
        return len(self._entries)

    @property
    def size(self) -> int:
        """About how many bytes of memory they take."""
        return self._bytes

    def store(self, key: Key, version: Version, headers: Headers, body: bytes, route: str | None = None) -> None:
        """Store a response if it was read at the version that was known when it was requested, and that is still current."""
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
        self._entries[key] = CachedResponse(headers, headers_of_304, etag, body, size, route)
        while self._bytes > self._most_bytes:
            _, oldest = self._entries.popitem(last=False)
            self._bytes -= oldest.size


async def _send_cached(cached: CachedResponse, condition: bytes | None, scope: Scope, send: Send) -> None:
    state = request_state(scope)
    state.cache, state.route = "hit", cached.route
    request_id = state.request_id = new_request_id()
    matched = None if condition is None else matching_etag(condition.decode("latin-1"), cached.etag)
    status, headers = (200, cached.headers) if matched is None else (304, _headers_of_304(cached, matched))
    headers = [*headers, (b"x-request-id", request_id.encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    has_body = matched is None and scope["method"] == "GET"
    await send({"type": "http.response.body", "body": cached.body if has_body else b""})


def _cacheable(scope: Scope) -> tuple[Key, bytes | None] | None:
    """The cache key, made of the URL and the headers that the response varies by; and ``If-None-Match``, which is no part of it.

    None if the request must bypass the cache. Only responses at these paths name a revision. Others must not wait for one:
    health checks and the documentation respond while the database does not.
    """
    is_page = not scope["path"].startswith(_PATHS)
    if is_page and scope["path"] != _FRONT_PAGE and not scope["path"].startswith(_PAGES):
        return None
    values = dict(scope["headers"])
    if len(values) < len(scope["headers"]) or not _UNCACHED_HEADERS.isdisjoint(values):
        return None  # the application also decides what a repeated header means
    cache_control = values.get(b"cache-control")
    if cache_control is not None and _BYPASSES.search(cache_control):
        return None
    host = values.get(b"host")
    if host is None:
        return None  # absolute URLs in the response are then made of the socket's address
    encodings, accepted, origin = values.get(b"accept-encoding"), values.get(b"accept"), values.get(b"origin")
    is_compressed = encodings is not None and accepts_gzip(encodings)
    key = scope["raw_path"], scope["query_string"], scope["scheme"], host, scope.get("root_path"), accepted, origin, is_compressed
    if is_page:
        return (*key, language_of(values.get(b"accept-language", b"").decode("latin-1"))), values.get(b"if-none-match")
    return key, values.get(b"if-none-match")


def _headers_of_304(cached: CachedResponse, matched: str) -> Headers:
    """The headers of a 304, with the ETag that the client named."""
    if matched == cached.etag:
        return cached.headers_of_304
    return [(name, matched.encode("latin-1") if name == b"etag" else value) for name, value in cached.headers_of_304]


class _Recorder:
    """Passes a response on, and stores it in the cache once it is complete."""

    def __init__(
        self, cache: ResponseCache, request: tuple[Key, bytes | None], version: Version, scope: Scope, send: Send
    ) -> None:
        self._cache = cache
        self._key, self._condition = request
        self._version = version
        self._scope = scope
        self._send = send
        self._headers: Headers | None = None
        self._parts: list[bytes] = []
        self._size = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._headers = self._headers_to_store(message)
        elif self._headers is not None:
            body = message.get("body", b"")
            self._parts.append(body)
            self._size += len(body)
            if self._size > LARGEST_BODY:
                self._headers = None
                self._parts.clear()
            elif not message.get("more_body", False):
                self._cache.store(self._key, self._version, self._headers, b"".join(self._parts), route_of(self._scope))
        await self._send(message)

    def _headers_to_store(self, start: Message) -> Headers | None:
        """None if the response names no revision, as an event stream, which never completes."""
        if start["status"] == 304:
            self._key = *self._key, self._condition or b""
        elif start["status"] != 200:
            return None
        headers: Headers = list(start["headers"])
        return headers if any(name == _REVISION_NAME for name, _ in headers) else None
