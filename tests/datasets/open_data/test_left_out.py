"""What a load of open data leaves out is counted by importance and, on request, listed value by value."""

import io
import json
from collections import Counter
from typing import Any

import pytest

from app.datasets.open_data.left_out import MOST_LINES, LeftOut, listing
from app.records.located import FilePlace
from tests.datasets.open_data.examples import (
    MOSSGLASS,
    claim,
    company_facts,
    concept,
    entity,
    entity_data,
    entry,
    golden_copy,
    lei_row,
    listed,
    read,
    time,
)

ODD = lei_row() | {"Entity.LegalAddress.Country": "XK", "Entity.LegalAddress.Region": "XK-1", "Entity.LegalName.xmllang": "sq"}
JULIAN = time("+1750-05-04T00:00:00Z", 11, "Q1985786")
FILES = {
    "gleif-lei": golden_copy(ODD, lei_row(MOSSGLASS) | {"Registration.RegistrationStatus": "DUPLICATE"}),
    "sec-companyfacts": company_facts(
        Assets=concept("USD", entry(12_345_678_901_234_567, "2023-12-31"), entry(1, "2022-12-31")),
        Area=concept("sqft", entry(1, "2023-12-31")),
    ),
    "wikidata": entity_data(entity(claim("P9000", "x"), claim("P571", JULIAN), claim("P571", JULIAN, rank="deprecated"))),
}


def test_what_was_refused_comes_before_what_nobody_expected_to_be_taken() -> None:
    unknown = [claim(f"P90{number:02}", "x") for number in range(26) for _ in range(2)]
    julian = [claim("P571", JULIAN), claim("P571", JULIAN, rank="deprecated")]
    _, _, left_out = read("wikidata", entity_data(entity(*unknown, *julian)))
    lines = list(left_out.lines())
    assert lines[:2] == ["Left out: claims.P571: of the Julian calendar, 1 time", "Left out: claims.P571: deprecated, 1 time"]
    assert lines[2] == "Left out: claims.P9000, 2 times"
    assert lines[-1] == f"Left out: {26 - MOST_LINES} more names; --report FILE lists every value"


def test_one_reason_is_one_line() -> None:
    left_out = LeftOut()
    for number in range(5):
        for _ in range(5 - number):
            left_out.refuse(f"us-gaap.Area{number}", "unit sqft")
    assert list(left_out.lines()) == ["Left out: us-gaap.Area0, us-gaap.Area1, us-gaap.Area2 and 2 more: unit sqft, 15 times"]


@pytest.mark.parametrize("format", FILES)
def test_the_report_has_each_value_that_is_counted_and_the_refused_ones_first(format: str) -> None:
    entries = listed(format, FILES[format])
    named = Counter(one["field"] if one["kind"] == "not read" else f"{one['field']}: {one['reason']}" for one in entries)
    assert named == Counter(read(format, FILES[format])[2])
    kinds = [one["kind"] == "refused" for one in entries]
    assert kinds == sorted(kinds, reverse=True)
    assert kinds[0]
    assert not kinds[-1]
    for one in entries:
        assert one["file"] == "file"
        assert one["line"] or one["path"]
        assert one["reason"]


@pytest.mark.parametrize(
    ("format", "expected"),
    [
        ("gleif-lei", {"line": 2, "field": "Entity.LegalAddress.Country", "reason": "not an ISO 3166-1 code", "value": "XK"}),
        ("sec-companyfacts", {"path": "facts.us-gaap.Assets.units.USD[0].val", "value": "12345678901234567"}),
        ("wikidata", {"path": "entities.Q99900001.claims.P571[0]", "reason": "of the Julian calendar"}),
    ],
)
def test_an_entry_says_where_the_value_is_what_it_is_and_why_it_was_refused(format: str, expected: dict[str, Any]) -> None:
    assert any(expected.items() <= one.items() for one in listed(format, FILES[format])), listed(format, FILES[format])


def test_a_value_is_shortened_and_any_text_can_be_written() -> None:
    file = io.BytesIO()
    with listing(file) as left_out:
        left_out.at(FilePlace("file", 1))
        left_out.refuse("long", "too long", "x" * 1000)
        left_out.refuse("object", "unknown", {"text": "\ud800"})
        left_out.finish()
    first, second = map(json.loads, file.getvalue().splitlines())
    assert first["value"] == "x" * 200 + "…"
    assert second["value"] == '{"text": "\ud800"}'
