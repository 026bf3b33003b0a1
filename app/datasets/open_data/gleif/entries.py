"""LEI records, from the rows of a golden copy and from responses of the GLEIF API.

The golden copy is the CSV of level 1 data (LEI-CDF 3), https://www.gleif.org/en/lei-data/gleif-golden-copy;
the API returns JSON:API documents, https://www.gleif.org/en/lei-data/gleif-api.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress
from typing import NamedTuple

from app.datasets.open_data.reading import Document, Lines, Malformed, add_fault, count_leaves, decoded, items, mapping, words
from app.datasets.strict_json import JsonFault
from app.records.located import FilePlace, Findings
from app.records.validation import Value

_OTHER_NAME = re.compile(r"Entity\.(?:OtherEntityNames\.OtherEntityName|TransliteratedOtherEntityNames\.Transl\w+Name)\.\d+")


class Fields(NamedTuple):
    """The texts taken from a record, or the names that a file format has for them. A missing text is empty."""

    lei: str
    name: str
    country: str
    created: str
    updated: str
    status: str


CSV_NAMES = Fields(
    "LEI",
    "Entity.LegalName",
    "Entity.LegalAddress.Country",
    "Entity.EntityCreationDate",
    "Registration.LastUpdateDate",
    "Registration.RegistrationStatus",
)
API_NAMES = Fields(
    "lei",
    "entity.legalName.name",
    "entity.legalAddress.country",
    "entity.creationDate",
    "registration.lastUpdateDate",
    "registration.status",
)


@dataclass(frozen=True, slots=True)
class LeiEntry:
    """What is taken from one LEI record. ``other_names`` have their languages, ``rest`` counts what is not taken."""

    place: FilePlace
    names: Fields
    texts: Fields
    other_names: list[tuple[str, str]]
    rest: Counter[str]


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
            (position, self._positions.get(f"{name}.xmllang"))
            for name, position in self._positions.items()
            if _OTHER_NAME.fullmatch(name)
        ]
        self._single = [self._positions.get(name) for name in CSV_NAMES]

    @property
    def fault(self) -> str | None:
        missing = [name for name in CSV_NAMES[:2] if name not in self._positions]
        if missing:
            return f"is not GLEIF level 1 data: the column {missing[0]} is missing"
        if len(self._positions) < len(self.header):
            twice = next(name for name in self.header if self.header.count(name) > 1)
            return f"the column {twice[:100]} is given twice"
        return None

    def entry(self, place: FilePlace, row: list[str]) -> LeiEntry:
        texts = [_take(row, position) for position in self._single]
        others = [(_take(row, name), _take(row, language)) for name, language in self._others if row[name]]
        return LeiEntry(place, CSV_NAMES, Fields(*texts), others, Counter(compress(self.header, row)))


def _take(row: list[str], position: int | None) -> str:
    """The text of a cell, which is then emptied: what remains in the row was not taken."""
    if position is None:
        return ""
    text, row[position] = row[position], ""
    return text


def api_entries(document: Document, findings: Findings, left_out: Counter[str]) -> Iterator[LeiEntry]:
    """The records of an API response: a list, or a single one. Raises JsonFault and Malformed."""
    response = mapping(document.parse(), "")
    data = response.pop("data", None)
    count_leaves(response, "", left_out)
    listed = data if isinstance(data, list) else [mapping(data, "data")]
    for index, resource in enumerate(listed):
        path = f"data[{index}]" if isinstance(data, list) else "data"
        try:
            yield _api_entry(mapping(resource, path), document.place(f"{path}.attributes"))
        except Malformed as fault:
            findings.add(document.place().finding(fault.path, str(fault)))


def _api_entry(resource: dict[str, Value], place: FilePlace) -> LeiEntry:
    if resource.get("type") not in (None, "lei-records"):
        raise Malformed(place.path.removesuffix(".attributes"), "is not an LEI record: its type is not lei-records")
    attributes = mapping(resource.pop("attributes", None), place.path)
    resource.pop("type", None)
    resource.pop("id", None)
    texts = [_take_path(attributes, name, place.path) for name in API_NAMES]
    entity = mapping(attributes.get("entity"), f"{place.path}.entity")
    others = [
        _api_name(name, f"{place.path}.entity.{field}[{index}]")
        for field in ("otherNames", "transliteratedOtherNames")
        for index, name in enumerate(items(entity.get(field) or [], f"{place.path}.entity.{field}"))
    ]
    rest: Counter[str] = Counter()
    count_leaves(attributes, "", rest)
    count_leaves(resource, "data", rest)
    return LeiEntry(place, API_NAMES, Fields(*texts), others, rest)


def _take_path(value: dict[str, Value], path: str, within: str) -> str:
    *outer, last = path.split(".")
    for index, name in enumerate(outer):
        value = mapping(value.get(name) or {}, ".".join([within, *outer[: index + 1]]))
    text = value.pop(last, None)
    return words(text, f"{within}.{path}") if text not in (None, "") else ""


def _api_name(value: Value, path: str) -> tuple[str, str]:
    name = mapping(value, path)
    language = name.pop("language", None)
    return words(name.pop("name", None), f"{path}.name"), words(language, f"{path}.language") if language else ""
