"""What is wrong with a value, in words: what its field expects, with an example, and what was probably meant.

Pydantic describes a text that is too long or has the wrong form by a number or a regular expression. Readers of a message
want to know what to write instead.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from app.values.text import (
    COUNTRY_PATTERN,
    KEYWORD_PATTERN,
    LANGUAGE_PATTERN,
    PATTERNS_IN_WORDS,
    SHA256_PATTERN,
    SLUG_PATTERN,
    WEB_URL_PATTERN,
    country_fault,
)
from app.values.units import UNIT_FORM, unit_fault

_PATTERNS: Final = {
    **dict.fromkeys(("slug", "source", "company"), SLUG_PATTERN),
    **dict.fromkeys(("metric", "category", "type", "scheme"), KEYWORD_PATTERN),
    **dict.fromkeys(("sha256", "edition"), SHA256_PATTERN),
    "language": LANGUAGE_PATTERN,
    "url": WEB_URL_PATTERN,
}
"""The form of fields: a text that is too short or too long has the wrong form too."""
_DATE: Final = "a date such as 2014 or 2014-05-06"
_DATES: Final = ("date", "period", "founded", "published")
_LONGEST_SHOWN: Final = 60
_LONGEST_INPUT: Final = 80
_TEXTS: Final = ("string_too_short", "string_too_long", "string_pattern_mismatch")
_OF_TYPE: Final = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "decimal_type": "a number in plain digits, such as 1200000 or 23.8",
    "decimal_parsing": "a number in plain digits, such as 1200000 or 23.8",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "model_type": "a mapping",
    "dict_type": "a mapping",
}


def expectation(error: str, context: Mapping[str, Any], field: str, given: object, shown: str) -> str | None:
    """What is wrong with the value of a field, from the type and the context of Pydantic's error; None if Pydantic says it best.

    ``field`` is the name, without the path, and ``shown`` is the value as messages show it.
    """
    is_short = isinstance(given, str) and 0 < len(given) <= _LONGEST_SHOWN
    if is_short and field in _FAULTS and error in (*_TEXTS, "value_error"):
        return _FAULTS[field](str(given))
    if error in _TEXTS and isinstance(given, str):
        return _of_text(error, context, field, given, shown)
    if expected := _DATE if error == "model_type" and field in _DATES else _OF_TYPE.get(error):
        unquoted = error == "string_type" and isinstance(given, int | float | Decimal) and not isinstance(given, bool)
        return f"expected {expected}, not {shown}" + ("; put it in quotes" if unquoted else "")
    if error in ("too_short", "too_long"):
        bound = context["min_length" if error == "too_short" else "max_length"]
        items = "item" if bound == 1 else "items"
        return f"should have at {'least' if error == 'too_short' else 'most'} {bound} {items}, not {context['actual_length']}"
    if error == "literal_error":
        return f"expected {context['expected'].replace(chr(39), '')}, not {shown}{_question(_qualifier(field, given))}"
    return "is missing" if error == "missing" else None


def clipped(value: object) -> str:
    """A text in quotes, or another value as it is, cut if it is long."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST_INPUT else f"{text[:_LONGEST_INPUT]}…"


def parameter_fault(entry: Mapping[str, Any], field: str) -> str:
    """What is wrong with a parameter of a request, from Pydantic's error. A text may lack its type there."""
    error, given = entry["type"], entry["input"]
    if error in ("too_short", "too_long") and isinstance(given, str):
        error = f"string_{error}"
    message = expectation(error, entry.get("ctx", {}), field, given, clipped(given))
    return message or str(entry["msg"]).removeprefix("Value error, ").removeprefix("Input ")


def _of_text(error: str, context: Mapping[str, Any], field: str, given: str, shown: str) -> str:
    pattern = _PATTERNS.get(field) or context.get("pattern", "")
    form = UNIT_FORM if field == "unit" else PATTERNS_IN_WORDS.get(pattern)
    if not given.strip():
        return f"is empty; expected {form or 'at least 1 character'}"
    if error == "string_too_long" and (form is None or len(given) > _LONGEST_SHOWN):
        return f"should have at most {context['max_length']} characters, not {len(given):,}"
    if error == "string_too_short" and form is None:
        return f"should have at least {context['min_length']} characters, not {len(given)}"
    return f"expected {form or 'another form of text'}, not {shown}{_question(_text(pattern, given))}"


def _question(meant: str | None) -> str:
    return f"; did you mean {meant}?" if meant else ""


def _text(pattern: str, given: str) -> str | None:
    """What was probably meant by a text of the wrong form."""
    from app.values import meant  # noqa: PLC0415 - only errors need its tables

    if pattern in (SLUG_PATTERN, KEYWORD_PATTERN):
        return meant.words_joined(given, "-" if pattern == SLUG_PATTERN else "_")
    return meant.address_meant(given) if pattern == WEB_URL_PATTERN else None


def _qualifier(field: str, given: object) -> str | None:
    from app.values.meant import qualifier_meant  # noqa: PLC0415 - as above

    return qualifier_meant(given) if field == "qualifier" and isinstance(given, str) else None


def _country(text: str) -> str:
    from app.values.meant import country_meant  # noqa: PLC0415 - as above

    if meant := country_meant(text):
        return f"expected two capital letters, {meant}, not {text!r}"
    is_code = re.fullmatch(COUNTRY_PATTERN, text)
    return country_fault(text) if is_code else f"expected {PATTERNS_IN_WORDS[COUNTRY_PATTERN]}, not {text!r}"


def _unit(text: str) -> str:
    from app.values.meant import unit_meant  # noqa: PLC0415 - as above

    return unit_fault(text, unit_meant(text))


_FAULTS: Final[Mapping[str, Callable[[str], str]]] = {"country": _country, "unit": _unit}
"""The message for a wrong value of a field, whichever of its checks fails."""
