"""Asking for the present and for the past, so that the two answers can be compared."""

import re
from typing import NamedTuple

import httpx


class Answer(NamedTuple):
    """What must be the same: not the request's identity, and not how the next page's address asks for the past."""

    status: int
    location: str
    etag: str
    body: bytes


def ask(client: httpx.Client, address: str, as_of: int | None = None) -> Answer:
    """What an address answers, or answers as of a revision. It is no error of the server."""
    parameters = {} if as_of is None else {"as_of": str(as_of)}
    given = client.get(httpx.URL(address).copy_merge_params(parameters))
    assert given.status_code < 500, given.text
    body = re.sub(rb"urn:uuid:[0-9a-f-]{36}", b"", given.content)
    body = re.sub(rb'"next":"[^"]*"', b'"next":"more"', body)
    etag = given.headers.get("etag", "").replace('-gzip"', '"')  # a longer URL of the next page decides
    location = re.sub(r"[?&]as_of=\d+", "", given.headers.get("location", ""))
    return Answer(given.status_code, location, etag, body)
