"""Requests that are sent again: the first answer is kept in the transaction of what it tells of, for a day.

After https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/. A request that was refused changed
nothing and is not kept, so that it may be put right and sent under the same key.
"""

import datetime
import hashlib

from fastapi import Response
from sqlalchemy import Connection, delete, insert, select

from app.api.editing.requests import ChangeRequest
from app.database.models import IdempotentAnswer
from app.errors.writing import IdempotencyKeyReused
from app.http.responses import REVISION_HEADER

KEPT = datetime.timedelta(hours=24)
REPLAYED_HEADER = "Idempotency-Replayed"
_KEPT_HEADERS = ("ETag", "Cache-Control", "Content-Location", "Location", "Content-Type", REVISION_HEADER)


def first_answer(connection: Connection, change: ChangeRequest, now: datetime.datetime) -> Response | None:
    """The answer that was given to this request before; None where it is new. Raises IdempotencyKeyReused."""
    if change.idempotency_key is None:
        return None
    connection.execute(delete(IdempotentAnswer).where(IdempotentAnswer.answered_at < now - KEPT))
    kept = connection.execute(
        select(IdempotentAnswer.request_sha256, IdempotentAnswer.status, IdempotentAnswer.headers, IdempotentAnswer.body).where(
            IdempotentAnswer.api_key_id == change.actor.key_id, IdempotentAnswer.idempotency_key == change.idempotency_key
        )
    ).one_or_none()
    if kept is None:
        return None
    if kept.request_sha256 != _digest(change):
        raise IdempotencyKeyReused(IdempotencyKeyReused.example)
    return Response(kept.body.encode(), status_code=kept.status, headers={**kept.headers, REPLAYED_HEADER: "true"})


def remember(connection: Connection, change: ChangeRequest, response: Response, now: datetime.datetime) -> None:
    """Keep the answer, to be committed together with what it tells of."""
    if change.idempotency_key is None:
        return
    row = {
        "api_key_id": change.actor.key_id,
        "idempotency_key": change.idempotency_key,
        "request_sha256": _digest(change),
        "answered_at": now,
        "status": response.status_code,
        "headers": {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers},
        "body": bytes(response.body).decode(),
    }
    connection.execute(insert(IdempotentAnswer), row)


def _digest(change: ChangeRequest) -> str:
    return hashlib.sha256(f"{change.target}\n".encode() + change.body).hexdigest()
