"""Messages about wrong values say in words what is expected, and what was probably meant."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter

from app.records.located import RECORDS, FilePlace, Findings
from app.records.validation import to_record
from app.values.meant import country_meant, qualifier_meant, unit_meant
from app.values.resources import KINDS, Kind
from app.values.text import PATTERNS_IN_WORDS
from app.values.units import UNIT_PATTERN, UNITS, is_unit

CITATIONS = [{"source": "memo", "paragraph": 1, "sentence": 1}]
FACT: dict[str, Any] = {"slug": "a", "citations": CITATIONS}
VALID: dict[Kind, dict[str, Any]] = {
    "source": {"slug": "a", "title": "A", "type": "article", "text": "A."},
    "company": {"slug": "a", "name": "A"},
    "milestone": FACT | {"title": "A", "category": "a", "date": "2014"},
    "product": FACT | {"name": "A", "category": "a"},
    "metric": FACT | {"metric": "a", "name": "A", "value": 1, "unit": "EUR"},
}
NESTED: dict[str, Any] = {
    "citations": [{"source": 0, "paragraph": "1", "sentence": 0, "start": -1, "end": "x", "sha256": "A", "edition": "B"}],
    "identifiers": [{"scheme": "L E I", "value": ""}],
    "other_names": [{"name": "a\nb", "language": "?"}],
    "equivalent": {"value": "1,0", "unit": "$$", "stated_as": 5},
    "period": {"edtf": "", "text": ""},
}
WRONG: tuple[object, ...] = (5, -1.5, "", " ", "Ä B", "a\tb", "x" * 70, "x" * 5_000, [], ["a"], [5], {}, {"a": 1}, True, None)
SIGNS_OF_A_PATTERN = ("^", "(?:", "[A-Z", "[a-z", "]+", "]{", "\\d", "\\s", "pattern")


def messages(kind: Kind, **fields: Any) -> dict[str, str]:  # noqa: ANN401 - wrong values
    findings = Findings()
    company = None if kind in ("source", "company") else "a"
    to_record(kind, company, VALID[kind] | fields, FilePlace("file", 1), findings)
    return {finding.field: finding.message for finding in findings.listed}


@pytest.mark.parametrize("kind", KINDS)
def test_no_message_contains_a_regular_expression(kind: Kind) -> None:
    for name in RECORDS[kind].model_fields:
        for value in (*WRONG, NESTED.get(name)):
            for field, message in messages(kind, **{name: value}).items():
                assert not any(sign in message for sign in SIGNS_OF_A_PATTERN), (field, message)
                assert len(message) < 500, (field, message)


@pytest.mark.parametrize("kind", KINDS)
def test_every_pattern_of_a_record_is_described_in_words(kind: Kind) -> None:
    assert set(_patterns(TypeAdapter(RECORDS[kind]).core_schema)) <= {*PATTERNS_IN_WORDS, UNIT_PATTERN}


def _patterns(schema: Any) -> Iterator[str]:  # noqa: ANN401 - the schemas of Pydantic's core
    if isinstance(schema, dict):
        if schema.get("type") == "str" and schema.get("pattern"):
            yield str(schema["pattern"])
        for inner in schema.values():
            yield from _patterns(inner)
    elif isinstance(schema, list | tuple):
        for inner in schema:
            yield from _patterns(inner)


@pytest.mark.parametrize(
    ("kind", "field", "value", "message"),
    [
        ("company", "country", "Iceland", "expected two capital letters, IS for Iceland, not 'Iceland'"),
        ("company", "country", "UK", "expected two capital letters, GB for United Kingdom, not 'UK'"),
        ("company", "country", "NLD", "expected two capital letters, NL for Netherlands, not 'NLD'"),
        ("company", "country", "?", "expected two capital letters, a country code such as CN, not '?'"),
        ("company", "country", "ZZ", "'ZZ' is not an ISO 3166-1 alpha-2 country code, such as CN"),
        ("company", "slug", "Example Works", "did you mean example-works?"),
        ("company", "slug", "Überland--Bau", "did you mean uberland-bau?"),
        ("company", "slug", "华为", "such as baidu, not '华为'"),
        ("company", "name", "", "is empty; expected at least 1 character"),
        ("company", "name", "a\nb", "expected one line of text without tabs, not 'a\\nb'"),
        ("company", "name", "x" * 301, "should have at most 300 characters, not 301"),
        ("company", "founded", ["2014"], "expected a date such as 2014 or 2014-05-06, not a list"),
        ("metric", "metric", "Net-Income", "did you mean net_income?"),
        ("metric", "qualifier", "roughly", "expected exact, about, more_than, at_least, less_than or at_most, not 'roughly'"),
        ("metric", "qualifier", "no more than", "did you mean at_most?"),
        ("metric", "unit", "%", "'%' is no unit; did you mean percent? Expected an ISO 4217 currency such as CNY"),
        ("metric", "unit", "percentage points", "did you mean percentage_points?"),
        ("metric", "unit", "bottles", f"or one of {', '.join(UNITS)}"),
        ("metric", "citations", [], "should have at least 1 item, not 0"),
        ("source", "url", "example.com/report", "did you mean https://example.com/report?"),
        ("source", "language", "de_DE", "expected a language tag, such as en or zh-Hans, not 'de_DE'"),
        ("source", "sha256", "ABC", "expected 64 hexadecimal digits in lower case, not 'ABC'"),
    ],
)
def test_a_message_says_what_is_expected_and_what_was_meant(kind: Kind, field: str, value: object, message: str) -> None:
    assert message in messages(kind, **{field: value})[field]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("usd", "USD"),
        ("US$", "USD"),
        ("Euros", "EUR"),
        ("Norwegian krone", "NOK"),
        ("RMB", "CNY"),
        ("employees", "people"),
        ("Percent", "percent"),
        ("pp", "percentage_points"),
        ("EUR/share", "eur_per_share"),
        ("dollars per share", "usd_per_share"),
        ("queries per day", "queries_per_day"),
        ("D-Mark", "DEM"),
    ],
)
def test_another_way_to_write_a_unit_is_understood(text: str, unit: str) -> None:
    assert is_unit(unit)
    assert unit_meant(text) == unit


def test_a_scale_belongs_to_the_value() -> None:
    assert unit_meant("EUR million") == "EUR, with all digits in the value, such as 1200000"
    assert unit_meant("$bn") == "USD, with all digits in the value, such as 1200000"


def test_what_nobody_can_guess_gets_no_suggestion() -> None:
    assert (country_meant(""), country_meant("Atlantis 7"), country_meant("x" * 1_000)) == (None, None, None)
    assert (unit_meant("¥"), unit_meant("furlong"), unit_meant("x" * 1_000)) == (None, None, None)
    assert qualifier_meant("hardly") is None


@pytest.mark.parametrize(
    "code", ["DEM", "FRF", "ITL", "NLG", "ESP", "ATS", "IEP", "FIM", "GRD", "SUR", "YUM", "ZWL", "EEK", "TRL"]
)
def test_money_of_the_past_is_a_unit(code: str) -> None:
    assert messages("metric", unit=code) == {}
