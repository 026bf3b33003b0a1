"""Refuses malformed URLs and repeated parameters."""

import re
from collections import Counter
from urllib.parse import unquote_to_bytes

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors.problem import FieldError, Problem
from app.errors.reading import LONGEST_URL, InvalidParameters, MalformedRequest, UrlTooLong
from app.http.error_handlers import problem_response

REPEATABLE = frozenset(("category", "company", "country", "kind", "metric", "qualifier", "source", "type", "unit"))
"""Parameters that accept several values. All others may appear once."""
_REPEATABLE_ON_PAGES = {"/compare": frozenset(("companies", "metric"))}
"""The same of pages whose forms have several fields of one name."""

_PLAIN = re.compile(rb"[A-Za-z0-9/._-]{,1000}")
"""Matches paths that are certainly valid."""
_BROKEN_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")


class StrictUrl:
    """Refuses URLs that are too long, not UTF-8, contain control characters, or repeat a parameter that accepts one value."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = url_problem(scope) if scope["type"] == "http" else None
        if problem is None:
            await self.app(scope, receive, send)
        else:
            await problem_response(Request(scope), problem)(scope, receive, send)


def url_problem(scope: Scope) -> Problem | None:
    """The problem with the URL of a request, if any."""
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    if _PLAIN.fullmatch(path) and not query:
        return None
    if len(path) + len(query) > LONGEST_URL:
        return UrlTooLong(f"The URL has {len(path) + len(query)} bytes; the maximum is {LONGEST_URL}.")
    for segment in path.split(b"/"):
        fault = _text_fault(segment)
        if fault:
            return MalformedRequest(f"The path {fault} in {unquote_to_bytes(segment)[:100].decode(errors='replace')!r}.")
    for pair in query.split(b"&"):
        fault = _text_fault(pair)
        if fault:
            field = unquote_to_bytes(pair.partition(b"=")[0])[:100].decode(errors="replace")
            return MalformedRequest(f"{field}: {fault}.", errors=[FieldError(field=field, message=fault)])
    return _repetition(query, _REPEATABLE_ON_PAGES.get(scope["path"], REPEATABLE)) if query.count(b"&") else None


def _text_fault(raw: bytes) -> str | None:
    """What makes a part of a URL malformed, or None."""
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
    return None if found is None else f"contains the control character U+{ord(found):04X}"


def _repetition(query: bytes, repeatable: frozenset[str]) -> Problem | None:
    written = [part.partition(b"=")[0] for part in query.split(b"&") if part]
    if b"%" not in query and len(set(written)) == len(written):
        return None
    names = Counter(unquote_to_bytes(name.replace(b"+", b" ")).decode() for name in written)
    # A name in brackets, as some clients write lists, is refused with advice, as any unknown name (app/http/error_handlers.py).
    repeated = [name for name, count in names.items() if count > 1 and name not in repeatable and not name.endswith("]")]
    if not repeated:
        return None
    errors = [FieldError(field=name, message="appears more than once; send it once") for name in repeated]
    return InvalidParameters.of(errors)
