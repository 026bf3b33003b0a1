"""Requests whose headers say what is wanted: formats, compression, origins, and what a cache has already."""

from collections.abc import Iterable

from tests.recorded.exchanges import Steps, call, get

_COMPANY = "/v1/companies/baidu"
_REPRESENTATIVES = (
    "/v1/companies",
    _COMPANY,
    "/v1/metrics?limit=2",
    "/v1/stats",
    "/v1/search?q=ai",
    "/openapi.json",
    "/",
    "/v1/no",
)
_ACCEPTS = (
    "application/json", "text/csv", "application/x-ndjson", "application/ld+json", "text/html", "image/png", "*/*",
    "text/*;q=0.5, application/json;q=0.4", "text/csv;q=0", "nonsense",
)  # fmt: skip
_ENCODINGS = ("gzip", "identity", "gzip;q=0", "br", "*", "gzip;q=0.5, identity", "deflate, gzip", "")


def headers() -> Steps:
    for address in _REPRESENTATIVES:
        for accept in _ACCEPTS:
            yield get(address, accept=accept)
        for encoding in _ENCODINGS:
            yield get(address, accept_encoding=encoding)
        yield call("HEAD", address)
        yield call("HEAD", address, accept_encoding="gzip", accept="text/csv")
        yield call("OPTIONS", address)
        for revision in ("1", "64", "9999", "x"):
            yield get(address, profiles_minimum_revision=revision)
        yield from origins(address)
        yield get(address, x_request_id="6f1c1d2e-0000-4000-8000-000000000001")
        yield get(address, range="bytes=0-9", cookie="a=b", x_forwarded_host="elsewhere.example")


def origins(address: str) -> Steps:
    """As pages of other origins ask."""
    for origin in ("https://app.example", "https://elsewhere.example", "null"):
        yield get(address, origin=origin)
        for method in ("GET", "PATCH", "TRACE"):
            asked = {"access_control_request_method": method, "access_control_request_headers": "authorization, if-match"}
            yield call("OPTIONS", address, origin=origin, **asked)


def conditions(more: Iterable[str]) -> Steps:
    """Conditional requests of one address of each kind, and of more."""
    for address in (*_REPRESENTATIVES, *more):
        yield from _condition(address)


def _condition(address: str) -> Steps:
    """As caches ask again for what they have."""
    for encoding in ("identity", "gzip"):
        etag = (yield get(address, accept_encoding=encoding)).header("etag")
        bare = etag.replace('-gzip"', '"')
        for value in (
            etag,
            f"W/{etag}",
            "*",
            f'"other", {etag}',
            bare.replace('json"', 'json-gzip"'),
            '"other"',
            "unquoted",
            etag[:-1],
        ):
            yield get(address, if_none_match=value, accept_encoding=encoding)
        yield call("HEAD", address, if_none_match=etag, accept_encoding=encoding)
        yield get(address, if_none_match=etag, accept="text/csv")
        yield get(address, if_modified_since="Fri, 01 Jan 2999 00:00:00 GMT")
