"""Datasets for people: a YAML mapping with ``sources`` and ``companies``.

A company holds its ``milestones``, ``products`` and ``metrics`` beside its own fields. These lists may also stand
at the top, each item then with the slug of its ``company``.
"""

from collections.abc import Iterator

import yaml

from app.datasets.records import FACT_KINDS, KINDS, PLURALS, Kind, LocatedRecord, Place, Problems
from app.datasets.validation import Value, is_slug, shown, to_record, unknown_field
from app.datasets.yaml_nodes import Node, NodeReader, TooDeep
from app.fields import require_printable
from app.sources.passages import decode

_LISTS: dict[str, Kind] = {PLURALS[kind]: kind for kind in KINDS}
_EXPECTED = f"a mapping with the lists {', '.join(_LISTS)}"


def read_yaml(file: str, content: bytes, problems: Problems) -> Iterator[LocatedRecord]:
    """The valid records of a YAML file in their order."""
    try:
        text = decode(content)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.add(Place(file, line).problem("", f"is not UTF-8: byte 0x{content[error.start]:02x}"))
        return
    if not _is_printable(file, text, problems):
        return
    try:
        for kind, place, node in _items(file, NodeReader(file, text, problems), problems):
            yield from _records(kind, place, node, problems)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"is not YAML: {' '.join(part for part in (error.context, error.problem) if part)}"
        problems.add(Place(file, mark.line + 1 if mark else 0).problem("", message))
    except yaml.YAMLError as error:
        problems.add(Place(file, 0).problem("", f"is not YAML: {str(error).splitlines()[0]}"))
    except TooDeep:
        return


def _is_printable(file: str, text: str, problems: Problems) -> bool:
    before = problems.count
    for number, line in enumerate(text.split("\n"), start=1):
        try:
            require_printable(line)
        except ValueError as error:
            problems.add(Place(file, number).problem("", str(error)))
    return problems.count == before


def _items(file: str, reader: NodeReader, problems: Problems) -> Iterator[tuple[Kind, Place, Node]]:
    """Each item of the lists at the top, one in memory at a time."""
    reader.next_event()
    if isinstance(reader.next_event(), yaml.StreamEndEvent):
        problems.add(Place(file, 0).problem("", f"is empty: expected {_EXPECTED}"))
        return
    root = reader.next_event()
    if isinstance(root, yaml.MappingStartEvent):
        yield from _lists(file, reader)
    else:
        reader.report(root, "", f"expected {_EXPECTED}, not {shown(reader.node(root, '').value())}")
    reader.next_event()
    if isinstance(second := reader.next_event(), yaml.DocumentStartEvent):
        reader.report(second, "", "a second document starts here; expected one in a file")


def _lists(file: str, reader: NodeReader) -> Iterator[tuple[Kind, Place, Node]]:
    seen: set[str] = set()
    while not isinstance(event := reader.next_event(), yaml.MappingEndEvent):
        key = reader.key(event, "")
        value = reader.next_event()
        if key is None or key not in _LISTS:
            if key is not None:
                reader.report(event, key, unknown_field(key, list(_LISTS)))
            reader.node(value, key or "")
        elif key in seen:
            reader.report(event, key, "is given twice")
            reader.node(value, key)
        elif isinstance(value, yaml.SequenceStartEvent):
            yield from _list_items(file, key, reader)
        elif (given := reader.node(value, key).value()) is not None:
            reader.report(value, key, f"expected a list, not {shown(given)}")
        seen.add(key or "")


def _list_items(file: str, key: str, reader: NodeReader) -> Iterator[tuple[Kind, Place, Node]]:
    index = 0
    while not isinstance(event := reader.next_event(), yaml.SequenceEndEvent):
        path = f"{key}[{index}]"
        node = reader.node(event, path, depth=3)
        yield _LISTS[key], Place(file, node.line, path, node.lines()), node
        index += 1


def _records(kind: Kind, place: Place, node: Node, problems: Problems) -> Iterator[LocatedRecord]:
    if not isinstance(node.content, dict):
        problems.add(place.problem("", f"expected a mapping, not {shown(node.value())}"))
        return
    fields = dict(node.content)
    company = fields.pop("company", None) if kind in FACT_KINDS else None
    facts = [(fact_kind, fields.pop(PLURALS[fact_kind], None)) for fact_kind in FACT_KINDS] if kind == "company" else []
    values = {key: field.value() for key, field in fields.items()}
    record = to_record(kind, company.value() if company else None, values, place, problems)
    if record:
        yield record
    slug = values.get("slug")
    for fact_kind, nodes in facts:
        yield from _facts(fact_kind, slug if is_slug(slug) else None, place, nodes, problems)


def _facts(kind: Kind, company: Value, place: Place, nodes: Node | None, problems: Problems) -> Iterator[LocatedRecord]:
    """The facts in a company. Without its slug, which was then reported, they are checked but not read."""
    if nodes is None or nodes.content is None:
        return
    if not isinstance(nodes.content, list):
        problems.add(place.problem(PLURALS[kind], f"expected a list, not {shown(nodes.value())}"))
        return
    for index, node in enumerate(nodes.content):
        path = f"{place.path}.{PLURALS[kind]}[{index}]"
        fact_place = Place(place.file, node.line, path, node.lines())
        record = to_record(kind, company or "unnamed", node.value(), fact_place, problems)
        if record and company:
            yield record
