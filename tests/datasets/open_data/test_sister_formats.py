"""A file that is nearly of a format says in one line what it is and which file to get."""

import pytest

from tests.datasets.open_data.examples import reported

XML = b'<?xml version="1.0" encoding="UTF-8"?>\n'
CSV_FORM, LEVEL_1, API = (
    "download the CSV",
    "download the level 1 golden copy as CSV",
    "request https://api.gleif.org/api/v1/lei-records",
)


@pytest.mark.parametrize(
    ("content", "what", "instead"),
    [
        (
            XML + b'<lei:LEIData xmlns:lei="http://www.gleif.org/data/schema/leidata/2016"/>',
            "XML form of the golden copy",
            CSV_FORM,
        ),
        (b"<LEIData>", "XML form of the golden copy", CSV_FORM),
        (XML + b"<!-- level 2 -->\n<rr:RelationshipData xmlns:rr='x'/>", "relationships", LEVEL_1),
        (XML + b"<repex:ReportingExceptionData/>", "reporting exceptions", LEVEL_1),
        (b"<!DOCTYPE html><title>Sign in</title>", "XML or a web page", LEVEL_1),
        (b'{"records": [{"LEI": {"$": "x"}}]}', "JSON form of the golden copy", CSV_FORM),
        (b'\n{\n "records": [', "JSON form of the golden copy", CSV_FORM),
        (b'[{"LEI": {"$": "x"}}]', "JSON form of the golden copy", CSV_FORM),
        (b'{"LEI": {"$": "x"}}\n{"LEI": {"$": "y"}}\n', "JSON form of the golden copy", CSV_FORM),
        (b'{"relations": []}', "relationships", LEVEL_1),
        (b'{"exceptions": []}', "reporting exceptions", LEVEL_1),
        (b"Relationship.StartNode.NodeID,Relationship.EndNode.NodeID\n", "relationships", LEVEL_1),
        (b"LEI,Exception.Category\n", "reporting exceptions", LEVEL_1),
        (b"LEI,ISIN\n", "mapping of ISIN to LEI", LEVEL_1),
        (b"LEI,BIC\n", "mapping of BIC to LEI", LEVEL_1),
        (b"LEI;Entity.LegalName\n", "semicolons between its columns", "commas"),
        (b"LEI\tEntity.LegalName\n", "tabs between its columns", "commas"),
        (b'{"data": [{"type": "relationship-records", "attributes": {}}]}', "type relationship-records", API),
        (b'{"errors": [{"title": "Not Found"}]}', "error of the GLEIF API: Not Found", API),
    ],
)
def test_other_files_of_gleif_are_named(content: bytes, what: str, instead: str) -> None:
    ((_, _, message),) = reported("gleif-lei", content)
    assert what in message
    assert instead in message
