"""Datasets for machines: one JSON object per line, read as a stream.

Each object has a ``kind``, the fields of its record and, for a fact, the slug of its ``company``.
"""

from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from app.datasets.strict_json import BYTE_ORDER_MARK, JsonFault, parse_line
from app.records.located import FilePlace, Findings, LocatedRecord
from app.records.validation import Value, shown, to_record
from app.values.resources import FACT_KINDS, KINDS, Kind

LONGEST_LINE = 16 * 1024 * 1024
"""In bytes."""
_KINDS: Final[Mapping[str, Kind]] = {kind: kind for kind in KINDS}


def read_ndjson(file: str, stream: BinaryIO, findings: Findings) -> Iterator[LocatedRecord]:
    """The valid records of a stream, in order. Memory is bounded by the longest line."""
    found = False
    for number, line in numbered_lines(stream):
        place = FilePlace(file, number)
        if not line.removeprefix(BYTE_ORDER_MARK).strip():
            continue
        found = True
        if len(line) > LONGEST_LINE:
            findings.add(place.finding("", f"the line is longer than {LONGEST_LINE // 1024**2} MB"))
            continue
        try:
            value = parse_line(line)
        except JsonFault as fault:
            findings.add(place.finding(fault.path, f"{fault.message} (column {fault.column})"))
            continue
        record = _to_record(value, place, findings)
        if record:
            yield record
    if not found:
        findings.add(FilePlace(file, 0).finding("", "is empty: expected one JSON object per line"))


def numbered_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines of a stream, numbered from 1. Lines beyond the limit are cut; the rest is skipped when the next is asked for."""
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        yield number, line
        while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            line = stream.readline(LONGEST_LINE + 1)


def _to_record(value: Value, place: FilePlace, findings: Findings) -> LocatedRecord | None:
    if not isinstance(value, dict):
        findings.add(place.finding("", f"expected a JSON object, not {shown(value)}"))
        return None
    given = value.pop("kind", None)
    kind = _KINDS.get(given) if isinstance(given, str) else None
    if kind is None:
        expected = f"expected one of {', '.join(KINDS)}"
        findings.add(place.finding("kind", f"is missing; {expected}" if given is None else f"{expected}, not {shown(given)}"))
        return None
    company = value.pop("company", None) if kind in FACT_KINDS else None
    return to_record(kind, company, value, place, findings)
