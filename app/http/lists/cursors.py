"""Cursors: where a page starts, as an opaque text."""

import binascii
import datetime
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from decimal import Decimal
from hashlib import blake2b

import orjson

from app.errors.problem import FieldError
from app.errors.reading import InvalidCursor
from app.values.numbers import SIGNIFICANT_DIGITS, exact

KeyValue = str | int | datetime.date | Decimal


def _write(value: KeyValue | float) -> str:
    if isinstance(value, Decimal | float):
        return format(exact(Decimal(f"{value:.{SIGNIFICANT_DIGITS}g}")), "f")
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _seal(payload: bytes, scope: str) -> bytes:
    """A check value over the cursor and the list that it belongs to. It guards against mistakes; a cursor grants nothing."""
    return blake2b(payload + b"\0" + scope.encode(), digest_size=9, key=b"company-profiles cursor 1").digest()


def encode_cursor(values: Sequence[KeyValue | float], scope: str) -> str:
    payload = orjson.dumps([_write(value) for value in values])
    return urlsafe_b64encode(_seal(payload, scope) + payload).decode().rstrip("=")


def decode_cursor(cursor: str, readers: Sequence[Callable[[str], KeyValue]], scope: str) -> list[KeyValue]:
    """The key values in a cursor. Raises InvalidCursor if it was changed or belongs to another list."""
    try:
        sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError):
        sealed = b""
    payload = sealed[9:]
    canonical = urlsafe_b64encode(sealed).decode().rstrip("=") == cursor
    if not canonical or sealed[:9] != _seal(payload, scope):
        raise InvalidCursor(
            InvalidCursor.example, errors=[FieldError(field="cursor", message="expected a cursor from a `next` URL")]
        )
    return [read(text) for read, text in zip(readers, orjson.loads(payload), strict=True)]
