"""Cursors: where a page starts, as a text that a client gives back unread."""

import binascii
import datetime
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from decimal import Decimal
from hashlib import blake2b

from sqlalchemy import ColumnElement

from app.errors import FieldError, InvalidCursor
from app.numbers import SIGNIFICANT_DIGITS, exact

KeyValue = str | int | datetime.date | Decimal
Operand = KeyValue | ColumnElement[Decimal]
"""What a key is compared with: a value, or an expression that the database makes one of."""


def _write(value: KeyValue | float) -> str:
    if isinstance(value, Decimal | float):
        return format(exact(Decimal(f"{value:.{SIGNIFICANT_DIGITS}g}")), "f")
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _seal(payload: bytes, scope: str) -> bytes:
    """A check value over the cursor and the list that it belongs to. It guards against mistakes; a cursor grants nothing."""
    return blake2b(payload + b"\0" + scope.encode(), digest_size=9, key=b"company-profiles cursor 1").digest()


def encode_cursor(values: Sequence[KeyValue | float], scope: str) -> str:
    payload = json.dumps([_write(value) for value in values], ensure_ascii=False, separators=(",", ":")).encode()
    return urlsafe_b64encode(_seal(payload, scope) + payload).decode().rstrip("=")


def decode_cursor(cursor: str, readers: Sequence[Callable[[str], Operand]], scope: str) -> list[Operand]:
    """The key values in a cursor. Raises InvalidCursor where it was changed or is of another list."""
    try:
        sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError):
        sealed = b""
    payload = sealed[9:]
    canonical = urlsafe_b64encode(sealed).decode().rstrip("=") == cursor
    if not canonical or sealed[:9] != _seal(payload, scope):
        raise InvalidCursor(
            InvalidCursor.example, errors=[FieldError(field="cursor", message="expected the one of a `next` address")]
        )
    return [read(text) for read, text in zip(readers, json.loads(payload), strict=True)]
