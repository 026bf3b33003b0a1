"""Datasets as one JSON object, with the lists that a YAML dataset has, of any size: read item by item."""

from collections.abc import Iterator
from typing import BinaryIO

from app.datasets.flattening import LISTS, SCHEMA_KEY, item_records
from app.datasets.json_places import json_lines
from app.datasets.json_window import JsonWindow, ValueText
from app.datasets.strict_json import JsonFault, NotJson, parse_json_text
from app.records.located import LocatedRecord, Place, Problems
from app.records.validation import Value, shown, unknown_field
from app.revisions.log import Kind

_EXPECTED = f"expected an object with the lists {', '.join(LISTS)}"
_LINES = "one record a line is NDJSON"


def read_json(file: str, stream: BinaryIO, problems: Problems) -> Iterator[LocatedRecord]:
    """The valid records of a stream in their order; memory is bounded by the largest item.

    Reading goes on after a wrong item, and ends where the text is no JSON.
    """
    try:
        for kind, place, item in _items(file, JsonWindow(stream), problems):
            yield from item_records(kind, place, item, problems)
    except JsonFault as fault:
        _report(file, fault, problems)


def _items(file: str, window: JsonWindow, problems: Problems) -> Iterator[tuple[Kind, Place, Value]]:
    first = window.peek()
    if not first:
        problems.add(Place(file, 0).problem("", f"is empty: {_EXPECTED}"))
        return
    if first != "{":
        given = f"a list; {_LINES}" if first == "[" else f"{first}…"
        problems.add(Place(file, window.line).problem("", f"{_EXPECTED}, not {given}"))
        return
    seen: set[str] = set()
    for _ in window.elements("{}"):
        if window.peek() != '"':
            raise window.fault("expected a key in double quotes")
        line = window.line
        key = str(_parsed(window.value(""), ""))
        window.take(":", key)
        if key in LISTS and key not in seen and window.peek(key) == "[":
            yield from _list_items(file, key, window, problems)
        elif message := _wrong_entry(key, seen, _parsed(window.value(key), key)):
            problems.add(Place(file, line).problem(key, message))
        seen.add(key)
    if window.peek():
        raise window.fault(f"expected the end of the text; {_LINES}")


def _wrong_entry(key: str, seen: set[str], value: Value) -> str | None:
    if key not in (*LISTS, SCHEMA_KEY):
        return unknown_field(key, list(LISTS))
    if key in seen:
        return "is given twice"
    return None if value is None or key == SCHEMA_KEY else f"expected a list, not {shown(value)}"


def _list_items(file: str, key: str, window: JsonWindow, problems: Problems) -> Iterator[tuple[Kind, Place, Value]]:
    for index in window.elements("[]", key):
        path = f"{key}[{index}]"
        item = window.value(path)
        try:
            value = _parsed(item, path)
        except NotJson:
            raise
        except JsonFault as fault:
            _report(file, fault, problems)
            continue
        lines = json_lines(item.text, item.line) if "\n" in item.text else {}
        yield LISTS[key], Place(file, item.line, path, lines), value


def _parsed(value: ValueText, path: str) -> Value:
    try:
        return parse_json_text(value.text)
    except JsonFault as fault:
        raise fault.moved(value.line, value.column, path) from None


def _report(file: str, fault: JsonFault, problems: Problems) -> None:
    problems.add(Place(file, fault.line).problem(fault.path, f"{fault.message} (column {fault.column})"))
