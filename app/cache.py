"""Answers kept in memory, each for as long as the database has the revision that it was read at (docs/adr/0007).

There is no time to live and nothing to purge: a newer revision, or none that can be told, ends every entry.
What a key is sent with is never kept, nor given to anyone.
"""

from collections import OrderedDict
from typing import NamedTuple

from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from app.freshness import Freshness, Version
from app.middleware import new_request_id

REVISION_HEADER = b"profiles-revision"
LARGEST_BODY = 1024 * 1024
"""Bytes. Larger answers are not kept."""
_OVERHEAD = 2048
"""Bytes that an entry takes beside its body, for the sum."""

Headers = list[tuple[bytes, bytes]]
Key = tuple[bytes, bytes, str, bytes, bytes, bytes, bool]


class Asked(NamedTuple):
    """What decides an answer: the address and the headers that it varies by; and ``If-None-Match``, which does not."""

    key: Key
    condition: bytes | None


class Kept(NamedTuple):
    """An answer: its headers with and without a body, its ETag, its body."""

    headers: Headers
    headers_of_304: Headers
    etag: bytes
    body: bytes


class ResponseCache:
    """Serves what it has, and keeps what passes through."""

    def __init__(self, app: FastAPI, most_bytes: int) -> None:
        self.app = app
        self._most_bytes = most_bytes
        self._entries: OrderedDict[Key, Kept] = OrderedDict()
        self._bytes = 0
        self._version: Version | None = None
        self.hits = 0
        self.misses = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = _asked(scope) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        if asked is None:
            await self.app(scope, receive, send)
            return
        freshness: Freshness = self.app.state.freshness
        version = freshness.known() or await freshness.read()
        if version != self._version:
            self._entries.clear()
            self._bytes = 0
            self._version = version
        kept = self._entries.get(asked.key)
        if kept is not None:
            self.hits += 1
            self._entries.move_to_end(asked.key)
            await _serve(kept, asked.condition, send, with_body=scope["method"] == "GET")
        elif version is None or scope["method"] == "HEAD":
            await self.app(scope, receive, send)
        else:
            self.misses += 1
            await self.app(scope, receive, _Recorder(self, asked.key, send))

    def keep(self, key: Key, headers: Headers, body: bytes) -> None:
        """Keeps an answer, unless the database has another version by now than it was read at."""
        found = dict(headers)
        etag, revision = found.get(b"etag"), found.get(REVISION_HEADER)
        version = self._version
        if etag is None or version is None or revision != str(version.newest).encode():
            return
        if not etag.startswith(f'"{version.dataset}-'.encode()) or b"no-store" in found.get(b"cache-control", b""):
            return
        headers = [(name, value) for name, value in headers if name != b"x-request-id"]
        headers_of_304 = [(name, value) for name, value in headers if name not in (b"content-type", b"content-length")]
        previous = self._entries.pop(key, None)
        self._bytes += len(body) + _OVERHEAD - (len(previous.body) + _OVERHEAD if previous else 0)
        self._entries[key] = Kept(headers, headers_of_304, etag, body)
        while self._bytes > self._most_bytes and self._entries:
            _, oldest = self._entries.popitem(last=False)
            self._bytes -= len(oldest.body) + _OVERHEAD


def _asked(scope: Scope) -> Asked | None:
    """What is asked for; None where the answer is not to come from the cache."""
    values = dict(scope["headers"])
    if len(values) < len(scope["headers"]) or b"authorization" in values or b"range" in values:
        return None  # a header given twice is for the application to judge
    if b"no-cache" in values.get(b"cache-control", b""):
        return None
    is_compressed = b"gzip" in values.get(b"accept-encoding", b"")
    varying = values.get(b"accept", b""), values.get(b"origin", b""), values.get(b"host", b"")
    return Asked(
        (scope["raw_path"], scope["query_string"], scope["scheme"], *varying, is_compressed), values.get(b"if-none-match")
    )


async def _serve(kept: Kept, condition: bytes | None, send: Send, *, with_body: bool) -> None:
    identity = (b"x-request-id", new_request_id().encode())
    if condition is not None and (matched := _matched(condition, kept.etag)):
        headers = [(name, matched if name == b"etag" else value) for name, value in kept.headers_of_304]
        await send({"type": "http.response.start", "status": 304, "headers": [*headers, identity]})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [*kept.headers, identity]})
    await send({"type": "http.response.body", "body": kept.body if with_body else b""})


def _matched(condition: bytes, etag: bytes) -> bytes | None:
    """The ETag of the client's that names the answer, whatever encoding it has it in; as app/formats.py judges."""
    if condition == etag:
        return etag
    bare = etag.replace(b'-gzip"', b'"')
    for candidate in (part.strip().removeprefix(b"W/") for part in condition.split(b",")):
        if candidate == b"*":
            return bare
        if candidate.replace(b'-gzip"', b'"') == bare:
            return candidate
    return None


class _Recorder:
    """Passes an answer on, and gives it to the cache once it is whole."""

    def __init__(self, cache: ResponseCache, key: Key, send: Send) -> None:
        self._cache = cache
        self._key = key
        self._send = send
        self._headers: Headers | None = None
        self._parts: list[bytes] = []
        self._size = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._headers = list(message["headers"]) if message["status"] == 200 else None
        elif self._headers is not None:
            body = message.get("body", b"")
            self._parts.append(body)
            self._size += len(body)
            if self._size > LARGEST_BODY:
                self._headers = None
                self._parts.clear()
            elif not message.get("more_body", False):
                self._cache.keep(self._key, self._headers, b"".join(self._parts))
        await self._send(message)
