"""JSON as strict as datasets need it: UTF-8, exact numbers, each key once, no NaN, no bottomless nesting (RFC 8259).

What the standard library's parser lets through is refused here, because another parser would read something else.
"""

import json
import re
from typing import Final, NoReturn, Self

import orjson

from app.datasets.json_places import json_places
from app.records.located import join
from app.records.validation import Value, read_number

DEEPEST = 100
"""Levels of lists and objects."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NUMBER_STARTS = frozenset("-0123456789")
_CONSTANTS = ("NaN", "Infinity", "-Infinity")
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*("?)|[\[\]{}]', re.DOTALL)


class JsonFault(ValueError):
    """What is wrong with a text that is no strict JSON, and where.

    ``line`` and ``column`` count from 1, the latter in characters. ``path``, such as ``names[0].language``, is the
    field where one is known, and empty otherwise.
    """

    def __init__(self, message: str, line: int = 1, column: int = 1, path: str = "") -> None:
        super().__init__(f"{message} (line {line}, column {column})")
        self.message = message
        self.line = line
        self.column = column
        self.path = path

    def moved(self, line: int, column: int, path: str) -> Self:
        """The fault of a text that starts at this place of a longer one, and is its field ``path``."""
        moved_column = self.column + column - 1 if self.line == 1 else self.column
        return type(self)(self.message, self.line + line - 1, moved_column, join(path, self.path))


class NotJson(JsonFault):
    """The text breaks the grammar of JSON, so what follows the place cannot be told."""


def parse_json(content: bytes) -> Value:
    """The value of a JSON text in UTF-8, with or without byte order mark. Raises JsonFault, a ValueError."""
    return parse_json_text(decode_json(content))


def parse_line(line: bytes) -> Value:
    """As ``parse_json``, in half the time where the text is as orjson writes it; numbers with a point are then floats.

    orjson lets a key come twice and cuts long numbers. A text that it writes again as it was has neither.
    """
    if line.count(b"[") + line.count(b"{") <= DEEPEST:
        try:
            value: Value = orjson.loads(line)
        except orjson.JSONDecodeError:
            return parse_json(line)
        if orjson.dumps(value) == line.rstrip():
            return value
    return parse_json(line)


def parse_json_text(text: str) -> Value:
    """As ``parse_json``, of a text that is decoded already."""
    if text.count("[") + text.count("{") > DEEPEST:
        value_end(text, 0)
    try:
        value: Value = DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise syntax_fault(text, error) from None
    except ValueError as error:
        raise _refusal(text, str(error)) from None
    return value


def decode_json(content: bytes) -> str:
    """The text of UTF-8, without byte order mark. Raises JsonFault where it is none, or holds a NUL."""
    content = content.removeprefix(BYTE_ORDER_MARK)
    if b"\0" in content:
        raise _fault_at(content.decode("utf-8", "replace"), content.index(b"\0"), "contains a NUL byte; expected UTF-8 text")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        raise _fault_at(before, len(before), not_utf8(content[error.start])) from None


def not_utf8(byte: int) -> str:
    """The message for a byte that no UTF-8 has at its place."""
    return f"is not UTF-8: byte 0x{byte:02x}; save it as UTF-8"


def value_end(text: str, start: int) -> int | None:
    """Where the list, object or string that starts at a position ends; None where the text ends before.

    Brackets and quotes decide, so what lies between need be no JSON. Raises JsonFault where it is nested too deeply:
    no parser then meets more levels than it has stack for.
    """
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text, start):
        piece = match.group()
        if piece in "[{":
            depth += 1
        elif piece in "]}":
            depth -= 1
        elif not match.group(1):
            return None
        if depth > DEEPEST:
            raise _fault_at(text, match.start(), f"is nested more than {DEEPEST} levels deep", start=start)
        if depth <= 0:
            return match.end()
    return None


def _fault_at(text: str, position: int, message: str, path: str = "", start: int = 0) -> JsonFault:
    """A fault at a character of a text, whose lines and columns are counted from ``start``."""
    line_start = text.rfind("\n", start, position) + 1 or start
    return JsonFault(message, text.count("\n", start, position) + 1, position - line_start + 1, path)


def syntax_fault(text: str, error: json.JSONDecodeError) -> NotJson:
    """The parser's error, with the field that it met last before it."""
    path = ""
    if error.msg != "Extra data":
        for place in json_places(text[: error.pos + 1]):
            path = place.path
    return NotJson(f"is not JSON: {error.msg.removesuffix(' at')}", error.lineno, error.colno, path)


def _refusal(text: str, message: str) -> JsonFault:
    """The fault for which the parser gave up, with ``message``, on a text that is well-formed up to there."""
    for place in json_places(text):
        if place.repeated:
            return _fault_at(text, place.start, "is given twice", place.path)
        try:
            if place.scalar.startswith(_CONSTANTS):
                _refuse_constant(place.scalar)
            elif place.scalar[:1] in _NUMBER_STARTS:
                read_number(place.scalar)
        except ValueError as error:
            return _fault_at(text, place.start, str(error), place.path)
    return JsonFault(message)


def _unique(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a key is given twice")
    return value


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=read_number, parse_int=read_number, parse_constant=_refuse_constant
)
