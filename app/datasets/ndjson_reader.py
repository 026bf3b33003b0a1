"""Datasets for machines: one JSON object a line, read line by line.

Each object has a ``kind`` and, for a fact, the slug of its ``company``, beside the fields of its record.
"""

import json
from collections.abc import Iterator
from typing import BinaryIO, NoReturn

from app.datasets.records import FACT_KINDS, KINDS, LocatedRecord, Place, Problems
from app.datasets.validation import Value, read_number, shown, to_record

LONGEST_LINE = 16 * 1024 * 1024
"""In bytes."""


def read_ndjson(file: str, stream: BinaryIO, problems: Problems) -> Iterator[LocatedRecord]:
    """The valid records of a stream in their order; memory is bounded by the longest line."""
    found = False
    for number, line in _lines(stream):
        place = Place(file, number)
        content = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not content.strip():
            continue
        found = True
        try:
            value = _parse(content)
        except ValueError as error:
            problems.add(place.problem("", str(error)))
            continue
        record = _to_record(value, place, problems)
        if record:
            yield record
    if not found:
        problems.add(Place(file, 0).problem("", "is empty: expected one JSON object a line"))


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        rest = line
        while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
            rest = stream.readline(LONGEST_LINE + 1)
        yield number, line


def _parse(line: bytes) -> Value:
    if len(line) > LONGEST_LINE:
        raise ValueError(f"the line is longer than {LONGEST_LINE // 1024**2} MB")
    if b"\0" in line:
        raise ValueError("contains a NUL byte; expected UTF-8 text")
    try:
        text = line.decode("utf-8")
        value: Value = json.loads(
            text, object_pairs_hook=_unique, parse_float=read_number, parse_int=read_number, parse_constant=_refuse
        )
    except UnicodeDecodeError as error:
        raise ValueError(f"is not UTF-8: byte 0x{line[error.start]:02x} at byte {error.start + 1} of the line") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    return value


def _unique(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {shown(twice)} is given twice")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _to_record(value: Value, place: Place, problems: Problems) -> LocatedRecord | None:
    if not isinstance(value, dict):
        problems.add(place.problem("", f"expected a JSON object, not {shown(value)}"))
        return None
    given = value.pop("kind", None)
    kind = next((kind for kind in KINDS if kind == given), None)
    if kind is None:
        expected = f"expected one of {', '.join(KINDS)}"
        problems.add(place.problem("kind", f"is missing; {expected}" if given is None else f"{expected}, not {shown(given)}"))
        return None
    company = value.pop("company", None) if kind in FACT_KINDS else None
    return to_record(kind, company, value, place, problems)
