"""Repeated requests: the first response is stored for a day, in the transaction of the change that it describes.

Follows https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/. A refused request changed nothing, so its
response is not stored: the client may correct the request and send it with the same key.
"""

import datetime
import hashlib

from fastapi import Response
from sqlalchemy import Connection, delete, insert, select

from app.api.editing.requests import ChangeRequest
from app.database.models import IdempotentAnswer
from app.database.pipeline import pipelined
from app.errors.writing import IdempotencyKeyReused
from app.http.responses import REVISION_HEADER

STORED = datetime.timedelta(hours=24)
REPLAYED_HEADER = "Idempotency-Replayed"
_STORED_HEADERS = ("ETag", "Cache-Control", "Content-Location", "Location", "Content-Type", REVISION_HEADER)


def first_answer(connection: Connection, change: ChangeRequest, now: datetime.datetime) -> Response | None:
    """The stored response to this request; None if the request is new. Raises IdempotencyKeyReused."""
    if change.idempotency_key is None:
        return None
    stored = connection.execute(
        select(IdempotentAnswer.request_sha256, IdempotentAnswer.status, IdempotentAnswer.headers, IdempotentAnswer.body).where(
            IdempotentAnswer.api_key_id == change.actor.key_id,
            IdempotentAnswer.idempotency_key == change.idempotency_key,
            IdempotentAnswer.answered_at >= now - STORED,
        )
    ).one_or_none()
    if stored is None:
        return None
    if stored.request_sha256 != _digest(change):
        raise IdempotencyKeyReused
    return Response(stored.body.encode(), status_code=stored.status, headers={**stored.headers, REPLAYED_HEADER: "true"})


def remember(connection: Connection, change: ChangeRequest, response: Response, now: datetime.datetime) -> None:
    """Stores the response, to be committed together with the change that it describes, and deletes those that have expired."""
    if change.idempotency_key is None:
        return
    row = {
        "api_key_id": change.actor.key_id,
        "idempotency_key": change.idempotency_key,
        "request_sha256": _digest(change),
        "answered_at": now,
        "status": response.status_code,
        "headers": {name: response.headers[name] for name in _STORED_HEADERS if name in response.headers},
        "body": bytes(response.body).decode(),
    }
    with pipelined(connection, 1):
        connection.execute(delete(IdempotentAnswer).where(IdempotentAnswer.answered_at < now - STORED))
        connection.execute(insert(IdempotentAnswer), row)


def _digest(change: ChangeRequest) -> str:
    return hashlib.sha256(f"{change.target}\n".encode() + change.body).hexdigest()
