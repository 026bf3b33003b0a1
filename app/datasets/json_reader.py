"""Datasets as one JSON object with the same lists as YAML.

The text is held in memory as a whole, so its size is limited. Its items are parsed one by one.
"""

import json
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from app.datasets.flattening import LARGEST_FILE, LISTS, TOO_LARGE, item_records, wrong_key, wrong_value
from app.datasets.json_places import json_lines
from app.datasets.strict_json import (
    DECODER,
    MOST_ITEM_VALUES,
    JsonFault,
    NotJson,
    decode_json,
    parse_json_text,
    require_few_values,
    syntax_fault,
    value_end,
)
from app.records.located import FilePlace, Findings, LocatedRecord
from app.records.validation import Value
from app.values.resources import Kind

LARGEST_ITEM = 16 * 1024 * 1024
"""In characters."""
_EXPECTED = f"expected an object with the lists {', '.join(LISTS)}"
_NDJSON = "one record per line is NDJSON"
_SPACE = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r'[^\s,:"\[\]{}]*')
_LONGEST_WORD = 10


def read_json(file: str, stream: BinaryIO, findings: Findings) -> Iterator[LocatedRecord]:
    """The valid records of a stream, in order.

    Reading continues after an invalid item, and stops where the text is not JSON.
    """
    content = stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        findings.add(FilePlace(file, 0).finding("", TOO_LARGE))
        return
    try:
        text = decode_json(content)
        del content
        for kind, place, item in _items(file, _Cursor(text), findings):
            yield from item_records(kind, place, item, findings)
    except JsonFault as fault:
        _report(file, fault, findings)


class _ValueText(NamedTuple):
    """The text of a value and where it starts. The text may be invalid JSON."""

    line: int
    column: int
    text: str


class _Cursor:
    """A position in a JSON text. Each method raises JsonFault; ``path`` is the field that the fault names."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._line_start = 0
        self.line = 1

    def peek(self) -> str:
        """The next character after white space; empty at the end of the text."""
        self._advance(self._after(_SPACE))
        return self._text[self._position : self._position + 1]

    def take(self, expected: str, path: str = "") -> str:
        """The next character, which must be one of ``expected``."""
        found = self.peek()
        if not found or found not in expected:
            wanted = " or ".join(expected)
            raise self.fault(f"expected {wanted}, not {found}" if found else f"the text ends here; expected {wanted}", path)
        self._advance(self._position + 1)
        return found

    def elements(self, brackets: str, path: str = "") -> Iterator[int]:
        """Counts the elements of a list or object. The caller reads each element before it asks for the next."""
        self.take(brackets[0], path)
        if self.peek() == brackets[1]:
            self.take(brackets[1], path)
            return
        index = 0
        yield index
        while self.take(f",{brackets[1]}", path) == ",":
            index += 1
            yield index

    def value(self, path: str) -> _ValueText:
        """The text of the next value."""
        first = self.peek()
        if not first or first in ",:]}":
            raise self.fault("expected a value", path)
        try:
            end = value_end(self._text, self._position) if first in '"[{' else self._after(_SCALAR)
            require_few_values(self._text, MOST_ITEM_VALUES, self._position, end)
        except JsonFault as fault:
            raise fault.moved(*self._here, path) from None
        if (end or len(self._text)) - self._position > LARGEST_ITEM:
            raise NotJson(f"is larger than {LARGEST_ITEM // 1024**2} MB", *self._here, path)
        if end is None:
            raise self._unended(path)
        value = _ValueText(*self._here, self._text[self._position : end])
        self._advance(end)
        return value

    def fault(self, message: str, path: str = "") -> NotJson:
        """A fault at the current position."""
        return NotJson(f"is not JSON: {message}", *self._here, path)

    @property
    def _here(self) -> tuple[int, int]:
        return self.line, self._position - self._line_start + 1

    def _unended(self, path: str) -> JsonFault:
        """The fault of a value that has no end: the mistake inside it if there is one."""
        rest = self._text[self._position :]
        try:
            DECODER.raw_decode(rest)
        except json.JSONDecodeError as error:
            if error.pos < len(rest) - _LONGEST_WORD and not error.msg.startswith("Unterminated"):
                return syntax_fault(rest, error).moved(*self._here, path)
        except ValueError:
            pass  # A repeated key or an invalid number does not explain the missing end.
        return self.fault("the text ends before this does", path)

    def _after(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self._position)
        return match.end() if match else self._position

    def _advance(self, position: int) -> None:
        if newlines := self._text.count("\n", self._position, position):
            self.line += newlines
            self._line_start = self._text.rindex("\n", self._position, position) + 1
        self._position = position


def _items(file: str, cursor: _Cursor, findings: Findings) -> Iterator[tuple[Kind, FilePlace, Value]]:
    first = cursor.peek()
    if not first:
        findings.add(FilePlace(file, 0).finding("", f"is empty: {_EXPECTED}"))
        return
    if first != "{":
        given = f"a list; {_NDJSON}" if first == "[" else f"{first}…"
        findings.add(FilePlace(file, cursor.line).finding("", f"{_EXPECTED}, not {given}"))
        return
    seen: set[str] = set()
    for _ in cursor.elements("{}"):
        if cursor.peek() != '"':
            raise cursor.fault("expected a key in double quotes")
        line = cursor.line
        key = str(_parsed(cursor.value(""), ""))
        cursor.take(":", key)
        if key in LISTS and key not in seen and cursor.peek() == "[":
            yield from _list_items(file, key, cursor, findings)
        else:
            value = _parsed(cursor.value(key), key)
            if message := wrong_key(key, seen, is_listed=findings.room > 0) or wrong_value(key, value):
                findings.add(FilePlace(file, line).finding(key, message))
        seen.add(key)
    if cursor.peek():
        raise cursor.fault(f"expected the end of the text; {_NDJSON}")


def _list_items(file: str, key: str, cursor: _Cursor, findings: Findings) -> Iterator[tuple[Kind, FilePlace, Value]]:
    for index in cursor.elements("[]", key):
        path = f"{key}[{index}]"
        item = cursor.value(path)
        try:
            value = _parsed(item, path)
        except NotJson:
            raise
        except JsonFault as fault:
            _report(file, fault, findings)
            continue
        lines = json_lines(item.text, item.line) if "\n" in item.text else {}
        yield LISTS[key], FilePlace(file, item.line, path, lines), value


def _parsed(value: _ValueText, path: str) -> Value:
    try:
        return parse_json_text(value.text, MOST_ITEM_VALUES)
    except JsonFault as fault:
        raise fault.moved(value.line, value.column, path) from None


def _report(file: str, fault: JsonFault, findings: Findings) -> None:
    findings.add(FilePlace(file, fault.line).finding(fault.path, f"{fault.message} (column {fault.column})"))
