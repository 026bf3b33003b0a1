"""LEI records from a response of the GLEIF API, a JSON:API document. https://www.gleif.org/en/lei-data/gleif-api"""

from collections.abc import Iterator

from app.datasets.open_data.gleif.entries import API_NAMES, Fields, LeiEntry, OtherName, Successor
from app.datasets.open_data.gleif.sister_formats import require_lei_records
from app.datasets.open_data.left_out import LeftOut, leaves
from app.datasets.open_data.reading import Document, Malformed, items, mapping, words
from app.records.located import FilePlace, Findings
from app.records.validation import Value


def api_entries(document: Document, findings: Findings, left_out: LeftOut) -> Iterator[LeiEntry]:
    """The records of an API response: a list, or a single one. Raises JsonFault and Malformed."""
    response = mapping(document.parse(), "")
    require_lei_records(response)
    data = response.pop("data", None)
    left_out.skip(leaves(response, ""))
    listed = data if isinstance(data, list) else [mapping(data, "data")]
    for index, resource in enumerate(listed):
        path = f"data[{index}]" if isinstance(data, list) else "data"
        try:
            yield _entry(mapping(resource, path), document.place(f"{path}.attributes"))
        except Malformed as fault:
            findings.add(document.place().finding(fault.path, str(fault)))


def _entry(resource: dict[str, Value], place: FilePlace) -> LeiEntry:
    attributes = mapping(resource.pop("attributes", None), place.path)
    resource.pop("type", None)
    resource.pop("id", None)
    texts = [_take_path(attributes, name, place.path) for name in API_NAMES]
    entity = mapping(attributes.get("entity"), f"{place.path}.entity")
    others = [
        _name(name, f"{place.path}.entity.{field}[{index}]")
        for field in ("otherNames", "transliteratedOtherNames")
        for index, name in enumerate(items(entity.get(field) or [], f"{place.path}.entity.{field}"))
    ]
    successors = _successors(entity, f"{place.path}.entity")
    rest = [*leaves(attributes, ""), *leaves(resource, "data")]
    return LeiEntry(place, API_NAMES, Fields(*texts), others, successors, rest)


def _successors(entity: dict[str, Value], path: str) -> list[Successor]:
    """The API gives the first successor by itself too."""
    listed = [
        (f"{path}.successorEntities[{index}]", successor)
        for index, successor in enumerate(items(entity.get("successorEntities") or [], f"{path}.successorEntities"))
    ]
    listed.append((f"{path}.successorEntity", entity.get("successorEntity") or {}))
    found = [
        Successor(*[_optional(mapping(successor, place).pop(name, None), f"{place}.{name}") for name in ("lei", "name")])
        for place, successor in listed
    ]
    return list(dict.fromkeys(filter(any, found)))


def _take_path(value: dict[str, Value], path: str, within: str) -> str:
    *outer, last = path.split(".")
    for index, name in enumerate(outer):
        value = mapping(value.get(name) or {}, ".".join([within, *outer[: index + 1]]))
    return _optional(value.pop(last, None), f"{within}.{path}")


def _name(value: Value, path: str) -> OtherName:
    name = mapping(value, path)
    language, kind = (_optional(name.pop(field, None), f"{path}.{field}") for field in ("language", "type"))
    return OtherName(words(name.pop("name", None), f"{path}.name"), language, kind)


def _optional(value: Value, path: str) -> str:
    return words(value, path) if value not in (None, "") else ""
