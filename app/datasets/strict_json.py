"""Strict JSON (RFC 8259): UTF-8, exact numbers, unique keys, no NaN, limited nesting.

The standard library's parser accepts more. That is rejected here, because other parsers would read something else.
"""

import json
import re
from itertools import islice
from typing import Final, NoReturn, Self

import orjson

from app.datasets.json_places import json_places
from app.records.located import join
from app.records.validation import Value, read_number

DEEPEST = 100
"""Levels of lists and objects."""
MOST_VALUES = 100_000
"""Values in one record, which needs less than a thousand. An empty list takes thirty times as much memory as it takes to send."""
MOST_ITEM_VALUES = 500_000
"""Values in one item of a dataset, which may be a company with all its facts."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NUMBER_STARTS = frozenset("-0123456789")
_CONSTANTS = ("NaN", "Infinity", "-Infinity")
_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*("?)'
_STRING_OR_BRACKET = re.compile(rf"{_STRING}|[\[\]{{}}]", re.DOTALL)
_STRING_OR_NEXT = re.compile(rf"{_STRING}|[\[{{,]", re.DOTALL)


class JsonFault(ValueError):
    """What is wrong with a text that is not strict JSON, and where.

    ``line`` and ``column`` count from 1, the latter in characters. ``path`` is the field, such as ``names[0].language``,
    or empty if unknown.
    """

    def __init__(self, message: str, line: int = 1, column: int = 1, path: str = "") -> None:
        super().__init__(f"{message} (line {line}, column {column})")
        self.message = message
        self.line = line
        self.column = column
        self.path = path

    def moved(self, line: int, column: int, path: str) -> Self:
        """The same fault in a longer text, in which this text starts at a line and column and is the field ``path``."""
        moved_column = self.column + column - 1 if self.line == 1 else self.column
        return type(self)(self.message, self.line + line - 1, moved_column, join(path, self.path))


class NotJson(JsonFault):
    """The text breaks the grammar of JSON, so nothing after this position can be interpreted."""


def parse_json(content: bytes, most: int = MOST_VALUES) -> Value:
    """The value of a JSON text in UTF-8, with or without byte order mark. Raises JsonFault, also if it has too many values."""
    return parse_json_text(decode_json(content), most)


def parse_line(line: bytes) -> Value:
    """As ``parse_json``, but twice as fast for text exactly as orjson writes it. Numbers with a decimal point are then floats.

    orjson accepts repeated keys and rounds long numbers. Text that survives a round trip has neither.
    """
    if line.count(b"[") + line.count(b"{") <= DEEPEST and line.count(b",") < MOST_VALUES:
        try:
            value: Value = orjson.loads(line)
        except orjson.JSONDecodeError:
            return parse_json(line)
        if orjson.dumps(value) == line.rstrip():
            return value
    return parse_json(line)


def parse_json_text(text: str, most: int = MOST_VALUES) -> Value:
    """As ``parse_json``, for decoded text."""
    require_few_values(text, most)
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
    """Decodes UTF-8 and removes the byte order mark. Raises JsonFault if it is not UTF-8, or contains NUL."""
    content = content.removeprefix(BYTE_ORDER_MARK)
    if b"\0" in content:
        raise _fault_at(content.decode("utf-8", "replace"), content.index(b"\0"), "contains a NUL byte; expected UTF-8 text")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        raise _fault_at(before, len(before), not_utf8(content[error.start])) from None


def not_utf8(byte: int) -> str:
    """The message for a byte that is invalid in UTF-8."""
    return f"is not UTF-8: byte 0x{byte:02x}; save it as UTF-8"


def require_few_values(text: str, most: int, start: int = 0, end: int | None = None) -> None:
    """Raises JsonFault if a JSON text has more than about ``most`` values, before any of them is made.

    Each value but the first follows a comma or a bracket. Marks within strings are sorted out only if there are many in all.
    """
    end = len(text) if end is None else end
    if sum(text.count(mark, start, end) for mark in ",[{") < most:
        return
    marks = (match for match in _STRING_OR_NEXT.finditer(text, start, end) if match.group() in ",[{")
    for match in islice(marks, most, None):
        raise _fault_at(text, match.start(), f"has more than {most:,} values", start=start)


def value_end(text: str, start: int) -> int | None:
    """The end of the list, object or string that starts at a position; None if the text ends first.

    Only brackets and quotes count, so the text between them may be invalid. Raises JsonFault if it is nested too deeply,
    which protects the parser's stack, or has so many brackets and strings that it has more than ``MOST_ITEM_VALUES``.
    """
    depth = 0
    for number, match in enumerate(_STRING_OR_BRACKET.finditer(text, start)):
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
        if number > 3 * MOST_ITEM_VALUES:  # two brackets, or a key and a string, for each value
            raise _fault_at(text, match.start(), f"has more than {MOST_ITEM_VALUES:,} values", start=start)
    return None


def _fault_at(text: str, position: int, message: str, path: str = "", start: int = 0) -> JsonFault:
    """A fault at a position. Lines and columns are counted from ``start``."""
    line_start = text.rfind("\n", start, position) + 1 or start
    return JsonFault(message, text.count("\n", start, position) + 1, position - line_start + 1, path)


def syntax_fault(text: str, error: json.JSONDecodeError) -> NotJson:
    """The parser's error, with the last field before it."""
    path = ""
    if error.msg != "Extra data":
        for place in json_places(text[: error.pos + 1]):
            path = place.path
    return NotJson(f"is not JSON: {error.msg.removesuffix(' at')}", error.lineno, error.colno, path)


def _refusal(text: str, message: str) -> JsonFault:
    """The fault at which the parser stopped with ``message``. Up to there the text is well-formed."""
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
    raise ValueError(f"{constant} is not a number")


DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=read_number, parse_int=read_number, parse_constant=_refuse_constant
)
