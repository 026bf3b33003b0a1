"""A file that is nearly of a format says in one line what it is and which file to get."""

import gzip
import json

import pytest

from app.datasets.open_data.registry import OPEN_DATA
from tests.datasets.open_data.examples import companies, entity, read, reported

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
        (b"ciq_company_id,LEI\n", "mapping of ciq_company_id to LEI", LEVEL_1),
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


ENTITY_DATA = "Special:EntityData"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b'<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/">', "XML dump of pages"),
        (b"<http://www.wikidata.org/entity/Q1> <http://schema.org/name> 'x' .\n", "RDF, as N-Triples"),
        (b"@prefix wd: <http://www.wikidata.org/entity/> .\n", "RDF, as Turtle"),
        (b"<!DOCTYPE html>", "a web page or XML"),
        (b"item,itemLabel\nhttp://www.wikidata.org/entity/Q1,x\n", "as CSV"),
        (b'{"head": {"vars": []}, "results": {"bindings": []}}', "the result of a query"),
        (b'[{"item": "http://www.wikidata.org/entity/Q1"}]', "the result of a query"),
        (b'[\n{"item": "http://www.wikidata.org/entity/Q1"},\n{"item": "x"}\n]\n', "the result of a query"),
        (b'{"searchinfo": {}, "search": []}', "the result of a search"),
        (b'{"type": "item", "id": "Q1",\n "labels": {"en": "x"}, "statements": {}}', "REST API"),
        (b'{"error": {"code": "no-such-entity"}}', "an error of the API"),
    ],
)
def test_other_files_of_wikidata_are_named(content: bytes, what: str) -> None:
    ((_, _, message),) = reported("wikidata", content)
    assert what in message
    assert ENTITY_DATA in message


def test_an_entity_over_several_lines_is_read_without_the_object_around_it() -> None:
    records, findings, _ = read("wikidata", json.dumps(entity(), indent=1).encode())
    assert findings == []
    assert [company.name for company in companies(records)] == ["Fernhold"]


@pytest.mark.parametrize("format", OPEN_DATA)
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(b"x", mtime=0), "is a gzip file; decompress it first"),
        (b"PK\x03\x04\n", "is a ZIP archive"),
        ("LEI,x\n".encode("utf-16"), "is UTF-16; save it as UTF-8"),
    ],
)
def test_a_compressed_or_differently_encoded_file_is_one_error(format: str, content: bytes, message: str) -> None:
    ((line, _, said),) = reported(format, content)
    assert (line, said.startswith(message)) == (0, True)


@pytest.mark.parametrize("format", OPEN_DATA)
@pytest.mark.parametrize(
    ("content", "of", "how"),
    [
        (b'{"cik": 1, "entityName": "x", "facts": {}}', "sec-companyfacts", "load it with --format sec-companyfacts"),
        (b'{"entities": {}}', "wikidata", "load it with --format wikidata"),
        (b'{"data": [{"type": "lei-records"}]}', "gleif-lei", "load it with --format gleif-lei"),
        (b'{"companies": []}', None, "load it without --format"),
    ],
)
def test_a_file_of_another_format_says_how_to_load_it(format: str, content: bytes, of: str | None, how: str) -> None:
    messages = [message for _, _, message in reported(format, content)]
    assert format == of or (len(messages) == 1 and messages[0].endswith(how)), messages
