"""Datasets for people: a YAML mapping with ``sources`` and ``companies``.

A company contains its ``milestones``, ``products`` and ``metrics``. These lists may also stand at the top; each item then
has the slug of its ``company``.
"""

from collections.abc import Iterator
from typing import BinaryIO

import yaml

from app.datasets.flattening import LARGEST_FILE, LISTS, TOO_LARGE, item_records, wrong_key, wrong_value
from app.datasets.strict_json import not_utf8
from app.datasets.yaml_faults import fault_of
from app.datasets.yaml_nodes import Node, NodeReader, TooLarge
from app.records.located import FilePlace, Findings, LocatedRecord
from app.records.passages import decode
from app.records.validation import shown
from app.values.resources import Kind
from app.values.text import UNPRINTABLE, require_printable

_EXPECTED = f"a mapping with the lists {', '.join(LISTS)}"


def read_yaml(file: str, stream: BinaryIO, findings: Findings) -> Iterator[LocatedRecord]:
    """The valid records of a YAML file, in order. The whole file is held in memory, so its size is limited."""
    text = _text(file, stream.read(LARGEST_FILE + 1), findings)
    if text is None:
        return
    reader = NodeReader(file, text, findings)
    try:
        for kind, place, node in _items(file, reader, findings):
            yield from item_records(kind, place, node.value(), findings)
    except yaml.MarkedYAMLError as error:
        findings.add(fault_of(error, file, text, reader.path))
    except yaml.YAMLError as error:
        findings.add(FilePlace(file, 0).finding(reader.path, f"is not YAML: {str(error).splitlines()[0]}"))
    except TooLarge:
        return


def _text(file: str, content: bytes, findings: Findings) -> str | None:
    """The text of a file; None, after reporting it, if the file is not text."""
    if len(content) > LARGEST_FILE:
        findings.add(FilePlace(file, 0).finding("", TOO_LARGE))
        return None
    try:
        text = decode(content)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        findings.add(FilePlace(file, line).finding("", not_utf8(content[error.start])))
        return None
    return text if _is_printable(file, text, findings) else None


def _is_printable(file: str, text: str, findings: Findings) -> bool:
    """Whether it is; otherwise each line that is not is reported. Other lines are not even separated: there may be millions."""
    number, counted, end = 1, 0, -1
    for found in UNPRINTABLE.finditer(text):
        if found.start() < end:
            continue  # in a line that was reported
        number += text.count("\n", counted, found.start())
        counted = found.start()
        end = text.find("\n", counted)
        end = len(text) if end < 0 else end
        try:
            require_printable(text[text.rfind("\n", 0, counted) + 1 : end])
        except ValueError as error:
            findings.add(FilePlace(file, number).finding("", str(error)))
    return end < 0


def _items(file: str, reader: NodeReader, findings: Findings) -> Iterator[tuple[Kind, FilePlace, Node]]:
    """Each item of the lists at the top, one in memory at a time."""
    reader.next_event()
    if isinstance(reader.next_event(), yaml.StreamEndEvent):
        findings.add(FilePlace(file, 0).finding("", f"is empty: expected {_EXPECTED}"))
        return
    root = reader.next_event()
    if isinstance(root, yaml.MappingStartEvent):
        yield from _lists(file, reader)
    else:
        reader.report(root, "", f"expected {_EXPECTED}, not {shown(reader.item(root, '').value())}")
    reader.next_event()
    if isinstance(second := reader.next_event(), yaml.DocumentStartEvent):
        reader.report(second, "", "a second document starts here; expected one per file")


def _lists(file: str, reader: NodeReader) -> Iterator[tuple[Kind, FilePlace, Node]]:
    seen: set[str] = set()
    while not isinstance(event := reader.next_event(), yaml.MappingEndEvent):
        key = reader.key(event, "")
        value = reader.next_event()
        # A wrong key is reported before its value is read, which may not be YAML.
        message = None if key is None else wrong_key(key, seen, is_listed=reader.has_room)
        if key is None or message:
            if message:
                reader.report(event, key or "", message)
            reader.item(value, key or "")
        elif key in LISTS and isinstance(value, yaml.SequenceStartEvent):
            yield from _list_items(file, key, reader)
        elif message := wrong_value(key, reader.item(value, key).value()):
            reader.report(value, key, message)
        seen.add(key or "")


def _list_items(file: str, key: str, reader: NodeReader) -> Iterator[tuple[Kind, FilePlace, Node]]:
    index = 0
    while not isinstance(event := reader.next_event(), yaml.SequenceEndEvent):
        path = f"{key}[{index}]"
        node = reader.item(event, path, depth=3)
        yield LISTS[key], FilePlace(file, node.line, path, node.lines()), node
        index += 1
