"""What the readers of open data share: bounded reading, and the values of a JSON text with the path of what is wrong."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from app.datasets.json_places import json_lines
from app.datasets.strict_json import BYTE_ORDER_MARK, JsonFault, decode_json, parse_json
from app.records.located import Place, Problems, join
from app.records.validation import Value, shown

LONGEST_LINE = 16 * 1024 * 1024
LARGEST_DOCUMENT = 64 * 1024 * 1024
"""In bytes. The largest file of company facts has about a quarter of that; a larger document is no such file."""


class Malformed(ValueError):
    """A text that is not of the format: the path of the field, and what is wrong with it."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


class Lines:
    """The lines of a stream, numbered from 1, without byte order mark. ``first`` is the first that is not blank, on ``line``."""

    def __init__(self, file: str, stream: BinaryIO) -> None:
        self.file = file
        self._stream = stream
        self.line = 1
        self.first = stream.readline(LONGEST_LINE + 1).removeprefix(BYTE_ORDER_MARK)
        while self.first and not self.first.strip():
            self.line += 1
            self.first = stream.readline(LONGEST_LINE + 1)

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """Each line with its number; of one that is longer than the limit only the first part."""
        number, line = self.line, self.first
        while line:
            yield number, line
            while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                line = self._stream.readline(LONGEST_LINE + 1)
            number += 1
            line = self._stream.readline(LONGEST_LINE + 1)

    def document(self) -> "Document":
        """All lines as one JSON text."""
        content = self.first + self._stream.read(LARGEST_DOCUMENT)
        return Document(self.file, self.line, content, LARGEST_DOCUMENT)


def decoded(line: bytes) -> str:
    """The text of a line. Raises JsonFault where it is too long or no UTF-8; its own line counts as the first one."""
    if len(line) > LONGEST_LINE:
        raise JsonFault(f"the line is longer than {LONGEST_LINE // 1024**2} MB")
    return decode_json(line)


def add_fault(fault: JsonFault, file: str, first_line: int, problems: Problems) -> None:
    """Adds what makes a JSON text unreadable; ``first_line`` is the line of the file that the text starts on."""
    place = Place(file, first_line + fault.line - 1)
    problems.add(place.problem(fault.path, f"{fault.message} at column {fault.column}"))


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON text that starts on a line of a file. ``longest`` is in bytes."""

    file: str
    line: int
    content: bytes
    longest: int

    def parse(self) -> Value:
        """Raises JsonFault, for which the text's own first line is line 1."""
        if len(self.content) > self.longest:
            raise JsonFault(f"is longer than {self.longest // 1024**2} MB")
        return parse_json(self.content)

    def place(self, path: str = "") -> Place:
        return Place(self.file, self.line, path)

    def add_fault(self, fault: JsonFault, problems: Problems) -> None:
        """Adds what makes the text unreadable."""
        add_fault(fault, self.file, self.line, problems)

    def tell(self, found: Problems, problems: Problems) -> None:
        """Adds the problems that were found in the document, each with the line of its field."""
        if found.count:
            place = Place(self.file, self.line, lines=json_lines(decode_json(self.content), self.line))
            found.listed = [problem._replace(line=place.line_of(problem.field)) for problem in found.listed]
            problems.include(found)


def mapping(value: Value, path: str) -> dict[str, Value]:
    """The value, which must be an object. PHP writes an empty one as a list. Raises Malformed."""
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
    """The value, which must be a text with something in it. Raises Malformed."""
    if isinstance(value, str) and value.strip():
        return value
    raise Malformed(path, "is missing" if value is None else f"expected text, not {shown(value)}")


def fits(adapter: TypeAdapter[str], value: Value) -> bool:
    """Whether the database takes a text."""
    try:
        adapter.validate_python(value)
    except ValidationError:
        return False
    return True


def count(left_out: Counter[str], name: str, number: int) -> None:
    """Counts what is left out. What is left out no time does not appear."""
    if number:
        left_out[name] += number


def count_leaves(value: Value, path: str, left_out: Counter[str]) -> None:
    """Counts each value below a path that is neither null nor empty, by its path without positions in lists."""
    if isinstance(value, dict):
        for name, inner in value.items():
            count_leaves(inner, join(path, name), left_out)
    elif isinstance(value, list):
        for inner in value:
            count_leaves(inner, path, left_out)
    elif value not in (None, ""):
        left_out[path] += 1
