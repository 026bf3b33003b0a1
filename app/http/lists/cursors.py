"""Cursors: where a page starts, as an opaque text sealed with the secret of the dataset.

The secret is in the database, so it is known only after the statement of the page was run. What a cursor says until then is
taken for what it may be, a forgery: its values must be such as any column holds, and they only say which rows to read. The page
is made only if the seal is genuine.
"""

import binascii
import datetime
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b

import orjson

from app.errors.problem import FieldError
from app.errors.reading import InvalidCursor
from app.values.numbers import SIGNIFICANT_DIGITS, exact
from app.values.text import LONGEST_KEY, require_printable

KeyValue = str | int | datetime.date | Decimal

_SEAL_BYTES = 18


def _write(value: KeyValue | float) -> str:
    if isinstance(value, Decimal | float):
        return format(exact(Decimal(f"{value:.{SIGNIFICANT_DIGITS}g}")), "f")
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _seal(payload: bytes, scope: str, secret: str) -> bytes:
    """A check value over the cursor and the list that it belongs to, which nobody can make without the secret."""
    return blake2b(payload + b"\0" + scope.encode(), digest_size=_SEAL_BYTES, key=secret.encode()).digest()


def encode_cursor(values: Sequence[KeyValue | float], scope: str, secret: str) -> str:
    payload = orjson.dumps([_write(value) for value in values])
    return urlsafe_b64encode(_seal(payload, scope, secret) + payload).decode().rstrip("=")


@dataclass(frozen=True)
class ReceivedCursor:
    """A cursor that a client sent: the key values in it, and its seal, which is yet to be compared."""

    values: list[KeyValue]
    payload: bytes
    seal: bytes

    def require_seal(self, scope: str, secret: str) -> None:
        """Raises InvalidCursor unless the cursor was made for this list with this secret."""
        if not hmac.compare_digest(self.seal, _seal(self.payload, scope, secret)):
            raise invalid_cursor()


def receive_cursor(cursor: str, readers: Sequence[Callable[[str], KeyValue]]) -> ReceivedCursor:
    """The key values of a cursor, whatever a client may have made of it. Raises InvalidCursor."""
    try:
        sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        payload = sealed[_SEAL_BYTES:]
        texts: list[str] = orjson.loads(payload)
        values = [_read(read, text) for read, text in zip(readers, texts, strict=True)]
    except (ArithmeticError, TypeError, ValueError, binascii.Error):
        raise invalid_cursor() from None
    if urlsafe_b64encode(sealed).decode().rstrip("=") != cursor:
        raise invalid_cursor()
    return ReceivedCursor(values, payload, sealed[:_SEAL_BYTES])


def _read(read: Callable[[str], KeyValue], text: object) -> KeyValue:
    """A key value that both engines take as a parameter. Raises ValueError or ArithmeticError."""
    if not isinstance(text, str) or len(text) > LONGEST_KEY:
        raise ValueError("no key value")
    value = read(require_printable(text))
    return exact(value) if isinstance(value, Decimal) else value


def invalid_cursor() -> InvalidCursor:
    errors = [FieldError(field="cursor", message="expected a cursor from a `next` URL")]
    return InvalidCursor(InvalidCursor.example, errors=errors)
