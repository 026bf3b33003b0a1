"""Datasets as one JSON object: the records that YAML gives, item by item, and every error with its line and field."""

import io
import json
from typing import Any

import pytest

from app.datasets import json_reader
from app.datasets.reader import read_stream
from app.records.located import DatasetInvalid, LocatedRecord
from tests.datasets.examples import problems_of

PLACE = {"source": "fern", "paragraph": 1, "sentence": 1}
MILESTONE = {"slug": "founded", "title": "Gegründet", "category": "founding", "citations": [PLACE]}
DATASET: dict[str, Any] = {
    "$schema": "http://127.0.0.1:8000/v1/datasets/schema",
    "sources": [{"slug": "fern", "title": "Fern", "type": "article", "text": 'It says "so": [1, {2}] \\ 💡.'}],
    "companies": [{"slug": "a", "name": "A", "milestones": [MILESTONE]}, {"slug": "b", "name": "B", "metrics": None}],
    "milestones": [{"company": "b", **MILESTONE}],
    "products": None,
    "metrics": [],
}


def read(content: str | bytes) -> list[LocatedRecord]:
    return list(read_stream("data.json", io.BytesIO(content.encode() if isinstance(content, str) else content), "json"))


def faults(content: str | bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(DatasetInvalid) as invalid:
        read(content)
    return problems_of(invalid)


@pytest.mark.parametrize("indent", [None, 2])
def test_json_has_the_lists_that_yaml_has(indent: int | None) -> None:
    records = read(json.dumps(DATASET, indent=indent, ensure_ascii=False))
    assert [(r.kind, r.company, r.record.slug, r.place.path) for r in records] == [
        ("source", None, "fern", "sources[0]"),
        ("company", None, "a", "companies[0]"),
        ("milestone", "a", "founded", "companies[0].milestones[0]"),
        ("company", None, "b", "companies[1]"),
        ("milestone", "b", "founded", "milestones[0]"),
    ]
    assert json.loads(records[0].record.model_dump_json())["text"] == DATASET["sources"][0]["text"]


def test_a_byte_order_mark_is_not_minded() -> None:
    assert len(read(b"\xef\xbb\xbf" + json.dumps(DATASET).encode())) == 5


def test_each_field_has_its_line() -> None:
    text = json.dumps(DATASET, indent=2)
    lines = {number: line.strip() for number, line in enumerate(text.splitlines(), start=1)}
    company, milestone = (record.place for record in read(text)[1:3])
    assert lines[company.line_of("name")] == '"name": "A",'
    assert lines[milestone.line_of("title")].startswith('"title"')
    assert lines[milestone.line_of("citations[0].sentence")] == '"sentence": 1'
    assert lines[milestone.line_of("date")] == "{"


def test_errors_of_items_come_all_at_once_with_their_lines() -> None:
    found = faults("""{
  "companies": [
    1,
    {"slug": "A", "name": "A"},
    {"slug": "b", "name": "B",
     "name": "B"},
    {"slug": "c", "name": NaN},
    {"slug": "d", "name": "D", "milestones": [
      {"slug": "m", "title": "T", "category": "c", "citations": [{"source": "s", "paragraph": 0, "sentence": 1}]}
    ], "products": 3}
  ],
  "companys": [],
  "sources": 3,
  "companies": []
}""")
    assert [(line, field) for line, field, _ in found] == [
        (3, "companies[0]"),
        (4, "companies[1].slug"),
        (6, "companies[2].name"),
        (7, "companies[3].name"),
        (9, "companies[4].milestones[0].citations[0].paragraph"),
        (10, "companies[4].products"),
        (12, "companys"),
        (13, "sources"),
        (14, "companies"),
    ]
    assert [message for line, _, message in found if line in (6, 7, 12)] == [
        "is given twice (column 6)",
        "NaN is not a number (column 19)",
        "unknown field; did you mean companies?",
    ]


@pytest.mark.parametrize(
    ("content", "line", "field", "message"),
    [
        (" \n", 0, "", "is empty: expected an object with the lists sources, companies"),
        ("[]", 1, "", "not a list; one record per line is NDJSON"),
        ("companies: []", 1, "", "expected an object with the lists"),
        ("{companies: []}", 1, "", "expected a key in double quotes (column 2)"),
        ('{"companies" []}', 1, "companies", "expected :, not [ (column 14)"),
        ('{"companies": []\n"sources": []}', 2, "", 'expected , or }, not " (column 1)'),
        ('{"companies": [{} {}]}', 1, "companies", "expected , or ], not { (column 19)"),
        ('{"companies": [,]}', 1, "companies[0]", "expected a value (column 16)"),
        ('{"companies": [\n{"slug": "a" "name": "A"}]}', 2, "companies[0].slug", "Expecting ',' delimiter (column 14)"),
        ('{"companies": [{"slug": "a", {"slug": "b"}]}', 1, "companies[0]", "Expecting property name"),
        ('{"companies": [{"slug": "a,\n"name": "A"}]}', 1, "companies[0].slug", "Invalid control character (column 28)"),
        ('{"companies": [{"slug": tru}]}', 1, "companies[0].slug", "Expecting value (column 25)"),
        ('{"companies": []} {}', 1, "", "expected the end of the text; one record per line is NDJSON (column 19)"),
    ],
)
def test_what_is_no_json_is_refused_where_it_starts_to_be_none(content: str, line: int, field: str, message: str) -> None:
    assert any(found[:2] == (line, field) and message in found[2] for found in faults(content)), faults(content)


def test_an_item_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reader, "LARGEST_ITEM", 1024**2)
    for length in (1024**2, 4 * 1024**2):
        item = json.dumps({"slug": "a", "name": "x" * length})
        assert faults(f'{{"companies": [\n{item}]}}') == [(2, "companies[0]", "is larger than 1 MB (column 1)")]


def test_an_item_whose_end_is_missing_is_refused_with_the_mistake_inside_it() -> None:
    assert faults('{"companies": [{"slug": "a", "name": "A"') == [
        (1, "companies[0]", "is not JSON: the text ends before this does (column 16)")
    ]
    assert faults('{"companies": [{"slug" "a", "names": [{"name": "b"}, {"name": "c"}]') == [
        (1, "companies[0].slug", "is not JSON: Expecting ':' delimiter (column 24)")
    ]
