"""Companies from Wikidata entities: the JSON of Special:EntityData, and dumps with one entity per line.

The slug of a company contains the number of its item, as in ``wikidata-q95``. Every item of a file becomes a company, except
persons, countries and currencies, so a dump must be reduced to companies first. https://www.wikidata.org/wiki/Wikidata:Database_download
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from app.datasets.ndjson_reader import LONGEST_LINE
from app.datasets.open_data.left_out import LeftOut
from app.datasets.open_data.other_formats import LONGEST_START
from app.datasets.open_data.reading import Document, Lines, Malformed, mapping, words
from app.datasets.open_data.wikidata import items as known
from app.datasets.open_data.wikidata.codes import Codes
from app.datasets.open_data.wikidata.company import ItemRecords
from app.datasets.open_data.wikidata.sister_formats import NO_ENTITY, require_entities, sister_of_text
from app.datasets.open_data.wikidata.statements import item_of, statements
from app.datasets.strict_json import JsonFault
from app.records.located import FilePlace, Findings, LocatedRecord
from app.records.validation import Value, shown

_ITEM = re.compile(r"Q[1-9]\d{0,15}")


def read(file: str, stream: BinaryIO, findings: Findings, left_out: LeftOut) -> Iterator[LocatedRecord]:
    """For each item its sources, the company and its facts. A dump is read line by line, other JSON as a whole."""
    lines = Lines(file, stream)
    codes = Codes()
    if fault := lines.fault("Wikidata entities as JSON"):
        findings.add(fault)
    elif sister := sister_of_text(lines.first[:LONGEST_START]):
        findings.add(FilePlace(file, lines.line).finding("", sister))
    elif lines.first.strip() == b"[" or _is_entity(lines.first):
        yield from _read_lines(lines, codes, findings, left_out)
    else:
        yield from _read_document(lines, codes, findings, left_out)


def _is_entity(line: bytes) -> bool:
    """Whether a line is an entity by itself."""
    try:
        value = Document("", 1, line, LONGEST_LINE).parse()
    except JsonFault:
        return False
    return isinstance(value, dict) and "id" in value


def _read_lines(lines: Lines, codes: Codes, findings: Findings, left_out: LeftOut) -> Iterator[LocatedRecord]:
    """A dump is a list with one entity and a comma per line. The brackets are on lines of their own and may be missing."""
    is_open = False
    number = 0
    for number, line in lines:
        content = line.strip()
        if content in (b"[", b"]", b""):
            is_open = content == b"[" or (is_open and content != b"]")
            continue
        document = Document(lines.file, number, content.removesuffix(b","), LONGEST_LINE)
        try:
            value = document.parse()
        except JsonFault as fault:
            document.add_fault(fault, findings)
            continue
        if isinstance(value, dict) and not {"id", "missing"} & value.keys():
            findings.add(document.place().finding("", NO_ENTITY))
            return
        found = Findings()
        yield from _records(value, document.place(), codes, found, left_out)
        document.report(found, findings)
    if is_open:
        findings.add(FilePlace(lines.file, number).finding("", "ends before the list is closed; the file may be truncated"))


def _read_document(lines: Lines, codes: Codes, findings: Findings, left_out: LeftOut) -> Iterator[LocatedRecord]:
    found = Findings()
    document = lines.document()
    try:
        value = document.parse()
        require_entities(value)
        entities = _entities(mapping(value, ""))
    except JsonFault as fault:
        document.add_fault(fault, findings)
        return
    except Malformed as fault:
        findings.add(document.place().finding(fault.path, str(fault)))
        return
    for path, entity in entities.items():
        yield from _records(entity, document.place(path), codes, found, left_out)
    document.report(found, findings)


def _entities(document: dict[str, Value]) -> dict[str, Value]:
    """The entities of a document by their paths: those that it lists, or itself. Raises Malformed."""
    if "id" in document and "claims" in document:
        return {"": document}
    return {f"entities.{name}": entity for name, entity in mapping(document.get("entities"), "entities").items()}


def _records(value: Value, place: FilePlace, codes: Codes, findings: Findings, left_out: LeftOut) -> Iterator[LocatedRecord]:
    left_out.at(place)
    try:
        entity = mapping(value, "")
        if "missing" in entity or entity.get("type", "item") != "item":
            reason = "missing" if "missing" in entity else str(entity["type"])
            left_out.pass_over("entities", reason, entity.get("id"))
            return
        _require_number(entity)
        if kind := _person(entity) or codes.learn(entity):
            left_out.pass_over("entities", kind, entity.get("id"))
            return
        yield from ItemRecords(entity, place, codes, findings, left_out).records()
    except Malformed as fault:
        findings.add(place.finding(fault.path, str(fault)))


def _require_number(entity: dict[str, Value]) -> None:
    """Raises Malformed unless the entity has the number of an item, which slugs and identifiers contain."""
    number = words(entity.get("id"), "id")
    if not _ITEM.fullmatch(number):
        raise Malformed("id", f"expected Q and a number, such as Q42, not {shown(number)}")


def _person(entity: dict[str, Value]) -> str | None:
    """What makes an item a person, in words; None if nothing does. Raises Malformed."""
    claims = mapping(entity.get("claims") or {}, "claims")
    for statement in statements(claims, known.INSTANCE_OF, "claims", LeftOut()):
        item = item_of(statement.value)
        if item in known.PERSONS:
            return f"{known.PERSONS[item]} ({item})"
    name = next((name for name in known.OF_PERSONS if claims.get(name)), None)
    return f"human, with {known.OF_PERSONS[name]} ({name})" if name else None
