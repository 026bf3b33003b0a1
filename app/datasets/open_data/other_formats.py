"""JSON files of another format that this program reads, recognised by their fields."""

from typing import Final

from app.datasets.open_data.reading import Malformed
from app.records.validation import Value

LONGEST_START: Final = 4096
"""The bytes at the start of a file that show what it is."""
_WITH_FIELDS = (
    (("cik", "facts"), "sec-companyfacts", "is company facts of EDGAR"),
    (("entities",), "wikidata", "has entities of Wikidata"),
)
_OF_A_DATASET = ("companies", "sources")


def require_format(document: dict[str, Value], format: str) -> None:
    """Raises Malformed, with how to load it, if a document is of another format than ``format``."""
    data = document.get("data")
    first = data[0] if isinstance(data, list) and data else data
    is_lei = isinstance(first, dict) and first.get("type") == "lei-records"
    found = [("gleif-lei", "has LEI records of GLEIF")] if is_lei else []
    found += [(name, what) for fields, name, what in _WITH_FIELDS if all(field in document for field in fields)]
    if found and format not in [name for name, _ in found]:
        name, what = found[0]
        raise Malformed("", f"{what}: load it with --format {name}")
    if not found and any(isinstance(document.get(field), list) for field in _OF_A_DATASET):
        raise Malformed("", "is a dataset of this program: load it without --format")
