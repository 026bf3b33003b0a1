"""Opens dataset files and picks the reader: YAML for people, JSON and NDJSON for machines."""

import io
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Literal

from app.datasets.file_signatures import LONGEST_SIGNATURE, foreign_format
from app.datasets.json_reader import read_json
from app.datasets.ndjson_reader import read_ndjson
from app.datasets.other_texts import LONGEST_BEGINNING, other_text
from app.records.located import FilePlace, Findings, LocatedRecord

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STANDARD_INPUT = "-"
Format = Literal["yaml", "json", "ndjson"]
FORMATS: Final[tuple[Format, ...]] = ("yaml", "json", "ndjson")
MEDIA_TYPES: Final[Mapping[str, Format]] = {
    "application/yaml": "yaml",
    "application/json": "json",
    "application/x-ndjson": "ndjson",
}
"""The format of each media type (RFC 9512, RFC 8259; that of NDJSON is common but not registered)."""

_ENDINGS: Final[Mapping[str, Format]] = {
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
}
_BUFFER = 64 * 1024

FileReader = Callable[[Path | str, str, BinaryIO, Findings], Iterator[LocatedRecord]]
"""Yields the valid records of a file. Takes its path, its name in errors, its bytes, and where to add findings."""


def read_dataset(
    paths: Iterable[Path | str], standard_input: BinaryIO | None = None, format: Format | None = None
) -> Iterator[LocatedRecord]:
    """The valid records of the files, in order; ``-`` is standard input.

    ``format`` applies to all files. Without it the file extension decides, and standard input is NDJSON.
    Raises DatasetInvalid at the end, with everything that is wrong in any of the files, so use the records
    only after the iteration has ended, as ``load`` does.
    """

    def read(path: Path | str, name: str, stream: BinaryIO, findings: Findings) -> Iterator[LocatedRecord]:
        return _read(name, stream, format or _format_of(path), findings)

    return read_files(paths, read, standard_input)


def read_files(paths: Iterable[Path | str], read: FileReader, standard_input: BinaryIO | None = None) -> Iterator[LocatedRecord]:
    """As ``read_dataset``, with ``read`` as the reader of each file."""
    findings = Findings()
    for path in paths:
        name = "standard input" if str(path) == STANDARD_INPUT else str(path)
        try:
            with _opened(path, standard_input) as stream:
                yield from read(path, name, stream, findings)
        except OSError as error:
            findings.add(FilePlace(name, 0).finding("", (error.strerror or str(error)).lower()))
    findings.raise_if_any()


def read_stream(name: str, stream: BinaryIO, format: Format) -> Iterator[LocatedRecord]:
    """The valid records of an open stream, such as a request body. Errors call it ``name``.

    Raises DatasetInvalid at the end, as ``read_dataset`` does.
    """
    findings = Findings()
    yield from _read(name, stream, format, findings)
    findings.raise_if_any()


def _opened(path: Path | str, standard_input: BinaryIO | None) -> AbstractContextManager[BinaryIO]:
    return nullcontext(standard_input or sys.stdin.buffer) if str(path) == STANDARD_INPUT else Path(path).open("rb")


def _format_of(path: Path | str) -> Format | None:
    return "ndjson" if str(path) == STANDARD_INPUT else _ENDINGS.get(Path(path).suffix.lower())


def _read(name: str, stream: BinaryIO, format: Format | None, findings: Findings) -> Iterator[LocatedRecord]:
    buffered = io.BufferedReader(_Borrowed(stream), _BUFFER)
    head = buffered.peek(LONGEST_BEGINNING)[:LONGEST_BEGINNING]
    if foreign := foreign_format(head[:LONGEST_SIGNATURE]) or other_text(head):
        findings.add(FilePlace(name, 0).finding("", foreign))
    elif format is None:
        findings.add(FilePlace(name, 0).finding("", f"unknown file extension; expected one of {', '.join(_ENDINGS)}"))
    elif format == "yaml":
        from app.datasets.yaml_reader import read_yaml  # noqa: PLC0415 - few requests need the memory that it takes

        yield from read_yaml(name, buffered, findings)
    else:
        yield from (read_json if format == "json" else read_ndjson)(name, buffered, findings)


class _Borrowed(io.RawIOBase):
    """Wraps any stream so that it can be buffered without being closed."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        content = self._stream.read(len(view))
        view[: len(content)] = content
        return len(content)
