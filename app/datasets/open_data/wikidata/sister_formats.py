"""Other files of Wikidata, recognised by how they start or by their fields, and what to download instead."""

import re
from typing import Final

from app.datasets.open_data.other_formats import require_format
from app.datasets.open_data.reading import Malformed
from app.records.validation import Value

_INSTEAD = "download https://www.wikidata.org/wiki/Special:EntityData/Q….json, or the JSON dump"
NO_ENTITY: Final = f"is no entity, but perhaps a row of the result of a query: {_INSTEAD}"
_TEXTS: Final = (
    (rb"<mediawiki\b", "is an XML dump of pages"),
    (rb"<(?:\?xml[^>]*>\s*<)?(?:rdf:)?RDF\b", "is RDF"),
    (rb"<https?:", "is RDF, as N-Triples"),
    (rb"<", "is a web page or XML"),
    (rb"@prefix\b|PREFIX\b|@base\b", "is RDF, as Turtle"),
    (rb'["?]*[A-Za-z]', "is no JSON, but perhaps the result of a query as CSV"),
)
_FIELDS: Final = (
    (("head", "results"), "is the result of a query"),
    (("search",), "is the result of a search"),
    (("query",), "is a response of the MediaWiki API"),
    (("error",), "is an error of the API"),
    (("id", "statements"), "is a response of the REST API"),
)


def sister_of_text(start: bytes) -> str | None:
    """What a file is that starts so; None if it may be JSON."""
    found = next((what for pattern, what in _TEXTS if re.match(pattern, start.lstrip())), None)
    return f"{found}: {_INSTEAD}" if found else None


def require_entities(document: Value) -> None:
    """Raises Malformed, with what to download, if a document has no entities."""
    if isinstance(document, dict) and "entities" not in document:
        require_format(document, "wikidata")
        for fields, what in _FIELDS:
            if all(field in document for field in fields):
                raise Malformed("", f"{what}: {_INSTEAD}")
    if isinstance(document, list) and all(isinstance(row, dict) and "id" not in row for row in document):
        raise Malformed("", f"is a list without entities, perhaps the result of a query: {_INSTEAD}")
