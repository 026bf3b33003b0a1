"""Values of company facts have the meaning that the file gives them, and other files of EDGAR are not taken for company facts."""

import json
from decimal import Decimal

import pytest

from tests.datasets.open_data.conftest import Serve
from tests.datasets.open_data.examples import Fields, company_facts, concept, entry, metrics, read, reported, sources


def test_values_that_differ_name_each_other_and_when_each_was_filed_last() -> None:
    content = company_facts(
        Revenues=concept(
            "USD",
            entry(1200, "2022-12-31", "2022-01-01"),
            entry(1210, "2022-12-31", "2022-01-01", filing=2, filed="2024-09-12") | {"form": "10-K/A"},
            entry(1200, "2022-12-31", "2022-01-01", filing=3, filed="2025-02-01"),
            entry(900, "2021-12-31", "2021-01-01"),
        ),
    )
    notes = {metric.slug: metric.note for metric in metrics(read("sec-companyfacts", content)[0])}
    assert notes == {
        "revenues-usd-2021": None,
        "revenues-usd-2022": "Filings state different values for this period. This one was last filed on 2025-02-01 (10-K). "
        "Others: 1210 USD, last filed on 2024-09-12 (10-K/A), revenues-usd-2022-filed-2024-09-12.",
        "revenues-usd-2022-filed-2024-09-12": "Filings state different values for this period. This one was last filed on "
        "2024-09-12 (10-K/A). Others: 1200 USD, last filed on 2025-02-01 (10-K), revenues-usd-2022.",
    }


def test_a_note_names_at_most_ten_other_values() -> None:
    values = [entry(value, "2023-12-31", filing=value, filed=f"2024-02-{value:02}") for value in range(1, 14)]
    records, findings, _ = read("sec-companyfacts", company_facts(Assets=concept("USD", *values)))
    assert findings == []
    assert [(str(metric.note).count("last filed on"), str(metric.note)[-11:]) for metric in metrics(records)] == [
        (11, "and 2 more.")
    ] * 13


def test_values_in_units_that_are_filed_as_different_are_never_one_value() -> None:
    content = json.loads(company_facts(NumberOfSites=concept("store", entry(12, "2023-12-31"), entry(11, "2022-12-31"))))
    content["facts"]["us-gaap"]["NumberOfSites"]["units"]["Segment"] = [entry(12, "2023-12-31", filing=2, filed="2025-02-01")]
    records, findings, _ = read("sec-companyfacts", json.dumps(content).encode())
    assert findings == []
    assert [(metric.slug, int(metric.value), metric.unit, metric.scope, metric.note) for metric in metrics(records)] == [
        ("number-of-sites-count-2022-12-31", 11, "count", "store", None),
        ("number-of-sites-count-2023-12-31", 12, "count", "store", None),
        ("number-of-sites-count-2023-12-31-filed-2025-02-01", 12, "count", "Segment", None),
    ]
    texts = [source.text for source in sources(records).values()]
    assert texts[2] == "us-gaap:NumberOfSites, 2023-12-31: 12 Segment"


def test_each_filing_is_quoted_with_its_own_digits() -> None:
    content = company_facts(
        EarningsPerShareBasic=concept(
            "USD/shares", entry(11.25, "2023-12-31"), entry(22.25, "2023-12-31", filing=2, filed="2025-02-01")
        )
    )
    content = content.replace(b"11.25", b"1.50").replace(b"22.25", b"1.5")
    records, _, _ = read("sec-companyfacts", content)
    assert [(metric.value, len(metric.citations)) for metric in metrics(records)] == [(Decimal("1.5"), 2)]
    assert [source.text for source in sources(records).values()][1:] == [
        "us-gaap:EarningsPerShareBasic, 2023-12-31: 1.50 USD/shares",
        "us-gaap:EarningsPerShareBasic, 2023-12-31: 1.5 USD/shares",
    ]


def test_the_sentence_about_the_name_ends_in_one_full_stop() -> None:
    for name, end in (("Fernhold Inc.", "is Fernhold Inc."), ("Fernhold", "is Fernhold.")):
        records, findings, _ = read("sec-companyfacts", company_facts().replace(b"Fernhold Inc.", name.encode()))
        assert findings == []
        text = sources(records)["edgar-0000990017"].text
        assert text == f"The registrant with the Central Index Key 0000990017 {end}"


NUMBER = "https://data.sec.gov/api/xbrl/companyfacts/CIK"


@pytest.mark.parametrize(
    ("document", "kind", "download"),
    [
        ({"cik": 990017, "taxonomy": "us-gaap", "tag": "Revenues", "units": {}}, "companyconcept", "0000990017.json"),
        ({"cik": "0000990017", "name": "Fernhold Inc.", "filings": {}}, "submissions", "0000990017.json"),
        ({"accessionNumber": [], "filingDate": []}, "further page of EDGAR's submissions", "##########.json"),
        ({"taxonomy": "us-gaap", "tag": "Revenues", "ccp": "CY2023", "data": []}, "frames", "##########.json"),
        ({"0": {"cik_str": 990017, "ticker": "FRN", "title": "Fernhold Inc."}}, "lists of companies", "##########.json"),
        ({"fields": ["cik", "name"], "data": []}, "lists of companies", "##########.json"),
    ],
)
def test_a_sister_format_says_in_one_line_what_it_is_and_what_to_download(document: Fields, kind: str, download: str) -> None:
    ((line, field, message),) = reported("sec-companyfacts", json.dumps(document, indent=1).encode())
    assert (line, field) == (1, "")
    assert kind in message
    assert message.endswith(f"download {NUMBER}{download} instead")


def test_a_web_page_in_place_of_the_file_is_told_as_such() -> None:
    ((line, _, message),) = reported("sec-companyfacts", b"\n<!DOCTYPE html>\n<html><body>Undeclared tool</body></html>")
    assert line == 2
    assert message.startswith("is a web page or XML, not company facts")


@pytest.mark.any_engine
def test_values_per_share_are_served_and_a_filter_finds_them(serve: Serve) -> None:
    client = serve(
        "sec-companyfacts", company_facts(EarningsPerShareBasic=concept("USD/shares", entry(-0.42, "2023-12-31", "2023-01-01")))
    )
    (metric,) = client.get("/v1/metrics", params={"unit": "usd_per_share"}).json()["items"]
    assert (metric["slug"], metric["value"]) == ("earnings-per-share-basic-usd-per-share-2023", -0.42)
    assert metric["citations"][0]["quote"] == "us-gaap:EarningsPerShareBasic, 2023-01-01 to 2023-12-31: -0.42 USD/shares"
