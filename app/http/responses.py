"""Responses: whole, or streamed while they are read, with their headers."""

import json
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from urllib.parse import quote_plus

from anyio import CancelScope, to_thread
from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.http.conditional import Stamp, not_modified
from app.http.negotiation import Format
from app.http.request_state import request_state

_BLOCK_BYTES = 65_536
_UNRESERVED = re.compile(r"[A-Za-z0-9_.~-]*")
"""Characters that need no encoding in a URL (RFC 3986, section 2.3)."""

REVISION_HEADER = "Profiles-Revision"
"""The newest revision of the snapshot that a response was read from, or the one after the change that it reports."""


def respond(request: Request, body: bytes, stamp: Stamp, format: Format, *, link: str | None = None) -> Response:
    """A response with its validators, or 304 if the client has it already."""
    headers = _headers(stamp, format, link)
    return not_modified(request, headers) or Response(body, media_type=format.media_type, headers=headers)


class ReadResponse(StreamingResponse):
    """A body that is sent while it is read. Its source is closed at the end, even if the client disconnects.

    Otherwise an aborted response would hold its snapshot and its files until the next garbage collection.
    """

    def __init__(self, chunks: Generator[bytes], media_type: str, headers: Mapping[str, str], close: Callable[[], None]) -> None:
        super().__init__(chunks, media_type=media_type, headers=headers)
        self._chunks = chunks
        self._close_source = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            with CancelScope(shield=True):
                await to_thread.run_sync(self._close)

    def _close(self) -> None:
        try:
            self._chunks.close()
        finally:
            self._close_source()


def stream(
    request: Request,
    chunks: Iterator[bytes],
    stamp: Stamp,
    format: Format,
    *,
    file_name: str,
    close: Callable[[], None],
    link: str | None = None,
) -> Response:
    """As ``respond``, for a body that is sent while it is read. ``close`` closes its source."""
    headers = _headers(stamp, format, link)
    unchanged = not_modified(request, headers)
    if unchanged is not None:
        close()
        return unchanged
    headers["Content-Disposition"] = f'inline; filename="{file_name}.{format.value}"'
    if request_state(request.scope).is_head:
        chunks = iter((b"",))  # of unknown length, so that the headers are those of GET
    return ReadResponse(_blocks(chunks), format.media_type, headers, close)


def _blocks(chunks: Iterable[bytes]) -> Generator[bytes]:
    """The same bytes in larger parts. Fetching a part from a thread and sending it costs as much as many lines.

    An empty part is passed on: between parts the response ends if its client has left.
    """
    block = bytearray()
    for chunk in chunks:
        block += chunk
        if len(block) >= _BLOCK_BYTES or not chunk:
            yield bytes(block)
            block.clear()
    yield bytes(block)


def _headers(stamp: Stamp, format: Format, link: str | None) -> dict[str, str]:
    headers = {"ETag": stamp.etag(format), "Cache-Control": "no-cache", "Vary": "Accept"}
    if stamp.newest is not None:
        headers[REVISION_HEADER] = str(stamp.newest)
    return headers | {"Link": f'<{link}>; rel="next"'} if link else headers


def json_items(lines: str) -> str:
    """The items of a JSON list, made from lines of JSON."""
    return lines.replace("\n", ",")


def json_list(items: str, next_url: str | None, total: int | None) -> bytes:
    """A page as JSON, made from its items."""
    counted = "" if total is None else f',"total":{total}'
    return f'{{"items":[{items}],"next":{json.dumps(next_url)}{counted}}}'.encode()


def next_url(path: str, pairs: Iterable[tuple[str, str]], cursor: str | None) -> str | None:
    """The URL of the next page: the same request with another cursor. None on the last page."""
    return None if cursor is None else url_of(path, [*(pair for pair in pairs if pair[0] != "cursor"), ("cursor", cursor)])


def url_of(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    """A path with query parameters."""
    return f"{path}?{'&'.join([f'{name}={_quoted(value)}' for name, value in pairs])}"


def _quoted(value: str) -> str:
    return value if _UNRESERVED.fullmatch(value) else quote_plus(value)


def ndjson_lines(documents: Iterable[str]) -> Iterator[bytes]:
    for document in documents:
        yield f"{document}\n".encode()
