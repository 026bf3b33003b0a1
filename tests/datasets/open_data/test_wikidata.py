"""Entities of Wikidata become companies with milestones and metrics, each cited."""

import json
from collections import Counter

import pytest

from app.database.database import Database
from tests.datasets.open_data.conftest import Serve
from tests.datasets.open_data.examples import (
    MOSSGLASS,
    claim,
    companies,
    edtf,
    entity,
    entity_data,
    item,
    load_open_data,
    metrics,
    milestones,
    quantity,
    read,
    reported,
    snak,
    sources,
    time,
)

REPORT = [
    snak("P854", "https://fernhold.example/report"),
    snak("P1476", {"text": "Annual report", "language": "en"}),
    snak("P577", time("+2024-03-01T00:00:00Z", 11)),
    snak("P143", item("Q328")),
]
YEAR_2023 = snak("P585", time("+2023-00-00T00:00:00Z", 9))
FOUNDED = claim("P571", time("+1999-05-00T00:00:00Z", 10), references=[REPORT])
REVENUE = claim("P2139", quantity("+2500000.5", "Q132643"), qualifiers=[YEAR_2023], references=[REPORT])
EMPLOYEES = claim("P1128", quantity("+120", upperBound="+125", lowerBound="+115"))
LAMPS = entity(
    FOUNDED,
    REVENUE,
    EMPLOYEES,
    claim("P17", item("Q20")),
    claim("P1278", MOSSGLASS),
    claim("P856", "https://fernhold.example/"),
    claim("P5531", "990017"),
    claim("P414", item("Q909"), qualifiers=[snak("P249", "FERN")]),
    claim("P31", item("Q4830453")),
    labels={"zh": {"language": "zh", "value": "蕨堡"}, "en": {"language": "en", "value": "Fernhold AS"}},
    aliases={"no": [{"language": "no", "value": "Bregneborg"}, {"language": "no", "value": "蕨堡"}]},
    descriptions={"en": {"language": "en", "value": "maker of lamps"}, "de": {"language": "de", "value": "Hersteller"}},
    sitelinks={"enwiki": {"site": "enwiki", "title": "Fernhold"}},
    lastrevid=7,
)
SLUG = "wikidata-q99900001"


def test_an_item_becomes_a_company() -> None:
    records, findings, left_out = read("wikidata", entity_data(LAMPS))
    assert findings == []
    (company,) = companies(records)
    assert (company.slug, company.name, company.country, company.summary) == (SLUG, "Fernhold AS", "NO", "maker of lamps")
    assert [(other.name, other.language) for other in company.other_names] == [("蕨堡", "zh"), ("Bregneborg", "no")]
    assert company.founded is not None
    assert company.founded.edtf == "1999-05"
    assert {(identifier.scheme, identifier.value) for identifier in company.identifiers} == {
        ("wikidata", "Q99900001"),
        ("lei", MOSSGLASS),
        ("website", "https://fernhold.example/"),
        ("cik", "0000990017"),
        ("ticker", "FERN"),
    }
    assert left_out == Counter(
        {"aliases: the same as another name": 1, "descriptions": 1, "sitelinks": 1, "claims.P31": 1, "lastrevid": 1}
    )


def test_statements_cite_their_references_and_otherwise_the_item() -> None:
    records, _, _ = read("wikidata", entity_data(LAMPS))
    revenue, employees = sorted(metrics(records), key=lambda metric: metric.metric, reverse=True)
    assert (revenue.slug, str(revenue.value), revenue.unit, edtf(revenue)) == ("revenue-00000001", "2500000.5", "NOK", "2023")
    assert (int(employees.value), employees.unit, employees.qualifier, edtf(employees)) == (120, "people", "about", None)
    assert [citation.source for citation in employees.citations] == [SLUG]
    report = sources(records)[revenue.citations[0].source]
    assert (report.title, report.original_url, report.type) == ("Annual report", "https://fernhold.example/report", "page")
    assert report.published is not None
    assert report.published.edtf == "2024-03-01"
    assert report.text == (
        "Q99900001, P571 inception 1999-05 (statement 00000001)\n\n"
        "Q99900001, P2139 total revenue, 2023: 2500000.5 Q132643 (NOK) (statement 00000001)"
    )
    assert "document itself was not read" in str(report.note)


@pytest.mark.parametrize(
    ("text", "precision", "expected"),
    [
        ("+1998-09-04T00:00:00Z", 11, "1998-09-04"),
        ("+1998-09-00T00:00:00Z", 10, "1998-09"),
        ("+1998-00-00T00:00:00Z", 9, "1998"),
        ("+1998-01-01T00:00:00Z", 8, "199X"),
        ("+1998-01-01T00:00:00Z", 7, "1901/2000"),
        ("+2000-01-01T00:00:00Z", 7, "1901/2000"),
    ],
)
def test_a_date_is_as_precise_as_the_statement(text: str, precision: int, expected: str) -> None:
    records, findings, _ = read("wikidata", entity_data(entity(claim("P571", time(text, precision)))))
    assert findings == []
    assert [milestone.date and milestone.date.edtf for milestone in milestones(records)] == [expected]


def test_circa_is_kept() -> None:
    circa = [snak("P1480", item("Q5727902"))]
    claims = [
        claim("P571", time("+1998-00-00T00:00:00Z", 9), qualifiers=circa),
        claim("P1128", quantity("+50"), qualifiers=circa),
    ]
    records, _, _ = read("wikidata", entity_data(entity(*claims)))
    assert [milestone.date and milestone.date.edtf for milestone in milestones(records)] == ["1998~"]
    assert [metric.qualifier for metric in metrics(records)] == ["about"]


def test_preferred_statements_win_and_deprecated_ones_are_never_taken() -> None:
    years = (("normal", "+1997"), ("preferred", "+1998"), ("deprecated", "+1999"))
    claims = [
        claim("P571", time(f"{year}-00-00T00:00:00Z", 9), number, rank) for number, (rank, year) in enumerate(years, start=1)
    ]
    records, _, left_out = read("wikidata", entity_data(entity(*claims)))
    assert [milestone.date and milestone.date.edtf for milestone in milestones(records)] == ["1998"]
    assert (left_out["claims.P571: not preferred"], left_out["claims.P571: deprecated"]) == (1, 1)


def test_statements_that_disagree_stand_side_by_side_and_leave_the_company_open() -> None:
    claims = [claim("P571", time(f"+{year}-00-00T00:00:00Z", 9), year) for year in (1997, 1998)]
    claims += [claim("P17", item(number), place) for place, number in enumerate(("Q20", "Q34"), start=1)]
    records, _, left_out = read("wikidata", entity_data(entity(*claims)))
    assert [milestone.slug for milestone in milestones(records)] == ["founded-000007cd", "founded-000007ce"]
    (company,) = companies(records)
    assert (company.founded, company.country) == (None, None)
    assert left_out["claims.P17: several countries"] == 2


@pytest.mark.parametrize(
    ("one", "counted"),
    [
        (claim("P571", time("+0999-05-04T00:00:00Z", 11, "Q1985786")), "claims.P571: of the Julian calendar"),
        (claim("P571", time("-0300-00-00T00:00:00Z", 9)), "claims.P571: outside the years 1 to 9999"),
        (claim("P571", time("+1000-00-00T00:00:00Z", 6)), "claims.P571: of precision 6"),
        (
            claim("P571", time("+1990-00-00T00:00:00Z", 9), qualifiers=[snak("P518", item("Q1"))]),
            "claims.P571: with qualifier P518, applies to part, which limits it",
        ),
        (claim("P571", 1) | {"mainsnak": {"snaktype": "somevalue", "property": "P571"}}, "claims.P571: unknown (some value)"),
        (claim("P571", 1) | {"mainsnak": {"snaktype": "novalue", "property": "P571"}}, "claims.P571: no value"),
        (
            claim("P2139", quantity("+5", "Q999")),
            "claims.P2139: unit Q999, which is not known as a currency; its own item in the file tells its code",
        ),
        (claim("P1128", quantity("+5", "Q4917")), "claims.P1128: unit Q4917 in place of a number without unit"),
        (
            claim("P2139", quantity("+5", "Q4917"), qualifiers=[snak("P999", item("Q1"))]),
            "claims.P2139: with qualifier P999, which may limit it",
        ),
        (claim("P1278", "529900FERNHOLD000000"), "lei: not valid"),
        (claim("P17", item("Q999")), "claims.P17: Q999 is not a known country; its own item in the file tells its code"),
        (claim("P17", item("Q15180")), "claims.P17: Q15180, the Soviet Union, which has no code in ISO 3166-1"),
        (claim("P17", item("Q20"), qualifiers=[snak("P582", time("+2001-00-00T00:00:00Z", 9))]), "claims.P17: ended"),
    ],
)
def test_statements_that_the_database_has_no_place_for_are_left_out_and_counted(one: dict[str, object], counted: str) -> None:
    records, findings, left_out = read("wikidata", entity_data(entity(one)))
    assert (findings, milestones(records), metrics(records)) == ([], [], [])
    assert left_out[counted] == 1


def test_a_time_from_and_to_is_a_period() -> None:
    span = [snak(name, time(f"+{year}-04-01T00:00:00Z", 11)) for name, year in (("P580", 2022), ("P582", 2023))]
    records, _, _ = read("wikidata", entity_data(entity(claim("P2139", quantity("+5", "Q8146"), qualifiers=span))))
    assert [(metric.unit, edtf(metric)) for metric in metrics(records)] == [("JPY", "2022-04-01/2023-04-01")]


def test_a_country_in_the_file_gives_its_code_and_is_no_company() -> None:
    country = entity(claim("P297", "IS"), number="Q77700001")
    records, _, left_out = read("wikidata", entity_data(country, entity(claim("P17", item("Q77700001")))))
    assert [company.country for company in companies(records)] == ["IS"]
    assert left_out["entities: country"] == 1


def test_more_than_fifty_other_names_are_counted_and_well_known_languages_come_first() -> None:
    tags = [f"a{letter}{second}" for letter in "abcdef" for second in "abcdefghij"] + ["zh"]
    labels = {tag: {"language": tag, "value": f"Name {tag}"} for tag in tags}
    records, _, left_out = read("wikidata", entity_data(entity(labels=labels)))
    (company,) = companies(records)
    assert (company.name, len(company.other_names)) == ("Name zh", 50)
    assert left_out["labels: more than 50 other names"] == 10


DUMP = b"[\n" + json.dumps(LAMPS).encode() + b",\n" + json.dumps(entity(number="Q99900002")).encode() + b"\n]\n"


@pytest.mark.parametrize("content", [DUMP, DUMP.replace(b"[\n", b"", 1).replace(b"\n]\n", b"").replace(b"},\n", b"}\n")])
def test_a_dump_is_read_line_by_line(content: bytes) -> None:
    records, findings, _ = read("wikidata", content)
    assert findings == []
    assert [company.slug for company in companies(records)] == [SLUG, "wikidata-q99900002"]
    alone = read("wikidata", entity_data(LAMPS))[0]
    assert [located.record for located in records[: len(alone)]] == [located.record for located in alone]


@pytest.mark.parametrize(
    ("content", "line", "field", "message"),
    [
        (b"", 0, "", "is empty"),
        (b'{"entities": [1]}', 1, "entities", "expected an object"),
        (b'{"items": {}}', 1, "entities", "is missing"),
        (entity_data(LAMPS)[:-9], 1, "entities.Q99900001.sitelinks.enwiki.title", "is not JSON"),
        (DUMP[:-3], 3, "", "ends before the list is closed"),
        (DUMP[:-9], 3, "labels.en.value", "is not JSON"),
        (DUMP.replace(b"maker", b"m\xe4ker"), 2, "", "is not UTF-8: byte 0xe4"),
        (DUMP.replace(b'"lastrevid": 7', b'"lastrevid": Infinity'), 2, "lastrevid", "Infinity is not a number"),
        (DUMP.replace(b'"lastrevid": 7', b'"id": "Q7"'), 2, "id", "is given twice"),
        (DUMP.replace(b'"lastrevid": 7', b'"a": ' + b"[" * 10_000), 2, "", "is nested more than"),
        (DUMP.replace(b'"claims": {', b'"claims": 3, "c": {'), 2, "claims", "expected an object, not 3"),
        (b'{"entities":\n{"Q1":\n{"id": "Q1", "labels": {"en": 3}}}}', 3, "entities.Q1.labels.en", "not 3"),
        (DUMP.replace(b'"id": "Q99900001"', b'"id": "Q 1"'), 2, "id", "expected Q and a number"),
        (b"[\n[1]\n]\n", 2, "", "expected an object, not a list"),
    ],
)
def test_a_broken_file_is_refused(content: bytes, line: int, field: str, message: str) -> None:
    found = reported("wikidata", content)
    assert any((line, field) == (at, of) and message in text for at, of, text in found), found


def test_facts_are_served_with_what_wikidata_states(serve: Serve) -> None:
    client = serve("wikidata", DUMP)
    milestone = client.get(f"/v1/companies/{SLUG}/milestones/founded-00000001").json()
    assert (milestone["category"], milestone["date"]["edtf"]) == ("founding", "1999-05")
    (citation,) = milestone["citations"]
    assert citation["quote"] == "Q99900001, P571 inception 1999-05 (statement 00000001)"
    assert client.get(citation["source_url"]).json()["original_url"] == "https://fernhold.example/report"
    profile = client.get(f"/v1/companies/{SLUG}/profile").json()
    assert [metric["metric"] for metric in profile["metrics"]["items"]] == ["employees", "revenue"]


def test_loading_twice_appends_nothing(database: Database) -> None:
    everything = Counter(source=3, company=2, milestone=1, metric=2)
    assert load_open_data(database, "wikidata", DUMP).created == everything
    assert load_open_data(database, "wikidata", DUMP).unchanged == everything
