"""Exact decimal numbers with at most 15 significant digits, so that JSON numbers are lossless.

An IEEE 754 double preserves every decimal of 15 significant digits
(https://www.rfc-editor.org/rfc/rfc8259#section-6 warns of more).
"""

import re
from decimal import MAX_PREC, ROUND_HALF_EVEN, Context, Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

SIGNIFICANT_DIGITS = 15
_LARGEST_EXPONENT = 17
_FINEST_EXPONENT = -40
_LIMITS = "must be smaller than 10^18 and have at most 40 decimal places"
_PLAIN = re.compile(r"-?[0-9]{1,400}(?:\.[0-9]{1,400})?(?:[eE][+-]?[0-9]{1,9})?")
_CONTEXT = Context(prec=SIGNIFICANT_DIGITS, rounding=ROUND_HALF_EVEN)
_UNROUNDED = Context(prec=MAX_PREC)


def _refuse_float_noise(value: object) -> object:
    """Reads a float from a JSON or YAML parser as its shortest text: 23.8 is 23.8."""
    if isinstance(value, bool):
        raise ValueError("expected a number, not true or false")
    if isinstance(value, str) and not _PLAIN.fullmatch(value):
        from app.values.stated_numbers import single_number  # noqa: PLC0415 - only errors need it

        meant = single_number(value)
        question = "" if meant is None else f"; did you mean {plain(meant)}?"
        raise ValueError(f"expected a number in plain digits, such as 1200000 or 23.8{question}")
    return Decimal(repr(value)) if isinstance(value, float) else value


def exact(value: Decimal) -> Decimal:
    """The canonical form of a number. Raises ValueError if it exceeds a limit."""
    if not value.is_finite():
        raise ValueError("must be a finite number")
    if value.is_zero():
        return Decimal(0)
    # Check the exponent first: normalising 1e999999999 would overflow, and 1e-999999999 would become zero.
    if not _FINEST_EXPONENT <= value.adjusted() <= _LARGEST_EXPONENT:
        raise ValueError(_LIMITS)
    normal = value.normalize(_UNROUNDED)
    digits = len(normal.as_tuple().digits)
    if digits > SIGNIFICANT_DIGITS:
        raise ValueError(f"has {digits} significant digits; at most {SIGNIFICANT_DIGITS} are stored exactly")
    if normal.adjusted() - digits + 1 < _FINEST_EXPONENT:
        raise ValueError(_LIMITS)
    return normal


def to_json_number(value: Decimal) -> int | float:
    """The JSON number with the same digits."""
    return int(value) if value == value.to_integral_value() else float(value)


def plain(value: Decimal) -> str:
    """The digits of a number, without an exponent or trailing zeros."""
    return f"{value.normalize(_UNROUNDED):f}"


def rounded(value: Decimal) -> Decimal | None:
    """A number rounded to 15 significant digits; None if it exceeds the limits."""
    try:
        return exact(_CONTEXT.plus(value))
    except (ArithmeticError, ValueError):
        return None


def ratio(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """A quotient rounded to 15 significant digits; None if it is undefined or exceeds the limits."""
    try:
        return rounded(_CONTEXT.divide(numerator, denominator))
    except ArithmeticError:
        return None


Number = Annotated[
    Decimal,
    BeforeValidator(_refuse_float_noise),
    AfterValidator(exact),
    PlainSerializer(to_json_number, return_type=int | float, when_used="json"),
    WithJsonSchema({"type": "number", "exclusiveMinimum": -1e18, "exclusiveMaximum": 1e18}),
    Field(allow_inf_nan=False),
]
"""An exact decimal, serialised as a JSON number."""
