"""A JSON text of any length, seen through a window: as much of it is in memory as the value that is read."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from app.datasets.strict_json import DECODER, JsonFault, NotJson, not_utf8, syntax_fault, value_end

LARGEST_VALUE = 16 * 1024 * 1024
"""In characters."""
_TOO_LARGE = f"is larger than {LARGEST_VALUE // 1024**2} MB"
_CHUNK = 64 * 1024
_SPACE = re.compile(r"[ \t\r\n]*")
_SCALAR = re.compile(r'[^\s,:"\[\]{}]*')
_LONGEST_WORD = 10


class ValueText(NamedTuple):
    """The text of a value and where it starts; it may still be no JSON."""

    line: int
    column: int
    text: str


class JsonWindow:
    """Reads values and the punctuation between them. Each method raises JsonFault; ``path`` is the field that it names."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text = ""
        self._position = 0
        self._ended = False
        self.line = 1
        self.column = 1

    def peek(self, path: str = "") -> str:
        """The next character that is no white space; empty where the text ends."""
        while True:
            self._advance(self._after(_SPACE))
            if self._position < len(self._text):
                return self._text[self._position]
            if not self._fill(path):
                return ""

    def take(self, expected: str, path: str = "") -> str:
        """The next character, which must be one of these."""
        found = self.peek(path)
        if not found or found not in expected:
            wanted = " or ".join(expected)
            message = f"expected {wanted}, not {found}" if found else f"the text ends here; expected {wanted}"
            raise self.fault(message, path)
        self._advance(self._position + 1)
        return found

    def elements(self, brackets: str, path: str = "") -> Iterator[int]:
        """Counts from 0, each time before an element of the list or object in these brackets, which is then to be read."""
        opening, closing = brackets[0], brackets[1]
        self.take(opening, path)
        if self.peek(path) == closing:
            self.take(closing, path)
            return
        index = 0
        yield index
        while self.take(f",{closing}", path) != closing:
            index += 1
            yield index

    def value(self, path: str) -> ValueText:
        """The text of the next value."""
        if not self.peek(path) or self._text[self._position] in ",:]}":
            raise self.fault("expected a value", path)
        while (end := self._value_end(path)) is None:
            if len(self._text) - self._position > LARGEST_VALUE:
                raise self._endless(_TOO_LARGE, path)
            if not self._fill(path):
                raise self._endless("is not JSON: the text ends before this does", path)
        if end - self._position > LARGEST_VALUE:
            raise NotJson(_TOO_LARGE, self.line, self.column, path)
        value = ValueText(self.line, self.column, self._text[self._position : end])
        self._advance(end)
        return value

    def fault(self, message: str, path: str = "") -> NotJson:
        """A fault at what comes next."""
        return NotJson(f"is not JSON: {message}", self.line, self.column, path)

    def _value_end(self, path: str) -> int | None:
        if self._text[self._position] in '"[{':
            try:
                return value_end(self._text, self._position)
            except JsonFault as fault:
                raise fault.moved(self.line, self.column, path) from None
        end = self._after(_SCALAR)
        return end if end < len(self._text) or self._ended else None

    def _endless(self, message: str, path: str) -> JsonFault:
        """The fault of a value whose end is not found: what is no JSON in it, or else ``message``."""
        rest = self._text[self._position :]
        try:
            DECODER.raw_decode(rest)
        except json.JSONDecodeError as error:
            if error.pos < len(rest) - _LONGEST_WORD and not error.msg.startswith("Unterminated"):
                return syntax_fault(rest, error).moved(self.line, self.column, path)
        except ValueError:
            pass  # a key that comes twice is not why it has no end
        return NotJson(message, self.line, self.column, path)

    def _after(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self._position)
        return match.end() if match else self._position

    def _advance(self, position: int) -> None:
        newlines = self._text.count("\n", self._position, position)
        if newlines:
            self.line += newlines
            self.column = position - self._text.rfind("\n", self._position, position)
        else:
            self.column += position - self._position
        self._position = position

    def _fill(self, path: str) -> bool:
        """Reads on, as much again as there is unread, so that a long value is searched for its end few times."""
        if self._ended:
            return False
        unread = self._text[self._position :]
        content = self._stream.read(max(_CHUNK, len(unread)))
        self._ended = not content
        try:
            self._text, self._position = unread + self._decoder.decode(content, self._ended), 0
        except UnicodeDecodeError as error:
            self._text, self._position = unread + error.object[: error.start].decode("utf-8"), 0
            self._advance(len(self._text))
            raise NotJson(not_utf8(error.object[error.start]), self.line, self.column, path) from None
        return not self._ended or bool(self._text)
