"""What happens around every request, as plain ASGI."""

import itertools
import re
import uuid
from collections import Counter
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors.reading import AddressTooLong, BodyTooLarge, FieldError, InvalidParameters, MalformedRequest, Problem
from app.http.error_handlers import problem_response

LONGEST_ADDRESS = 8000
LARGEST_BODY = 65_536
"""Bytes, where a request is to have no body."""
_WITHOUT_BODY = frozenset(("DELETE", "GET", "HEAD", "OPTIONS"))
REPEATABLE = frozenset(("category", "company", "country", "kind", "metric", "qualifier", "source", "type", "unit"))
"""Parameters that take several values; any other may be given once."""

_PLAIN = re.compile(rb"[A-Za-z0-9/._-]{,1000}")
"""A path with which nothing can be wrong."""
_BROKEN_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")

API_POLICY = "default-src 'none'; frame-ancestors 'none'"
_SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", API_POLICY.encode()),
)


_random = uuid.uuid4()
_IDENTITY = str(_random)[:-12]
_numbers = itertools.count(10**11 + _random.node % 10**11)


def new_request_id() -> str:
    """A UUID, of this process and numbered within it: making a random one costs as much as serving a cached answer.

    The number is its last twelve digits, which are decimal ones: those are written in half the time.
    """
    return f"{_IDENTITY}{next(_numbers)}"


class RequestIdentity:
    """Gives each request an identifier, which its answer, its problems and the log carry; and the security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = new_request_id()
        scope["profiles.request_id"] = request_id

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                given = {name for name, _ in headers}
                added = [header for header in _SECURITY_HEADERS if header[0] not in given]
                message = {**message, "headers": [*headers, *added, (b"x-request-id", request_id.encode())]}
            await send(message)

        await self.app(scope, receive, send_with_headers)


class StrictAddress:
    """Refuses addresses that are too long, not UTF-8, hold control characters, or repeat a parameter that takes one value."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = address_problem(scope) if scope["type"] == "http" else None
        if problem is None:
            await self.app(scope, receive, send)
        else:
            await problem_response(Request(scope), problem)(scope, receive, send)


def address_problem(scope: Scope) -> Problem | None:
    """What is wrong with the address of a request, if anything."""
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    if _PLAIN.fullmatch(path) and not query:
        return None
    if len(path) + len(query) > LONGEST_ADDRESS:
        return AddressTooLong(f"The address has {len(path) + len(query)} bytes; at most {LONGEST_ADDRESS} are read.")
    for segment in path.split(b"/"):
        fault = _text_fault(segment)
        if fault:
            return MalformedRequest(f"The path {fault} in {unquote_to_bytes(segment)[:100].decode(errors='replace')!r}.")
    for pair in query.split(b"&"):
        fault = _text_fault(pair)
        if fault:
            field = unquote_to_bytes(pair.partition(b"=")[0])[:100].decode(errors="replace")
            return MalformedRequest(f"{field}: {fault}.", errors=[FieldError(field=field, message=fault)])
    return _repetition(query) if query.count(b"&") else None


def _text_fault(raw: bytes) -> str | None:
    """What makes a part of an address no text; None where it is one."""
    if b"%" not in raw and raw.isascii():
        return None
    broken = _BROKEN_PERCENT.search(raw)
    if broken:
        return f"has a % at byte {broken.start()} that two hexadecimal digits must follow; write %25"
    try:
        text = unquote_to_bytes(raw).decode()
    except UnicodeDecodeError as error:
        return f"is not valid UTF-8 at byte {error.start} of its decoded form"
    found = next((character for character in text if character < " " or "\x7f" <= character < "\xa0"), None)
    return None if found is None else f"holds the control character U+{ord(found):04X}"


def _repetition(query: bytes) -> Problem | None:
    written = [part.partition(b"=")[0] for part in query.split(b"&") if part]
    if b"%" not in query and len(set(written)) == len(written):
        return None
    names = Counter(unquote_to_bytes(name.replace(b"+", b" ")).decode() for name in written)
    repeated = [name for name, count in names.items() if count > 1 and name not in REPEATABLE]
    if not repeated:
        return None
    errors = [FieldError(field=name, message="is given more than once; give it once") for name in repeated]
    return InvalidParameters.of(errors)


class NoBody:
    """Refuses a large body where the method takes none. Where one takes a body, http/request_body.py reads it up to a limit."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in _WITHOUT_BODY:
            length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
            if length.isdigit() and int(length) > LARGEST_BODY:
                problem = BodyTooLarge(
                    f"{scope['method']} takes no body, and at most {LARGEST_BODY:,} bytes of one are passed over."
                )
                await problem_response(Request(scope), problem)(scope, receive, send)
                return
        await self.app(scope, receive, send)


class HeadAsGet:
    """Answers HEAD as GET without its body (RFC 9110, section 9.3.2), so that each address takes both."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        inner = {**scope, "method": "GET", "profiles.head": True}
        try:
            await self.app(inner, receive, send_without_body)
        finally:
            scope["route"] = inner.get("route")  # what surrounds this wants to know it too


class Compression:
    """Compresses what a client takes as gzip. Its ETag is marked: a strong validator names one encoding (RFC 9110, 8.8.3).

    Every answer that has an ETag names the encoding in ``Vary``, so also a 304 and what is too short to be compressed (15.4.5).
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._compressing = GZipMiddleware(app, minimum_size=1000, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_compressed = scope["type"] == "http" and any(
            name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"]
        )

        async def send_with_etag(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _encoded(message["headers"])}
            await send(message)

        await (self._compressing if is_compressed else self.app)(scope, receive, send_with_etag)


def _encoded(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    found, encoded = dict(headers), list(headers)
    etag, vary = found.get(b"etag"), found.get(b"vary", b"")
    if etag is None:
        return encoded
    if found.get(b"content-encoding") == b"gzip":
        encoded[encoded.index((b"etag", etag))] = (b"etag", etag.removesuffix(b'"') + b'-gzip"')
    if not vary:
        encoded.append((b"vary", b"Accept-Encoding"))
    elif b"Accept-Encoding" not in vary:
        encoded[encoded.index((b"vary", vary))] = (b"vary", vary + b", Accept-Encoding")
    return encoded


class CrossOrigin(CORSMiddleware):
    """Lets pages of other origins read. Where no page asks, an answer only says that they would get another one."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or any(name == b"origin" for name, _ in scope["headers"]):
            await super().__call__(scope, receive, send)
            return

        async def send_varied(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"vary", b"Origin")]}
            await send(message)

        await self.app(scope, receive, send_varied)
