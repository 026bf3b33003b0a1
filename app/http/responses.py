"""Formats and conditional answers: negotiation, ETag, and documents put together as JSON, CSV or NDJSON."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from urllib.parse import quote_plus

from anyio import CancelScope, to_thread
from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app import __version__
from app.errors.reading import NotAcceptable


class Format(StrEnum):
    """The formats of answers; a value is what ``?format=`` takes."""

    JSON = "json"
    CSV = "csv"
    NDJSON = "ndjson"
    JSONLD = "jsonld"

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Format.JSON: "application/json",
    Format.CSV: "text/csv; charset=utf-8",
    Format.NDJSON: "application/x-ndjson",
    Format.JSONLD: "application/ld+json",
}
_BLOCK_BYTES = 65_536
_UNRESERVED = re.compile(r"[A-Za-z0-9_.~-]*")
"""Characters that an address holds as they are (RFC 3986, section 2.3)."""
_BARE_TYPES = {format: media_type.partition(";")[0] for format, media_type in _MEDIA_TYPES.items()}
_BARE_TYPES_ALSO = {"application/ndjson": Format.NDJSON, "application/jsonl": Format.NDJSON}

REVISION_HEADER = "Profiles-Revision"
"""The newest revision of the snapshot that an answer was read from, or after the change that it tells of."""

LIST_FORMATS = (Format.JSON, Format.CSV, Format.NDJSON)
ONE_FORMAT = (Format.JSON,)
COMPANY_FORMATS = (Format.JSON, Format.JSONLD)


def negotiate(request: Request, chosen: str | None, available: Sequence[Format]) -> Format:
    """The format of the answer: ``?format=``, else the best of ``Accept`` (RFC 9110, section 12.5.1).

    Raises NotAcceptable where the header allows none of those that the address has.
    """
    if chosen is not None:
        return Format(chosen)
    accept = sent_header(request, b"accept")
    if not accept or accept == "*/*":
        return available[0]
    ranges = [_media_range(part) for part in accept.split(",") if part.strip()]
    weights = {format: _weight(_BARE_TYPES[format], ranges) for format in available}
    for media_type, format in _BARE_TYPES_ALSO.items():
        if format in weights:
            weights[format] = max(weights[format], *(q for name, q in ranges if name == media_type), 0)
    best = max(available, key=lambda format: weights[format])
    if weights[best] <= 0:
        raise NotAcceptable(
            f"This address has no {accept[:200]!r}. Its formats are {', '.join(_BARE_TYPES[f] for f in available)}.",
            suggestions=[_BARE_TYPES[format] for format in available],
        )
    return best


def sent_header(request: Request, name: bytes) -> str:
    """A header, which may come in several lines. The request's own mapping would decode every name first."""
    return ",".join([value.decode("latin-1") for found, value in request.scope["headers"] if found == name])


def _media_range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = next((parameter[2:] for parameter in parameters if parameter.startswith("q=")), "1")
    try:
        weight = float(quality)
    except ValueError:
        return name, 0.0
    return name, weight if 0 <= weight <= 1 else 0.0


def _weight(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The quality of the most specific range that covers a type; 0 where none does."""
    for name in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
        weights = [weight for range_name, weight in ranges if range_name == name]
        if weights:
            return max(weights)
    return 0.0


@dataclass(frozen=True)
class Stamp:
    """What an answer was read from: the database's random name and a revision. Its ETag is made of both.

    ``newest`` is the newest revision of the snapshot that it was read in; None where it is of no database.
    """

    dataset: str
    revision: int
    newest: int | None = None

    @classmethod
    def of_newest(cls, dataset: str, newest: int) -> Self:
        """The stamp of an answer that any revision may change."""
        return cls(dataset, newest, newest)

    def etag(self, format: Format) -> str:
        """A strong validator. It names the program's version too, since another one may write the same facts differently."""
        return f'"{self.dataset}-{self.revision}-{__version__}-{format.value}"'


def _not_modified(request: Request, headers: dict[str, str]) -> Response | None:
    """304 where If-None-Match (RFC 9110, section 13.1.2) holds the ETag, whatever encoding it was served in.

    It repeats the ETag that the client has, so that a cache keeps the one of its own encoding.
    """
    condition = sent_header(request, b"if-none-match")
    if not condition:
        return None
    for candidate in (part.strip().removeprefix("W/") for part in condition.split(",")):
        if candidate == "*":
            return Response(status_code=304, headers=headers)
        if candidate.replace('-gzip"', '"') == headers["ETag"]:
            return Response(status_code=304, headers=headers | {"ETag": candidate})
    return None


def answer(request: Request, body: bytes, stamp: Stamp, format: Format, *, link: str | None = None) -> Response:
    """A response with its validators, or 304 where the client has it already."""
    headers = _headers(stamp, format, link)
    return _not_modified(request, headers) or Response(body, media_type=format.media_type, headers=headers)


class ReadResponse(StreamingResponse):
    """A body that is sent while it is read, and what it is read from closed at the end, whichever end that is.

    An answer that its client broke off would else keep its snapshot until the interpreter happens to collect garbage.
    """

    def __init__(self, chunks: Iterator[bytes], media_type: str, headers: Mapping[str, str], close: Callable[[], None]) -> None:
        super().__init__(chunks, media_type=media_type, headers=headers)
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            with CancelScope(shield=True):
                await to_thread.run_sync(self._close)


def stream(
    request: Request, chunks: Iterator[bytes], stamp: Stamp, format: Format, *, file_name: str, close: Callable[[], None]
) -> Response:
    """As ``answer``, for a body that is sent while it is read. ``close`` ends the reading."""
    headers = _headers(stamp, format, None)
    unchanged = _not_modified(request, headers)
    if unchanged is not None:
        close()
        return unchanged
    headers["Content-Disposition"] = f'inline; filename="{file_name}.{format.value}"'
    if request.scope.get("profiles.head"):
        chunks = iter((b"",))  # a body of unknown length, so that the headers are those of GET
    return ReadResponse(_blocks(chunks), format.media_type, headers, close)


def _blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in larger parts: each part is fetched from a thread and sent by itself, at the cost of many lines."""
    block = bytearray()
    for chunk in chunks:
        block += chunk
        if len(block) >= _BLOCK_BYTES:
            yield bytes(block)
            block.clear()
    yield bytes(block)


def _headers(stamp: Stamp, format: Format, link: str | None) -> dict[str, str]:
    headers = {"ETag": stamp.etag(format), "Cache-Control": "no-cache", "Vary": "Accept"}
    if stamp.newest is not None:
        headers[REVISION_HEADER] = str(stamp.newest)
    return headers | {"Link": f'<{link}>; rel="next"'} if link else headers


def json_items(lines: str) -> str:
    """The items of a JSON list, from documents that are JSON already, each on a line."""
    return lines.replace("\n", ",")


def json_list(items: str, next_url: str | None, total: int | None) -> bytes:
    """A page as JSON, from its items."""
    counted = "" if total is None else f',"total":{total}'
    return f'{{"items":[{items}],"next":{json.dumps(next_url)}{counted}}}'.encode()


def next_address(path: str, pairs: Iterable[tuple[str, str]], cursor: str | None) -> str | None:
    """The address of the next page: the same question with another cursor."""
    if cursor is None:
        return None
    kept = "".join(f"{name}={_quoted(value)}&" for name, value in pairs if name != "cursor")
    return f"{path}?{kept}cursor={cursor}"


def _quoted(value: str) -> str:
    return value if _UNRESERVED.fullmatch(value) else quote_plus(value)


def ndjson_lines(documents: Iterable[str]) -> Iterator[bytes]:
    for document in documents:
        yield f"{document}\n".encode()
