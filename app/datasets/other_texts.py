"""Text files that are no datasets, recognised by how they begin, and what to do with each."""

import re
from typing import Final

LONGEST_BEGINNING: Final = 4096
_MARKUP = re.compile(r"\s*<(!doctype|html|\?xml|[a-z]+[ >:])", re.IGNORECASE)
_NAME = r"(?:[A-Za-z_][\w .-]*|\"[A-Za-z_][\w .-]*\")"
_TABLE = re.compile(rf"({_NAME}(?:([,;\t]) ?{_NAME})(?:\2 ?{_NAME})+)\r?$", re.MULTILINE)
_LEI_RECORDS = r'\s*\{\s*"(?:data"\s*:\s*\[?\s*\{[^{}]*"lei-records"|meta"\s*:\s*\{\s*"goldenCopy")'
_DOCUMENTS: Final = {
    r'\s*\{\s*"type"\s*:\s*"/problems/': "is a problem that the API returned, not a dataset",
    r'\s*\{\s*"items"\s*:\s*\[': "is a page of a list of the API; company-profiles export writes a dataset",
    r'\s*\{\s*"(cik|entityName)"\s*:': "has company facts of EDGAR: load it with --format sec-companyfacts",
    r'\s*\{\s*"entities"\s*:\s*\{': "has entities of Wikidata: load it with --format wikidata",
    _LEI_RECORDS: "has LEI records of GLEIF: load it with --format gleif-lei",
}
"""How a JSON document begins, and what it is."""


def other_text(beginning: bytes) -> str | None:
    """What a text that begins like this is; None if it may be a dataset."""
    text = beginning.decode(errors="replace").removeprefix("\ufeff")
    if _MARKUP.match(text):
        return "is a web page or XML, not a dataset"
    if table := _TABLE.match(text):
        columns = ", ".join(name.strip(' "') for name in table[1].split(table[2]))
        return f"is a table with the columns {columns}: write a line of NDJSON for each row; docs/operate/datasets.md shows how"
    return next((what for pattern, what in _DOCUMENTS.items() if re.match(pattern, text)), None)
