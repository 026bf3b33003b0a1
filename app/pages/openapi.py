"""The OpenAPI document as a file: generated once, and sent again only if it has changed."""

import json
from hashlib import sha256
from typing import NamedTuple

from fastapi import FastAPI, Request, Response

from app.http.conditional import Stamp
from app.http.negotiation import Format
from app.http.responses import respond

OPENAPI_PATH = "/openapi.json"
_CACHED = "max-age=300"
"""Client generators and browsers read it again and again, and only another version of the program changes it."""


class _File(NamedTuple):
    """The document as it is sent."""

    body: bytes
    stamp: Stamp


async def openapi_document(request: Request) -> Response:
    response = respond(request, *_file_of(request.app), Format.JSON)
    response.headers["Cache-Control"] = _CACHED
    return response


def _file_of(app: FastAPI) -> _File:
    """Generated for the first request, so that the server starts faster."""
    file: _File | None = getattr(app.state, "openapi_file", None)
    if file is None:
        body = json.dumps(app.openapi(), ensure_ascii=False, separators=(",", ":")).encode()
        file = app.state.openapi_file = _File(body, Stamp(sha256(body).hexdigest()[:12], 0))
    return file
