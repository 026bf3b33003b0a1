"""Shared by the open-data readers: bounded reading, and access to JSON values with the path of errors."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from app.datasets.file_signatures import LONGEST_SIGNATURE, foreign_format
from app.datasets.flattening import LARGEST_FILE
from app.datasets.json_places import json_lines
from app.datasets.ndjson_reader import LONGEST_LINE, numbered_lines
from app.datasets.strict_json import BYTE_ORDER_MARK, JsonFault, decode_json, parse_json
from app.records.located import DatasetFinding, FilePlace, Findings
from app.records.validation import Value, shown
from app.values.text import NEW_TEXT


class Malformed(ValueError):
    """The text does not have the expected format: the path of a field, and what is wrong with it."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


class Lines:
    """The lines of a stream without its byte order mark. ``first`` is the first line that is not blank, ``line`` its number."""

    def __init__(self, file: str, stream: BinaryIO) -> None:
        self.file = file
        self._stream = stream
        self._lines = numbered_lines(stream)
        lines = ((number, line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line) for number, line in self._lines)
        self.line, self.first = next(((number, line) for number, line in lines if line.strip()), (1, b""))

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """Each line with its number. Lines beyond the limit are cut."""
        if self.first:
            yield self.line, self.first
        yield from self._lines

    def fault(self, expected: str) -> DatasetFinding | None:
        """Why there is no text to read: the file is empty, compressed, or not UTF-8. None if there may be."""
        if self.first:
            foreign = foreign_format(self.first[:LONGEST_SIGNATURE])
            return FilePlace(self.file, 0).finding("", foreign) if foreign else None
        return FilePlace(self.file, 0).finding("", f"is empty: expected {expected}")

    def document(self) -> "Document":
        """All lines as one JSON text. The limit is about four times the largest SEC company facts file."""
        content = self.first + self._stream.read(LARGEST_FILE)
        return Document(self.file, self.line, content, LARGEST_FILE)


def decoded(line: bytes) -> str:
    """The text of a line. Raises JsonFault, with line 1, if it is too long or not UTF-8."""
    if len(line) > LONGEST_LINE:
        raise JsonFault(f"the line is longer than {LONGEST_LINE // 1024**2} MB")
    return decode_json(line)


def add_fault(fault: JsonFault, file: str, first_line: int, findings: Findings) -> None:
    """Reports why a JSON text is unreadable. ``first_line`` is the line of the file on which the text starts."""
    place = FilePlace(file, first_line + fault.line - 1)
    findings.add(place.finding(fault.path, f"{fault.message} at column {fault.column}"))


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON text that starts on a line of a file. ``longest`` is its size limit in bytes."""

    file: str
    line: int
    content: bytes
    longest: int

    def parse(self) -> Value:
        """The value. Raises JsonFault, whose lines count from the start of the text."""
        if len(self.content) > self.longest:
            raise JsonFault(f"is longer than {self.longest // 1024**2} MB")
        return parse_json(self.content, self.longest)  # as many values as there is room for

    def place(self, path: str = "") -> FilePlace:
        return FilePlace(self.file, self.line, path)

    def add_fault(self, fault: JsonFault, findings: Findings) -> None:
        """Reports why the text is unreadable."""
        add_fault(fault, self.file, self.line, findings)

    def report(self, found: Findings, findings: Findings) -> None:
        """Adds the findings found in the document, each with the line of its field."""
        if found.count:
            place = FilePlace(self.file, self.line, lines=json_lines(decode_json(self.content), self.line))
            found.listed = [finding._replace(line=place.line_of(finding.field)) for finding in found.listed]
            findings.include(found)


def mapping(value: Value, path: str) -> dict[str, Value]:
    """The value, which must be an object. PHP writes an empty object as a list. Raises Malformed."""
    if isinstance(value, dict):
        return value
    if value == []:
        return {}
    raise Malformed(path, "is missing" if value is None else f"expected an object, not {shown(value)}")


def items(value: Value, path: str) -> list[Value]:
    """The value, which must be a list. Raises Malformed."""
    if isinstance(value, list):
        return value
    raise Malformed(path, "is missing" if value is None else f"expected a list, not {shown(value)}")


def words(value: Value, path: str) -> str:
    """The value, which must be text that is not blank. Raises Malformed."""
    if isinstance(value, str) and value.strip():
        return value
    raise Malformed(path, "is missing" if value is None else f"expected text, not {shown(value)}")


def fits(adapter: TypeAdapter[str], value: Value) -> bool:
    """Whether a value is valid for a type."""
    try:
        adapter.validate_python(value, context=NEW_TEXT)
    except ValidationError:
        return False
    return True
