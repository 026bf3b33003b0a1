"""Content negotiation: the formats of responses, and which one a request accepts."""

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from fastapi import Request

from app.errors.reading import NotAcceptable


class Format(StrEnum):
    """The formats of responses. The values are those of ``?format=``."""

    JSON = "json"
    CSV = "csv"
    NDJSON = "ndjson"
    XLSX = "xlsx"
    JSONLD = "jsonld"
    YAML = "yaml"

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]


XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MEDIA_TYPES = {
    Format.JSON: "application/json",
    Format.CSV: "text/csv; charset=utf-8",
    Format.NDJSON: "application/x-ndjson",
    Format.XLSX: XLSX_TYPE,
    Format.JSONLD: "application/ld+json",
    Format.YAML: "application/yaml",
}

_BARE_TYPES = {format: media_type.partition(";")[0] for format, media_type in _MEDIA_TYPES.items()}
_BARE_TYPES_ALSO = {"application/ndjson": Format.NDJSON, "application/jsonl": Format.NDJSON}
LIST_FORMATS = (Format.JSON, Format.CSV, Format.NDJSON, Format.XLSX)
DEFAULT_LANGUAGE = "en_GB"
_LONGEST_LANGUAGES = 200
"""Characters of ``Accept-Language`` that are read."""
ONE_FORMAT = (Format.JSON,)
RESOURCE_FORMATS = (Format.JSON, Format.JSONLD)


def negotiate(request: Request, chosen: str | None, available: Sequence[Format]) -> Format:
    """The format of the response: from ``?format=``, otherwise the best match of ``Accept`` (RFC 9110, section 12.5.1).

    Raises NotAcceptable if the header allows none of the available formats.
    """
    if chosen is not None:
        return Format(chosen)
    accept = sent_header(request, b"accept")
    if not accept or accept == "*/*":
        return available[0]
    ranges = [_weighted(part) for part in accept.split(",") if part.strip()]
    weights = {format: _weight(_BARE_TYPES[format], ranges) for format in available}
    for media_type, format in _BARE_TYPES_ALSO.items():
        if format in weights:
            weights[format] = max(weights[format], *(q for name, q in ranges if name == media_type), 0)
    best = max(available, key=lambda format: weights[format])
    if weights[best] <= 0:
        raise NotAcceptable(
            f"This URL is not available as {accept[:200]!r}. Its formats are {', '.join(_BARE_TYPES[f] for f in available)}.",
            suggestions=[_BARE_TYPES[format] for format in available],
        )
    return best


def prefers_html(accept: str) -> bool:
    """Whether an ``Accept`` header names HTML, and nothing that a program reads before it. ``*/*`` does not name it."""
    if "text/html" not in accept:
        return False
    ranges = [_weighted(part) for part in accept.split(",") if part.strip()]
    of_programs = max((quality for name, quality in ranges if name.endswith("json")), default=0.0)
    return _weight("text/html", ranges) > 0 and _weight("text/html", ranges) >= of_programs


@lru_cache(256)
def language_of(accept_language: str) -> str:
    """The language of numbers, dates and names on a page, as Babel names it: the first that the header prefers and Babel has.

    English without a country is British, because its dates read in one direction.
    """
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - a process that serves only data never needs it

    members = accept_language[:_LONGEST_LANGUAGES].split(",")
    for tag, quality in sorted((_weighted(member) for member in members), key=lambda member: -member[1]):
        if quality <= 0 or tag in ("", "en", "*"):
            continue
        try:
            return str(Locale.parse(tag, sep="-"))
        except (UnknownLocaleError, ValueError):
            continue
    return DEFAULT_LANGUAGE


def sent_header(request: Request, name: bytes) -> str:
    """A header, joined if it is repeated. ``request.headers`` would decode every name first."""
    return ",".join([value.decode("latin-1") for found, value in request.scope["headers"] if found == name])


def _weighted(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = next((parameter[2:] for parameter in parameters if parameter.startswith("q=")), "1")
    try:
        weight = float(quality)
    except ValueError:
        return name, 0.0
    return name, weight if 0 <= weight <= 1 else 0.0


@lru_cache(64)
def accepts_gzip(accept_encoding: bytes) -> bool:
    """Whether an ``Accept-Encoding`` header accepts gzip (RFC 9110, section 12.5.3)."""
    weights = dict(_weighted(part) for part in accept_encoding.decode("latin-1").split(","))
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0


def _weight(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The quality value of the most specific range that matches a type; 0 if none does."""
    for name in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
        weights = [weight for range_name, weight in ranges if range_name == name]
        if weights:
            return max(weights)
    return 0.0
