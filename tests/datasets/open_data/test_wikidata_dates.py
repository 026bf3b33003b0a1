"""Dates of Wikidata are as precise as they are stated, lie within their bounds, and may be unknown or still to come."""

import pytest

from tests.datasets.open_data.conftest import Serve
from tests.datasets.open_data.examples import (
    Fields,
    claim,
    companies,
    edtf,
    entity,
    entity_data,
    item,
    metrics,
    milestones,
    quantity,
    read,
    snak,
    time,
)

CIRCA = snak("P1480", item("Q5727902"))


def year(number: int, precision: int = 9) -> Fields:
    return time(f"+{number:04}-00-00T00:00:00Z", precision)


def unknown(name: str, kind: str = "somevalue") -> Fields:
    return {"snaktype": kind, "property": name}


def founded(*claims: Fields, **more: str) -> list[tuple[str | None, str | None]]:
    """The dates of the milestones, as a dataset has them."""
    records, findings, _ = read("wikidata", entity_data(entity(*claims, **more)))
    assert findings == []
    return [(one.date.edtf, one.date.text) if one.date else (None, None) for one in milestones(records)]


@pytest.mark.parametrize(
    ("number", "edtf_text", "words"),
    [
        (2000, "1901/2000", "20th century"),
        (1901, "1901/2000", "20th century"),
        (1900, "1801/1900", "19th century"),
        (2001, "2001/2100", "21st century"),
        (1150, "1101/1200", "12th century"),
        (250, "0201/0300", "3rd century"),
    ],
)
def test_a_century_is_its_hundred_years_in_words(number: int, edtf_text: str, words: str) -> None:
    assert founded(claim("P571", year(number, 7))) == [(edtf_text, words)]


def test_what_is_about_a_decade_or_a_century_says_so() -> None:
    assert founded(claim("P571", year(2000, 7), qualifiers=[CIRCA])) == [("1901~/2000~", "around the 20th century")]
    assert founded(claim("P571", year(1990, 8), qualifiers=[CIRCA])) == [("199X~", None)]


def test_a_century_is_served_in_words_and_quoted(serve: Serve) -> None:
    client = serve("wikidata", entity_data(entity(claim("P571", year(2000, 7)))))
    milestone = client.get("/v1/companies/wikidata-q99900001/milestones").json()["items"][0]
    assert milestone["date"] == {
        "edtf": "1901/2000",
        "text": "20th century",
        "earliest": "1901-01-01",
        "latest": "2000-12-31",
    }
    assert milestone["citations"][0]["quote"] == "Q99900001, P571 inception 20th century (statement 00000001)"
    assert client.get("/v1/companies/wikidata-q99900001").json()["founded"] == milestone["date"]


@pytest.mark.parametrize(
    ("value", "bounds", "expected"),
    [
        (year(1900), {"P1319": year(1890), "P1326": year(1910)}, "1890/1910"),
        (year(1900, 7), {"P1319": year(1890), "P1326": year(1895)}, "1890/1895"),
        (year(2000, 8), {"P1319": year(2003)}, "2003/2009"),
        (year(2000, 8), {"P1326": time("+2003-05-00T00:00:00Z", 10)}, "2000/2003-05"),
        (year(1900, 7), {"P1319": year(1890, 8)}, "1890/1900"),
        (year(1900), {"P580": year(1899), "P582": year(1901)}, "1899/1901"),
        (year(1900), {"P582": unknown("P582", "novalue")}, "1900"),
        (year(1900), {"P1319": unknown("P1319")}, "1900"),
        (None, {"P1319": year(1890)}, "1890/.."),
        (None, {"P1326": year(1890)}, "../1890"),
        (None, {"P1319": year(1890), "P1326": year(1890)}, "1890"),
    ],
)
def test_an_event_lies_within_the_bounds_of_its_qualifiers(
    value: Fields | None, bounds: dict[str, Fields], expected: str
) -> None:
    qualifiers = [given if "snaktype" in given else snak(name, given) for name, given in bounds.items()]
    statement = claim("P571", value or 1, qualifiers=qualifiers)
    if value is None:
        statement["mainsnak"] = unknown("P571")
    assert founded(statement) == [(expected, None)]


@pytest.mark.parametrize(
    ("qualifiers", "counted"),
    [
        ([snak("P1319", year(1910))], "with an earliest date after its latest"),
        ([snak("P1319", year(1910)), snak("P1326", year(1920))], "with bounds that exclude it"),
        ([snak("P1319", year(100, 5))], "of precision 5"),
    ],
)
def test_bounds_that_contradict_the_date_are_left_out_and_counted(qualifiers: list[Fields], counted: str) -> None:
    records, _, left_out = read("wikidata", entity_data(entity(claim("P571", year(1900), qualifiers=qualifiers))))
    assert milestones(records) == []
    assert left_out[f"claims.P571: {counted}"] == 1


@pytest.mark.parametrize(
    ("qualifiers", "expected"),
    [
        ([snak("P585", year(2020)), snak("P1319", year(2019)), snak("P1326", year(2021))], "2019/2021"),
        ([snak("P1326", year(2021))], "../2021"),
        ([snak("P580", year(2019)), unknown("P582", "novalue")], "2019/.."),
        ([snak("P580", year(2019)), unknown("P582")], "2019/"),
        ([unknown("P580"), snak("P582", year(2021))], "/2021"),
        ([unknown("P585")], None),
    ],
)
def test_the_time_of_a_value_has_bounds_too(qualifiers: list[Fields], expected: str | None) -> None:
    records, _, _ = read("wikidata", entity_data(entity(claim("P1128", quantity("+120"), qualifiers=qualifiers))))
    assert [edtf(metric) for metric in metrics(records)] == [expected]


@pytest.mark.parametrize(
    ("end", "modified", "country"),
    [
        (snak("P582", year(2031)), "2030-06-01T00:00:00Z", "NO"),
        (snak("P582", year(2031)), "2032-06-01T00:00:00Z", None),
        (snak("P582", year(9000)), None, "NO"),
        (snak("P582", year(2001)), None, None),
        (unknown("P582"), None, None),
        (unknown("P582", "novalue"), None, "NO"),
    ],
)
def test_a_statement_lasts_until_an_end_to_come_and_without_end(end: Fields, modified: str | None, country: str | None) -> None:
    more = {"modified": modified} if modified else {}
    records, _, _ = read("wikidata", entity_data(entity(claim("P17", item("Q20"), qualifiers=[end]), **more)))
    assert [company.country for company in companies(records)] == [country]


def test_an_event_to_come_says_so() -> None:
    def note(modified: str) -> str | None:
        (one,) = milestones(read("wikidata", entity_data(entity(claim("P576", year(2031)), modified=modified)))[0])
        return one.note

    assert note("2030-12-31T00:00:00Z") == "Wikidata states this for a time to come."
    assert note("2031-01-01T00:00:00Z") is None
