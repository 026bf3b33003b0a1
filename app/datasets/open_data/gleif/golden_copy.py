"""LEI records from the rows of a golden copy: the CSV of level 1 data (LEI-CDF 3).

https://www.gleif.org/en/lei-data/gleif-golden-copy
"""

import csv
import re
from collections.abc import Iterator
from itertools import compress

from app.datasets.open_data.gleif.entries import CSV_NAMES, Fields, LeiEntry, OtherName, Successor
from app.datasets.open_data.gleif.sister_formats import sister_of_header
from app.datasets.open_data.left_out import Leaf
from app.datasets.open_data.reading import Lines, add_fault, decoded
from app.datasets.strict_json import JsonFault
from app.records.located import FilePlace, Findings

_OTHER_NAME = re.compile(r"Entity\.(?:OtherEntityNames\.OtherEntityName|TransliteratedOtherEntityNames\.Transl\w+Name)\.\d+")
_SUCCESSOR = re.compile(r"(Entity\.SuccessorEntity(?:\.\d+)?)\.Successor(?:LEI|EntityName)")


def csv_entries(lines: Lines, findings: Findings) -> Iterator[LeiEntry]:
    """The records of a golden copy, row by row. Reading stops where the file is not CSV."""
    rows = _Rows(lines, findings)
    columns: _Columns | None = None
    for line, row in rows:
        if columns is None:
            columns = _Columns(row)
            if columns.fault:
                findings.add(FilePlace(lines.file, line).finding("", columns.fault))
                return
        elif len(row) == len(columns.header):
            yield columns.entry(FilePlace(lines.file, line), row)
        elif row:
            message = f"has {len(row)} fields, but the header has {len(columns.header)}; the file may be truncated"
            findings.add(FilePlace(lines.file, line).finding("", message))


class _Rows:
    """The rows of a CSV file (RFC 4180), each with its first line."""

    def __init__(self, lines: Lines, findings: Findings) -> None:
        self._lines = lines
        self._findings = findings
        self._line = 0

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        rows = csv.reader(self._texts(), strict=True)
        while True:
            first = self._line + 1
            try:
                row = next(rows, None)
            except csv.Error as error:
                fault = "the file may be truncated" if "unexpected end" in str(error) else str(error)
                self._findings.add(FilePlace(self._lines.file, first).finding("", f"is not a CSV row: {fault}"))
                return
            except JsonFault as fault:
                add_fault(fault, self._lines.file, self._line, self._findings)
                return
            if row is None:
                return
            yield first, row

    def _texts(self) -> Iterator[str]:
        for number, line in self._lines:
            self._line = number
            yield decoded(line)


class _Columns:
    """The positions of the columns that are taken. ``fault`` describes an invalid header."""

    def __init__(self, header: list[str]) -> None:
        self.header = header
        self._positions = {name: position for position, name in enumerate(header)}
        self._others = [
            (position, self._positions.get(f"{name}.xmllang"), self._positions.get(f"{name}.type"))
            for name, position in self._positions.items()
            if _OTHER_NAME.fullmatch(name)
        ]
        successors = dict.fromkeys(found[1] for found in map(_SUCCESSOR.fullmatch, header) if found)
        self._successors = [
            (self._positions.get(f"{name}.SuccessorLEI"), self._positions.get(f"{name}.SuccessorEntityName"))
            for name in successors
        ]
        self._single = [self._positions.get(name) for name in CSV_NAMES]

    @property
    def fault(self) -> str | None:
        missing = [name for name in CSV_NAMES[:2] if name not in self._positions]
        if missing:
            return sister_of_header(self.header) or f"is not GLEIF level 1 data: the column {missing[0]} is missing"
        if len(self._positions) < len(self.header):
            twice = next(name for name in self.header if self.header.count(name) > 1)
            return f"the column {twice[:100]} is given twice"
        return None

    def entry(self, place: FilePlace, row: list[str]) -> LeiEntry:
        texts = Fields(*[_take(row, position) for position in self._single])
        others = [OtherName(*[_take(row, position) for position in positions]) for positions in self._others if row[positions[0]]]
        successors = [Successor(_take(row, lei), _take(row, name)) for lei, name in self._successors]
        rest: list[Leaf] = list(compress(zip(self.header, self.header, row, strict=True), row))
        return LeiEntry(place, CSV_NAMES, texts, others, list(filter(any, successors)), rest)


def _take(row: list[str], position: int | None) -> str:
    """The text of a cell, which is then emptied: what remains in the row was not taken."""
    if position is None:
        return ""
    text, row[position] = row[position], ""
    return text
