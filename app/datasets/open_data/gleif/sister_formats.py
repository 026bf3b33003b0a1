"""Other files that GLEIF publishes, recognised by how they start, and which file to download instead."""

import re
from typing import Final

from app.datasets.open_data.other_formats import require_format
from app.datasets.open_data.reading import Malformed
from app.records.validation import Value

_LEVEL_1 = "download the level 1 golden copy as CSV"
_OTHER_IDENTIFIER = re.compile("ISIN|BIC|MIC|.*(?:_id|ID)")
_MAPPING = 2
"""Columns of a file that maps other identifiers to LEIs."""
_XML: Final = (
    (rb"RelationshipData\b", f"is XML of level 2 data, relationships between entities: {_LEVEL_1}"),
    (rb"ReportingExceptionData\b", f"is XML of level 2 data, reporting exceptions: {_LEVEL_1}"),
    (rb"LEIData\b", "is the XML form of the golden copy, which is not read: download the CSV"),
)
_JSON: Final = (
    (rb'\{\s*"relations"', f"is JSON of level 2 data, relationships between entities: {_LEVEL_1}"),
    (rb'\{\s*"exceptions"', f"is JSON of level 2 data, reporting exceptions: {_LEVEL_1}"),
    (
        rb'[\[{]\s*(?:"(?:records|LEIRecords?|LEIHeader)"|\{?\s*"LEI"\s*:\s*\{)',
        "is the JSON form of the golden copy, which is not read: download the CSV",
    ),
)
_HEADERS: Final = (
    ("Relationship.StartNode.NodeID", f"is level 2 data, relationships between entities: {_LEVEL_1}"),
    ("Exception.Category", f"is level 2 data, reporting exceptions: {_LEVEL_1}"),
    ("ELF Code", f"is the list of legal forms: {_LEVEL_1}"),
    ("Registration Authority Code", f"is the list of registration authorities: {_LEVEL_1}"),
)


def sister_of_markup(start: bytes) -> str:
    """What a file is that starts with a tag."""
    return next(
        (found for pattern, found in _XML if re.search(rb"<(?:\w+:)?" + pattern, start)),
        f"is XML or a web page, not GLEIF data: {_LEVEL_1}",
    )


def sister_of_json(start: bytes) -> str | None:
    """What a file is that starts like JSON; None if it may be a response of the API."""
    return next((found for pattern, found in _JSON if re.match(pattern, start.lstrip())), None)


def sister_of_header(header: list[str]) -> str | None:
    """What a CSV file is that lacks the columns of level 1 data; None if it is not known."""
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and "LEI" in re.split("[;\t]", header[0]) and mark in header[0]:
            return f"has {name} between its columns: save it with commas, or download it again"
    other = next((name for name in header if _OTHER_IDENTIFIER.fullmatch(name)), None)
    if other and len(header) == _MAPPING and "LEI" in header:
        return f"is the mapping of {other[:60]} to LEI: {_LEVEL_1}"
    return next((found for column, found in _HEADERS if column in header), None)


def require_lei_records(response: dict[str, Value]) -> None:
    """Raises Malformed, with what to request, if a response of the API has no LEI records."""
    require_format(response, "gleif-lei")
    errors = response.get("errors")
    if isinstance(errors, list) and "data" not in response:
        titles = [error.get("title") or error.get("detail") for error in errors if isinstance(error, dict)]
        said = "".join(f": {title[:200]}" for title in titles[:1] if isinstance(title, str))
        raise Malformed("", f"is an error of the GLEIF API{said}; request https://api.gleif.org/api/v1/lei-records")
    data = response.get("data")
    listed = data if isinstance(data, list) else [data]
    types = [resource.get("type") for resource in listed if isinstance(resource, dict)]
    strange = next((kind for kind in types if kind not in (None, "lei-records")), None)
    if strange is not None:
        kind = str(strange)[:60]
        raise Malformed("data", f"has resources of the type {kind}: request https://api.gleif.org/api/v1/lei-records instead")
