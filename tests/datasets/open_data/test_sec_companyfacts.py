"""Company facts of EDGAR become a company, a source for each filing, and metrics that cite filings."""

from collections import Counter

import pytest

from app.database.database import Database
from tests.datasets.open_data.conftest import Serve
from tests.datasets.open_data.examples import (
    companies,
    company_facts,
    concept,
    edtf,
    entry,
    load_open_data,
    metrics,
    read,
    reported,
    sources,
)

FIRST, SECOND = "0000990017-24-000001", "0000990017-24-000002"
LAMPS = company_facts(
    Revenues=concept(
        "USD",
        entry(1200, "2022-12-31", "2022-01-01"),
        entry(1500, "2023-12-31", "2023-01-01"),
        entry(1500, "2023-12-31", "2023-01-01", filing=2, filed="2025-02-01"),
        entry(1210, "2022-12-31", "2022-01-01", filing=2, filed="2025-02-01"),
        label="Revenues",
    ),
    dei__EntityCommonStockSharesOutstanding=concept("shares", entry(70, "2024-01-26")),
)


def test_a_file_becomes_a_company_with_sources_and_metrics() -> None:
    records, findings, left_out = read("sec-companyfacts", LAMPS)
    assert findings == []
    (company,) = companies(records)
    assert (company.slug, company.name) == ("cik-0000990017", "Fernhold Inc.")
    assert [(identifier.scheme, identifier.value) for identifier in company.identifiers] == [("cik", "0000990017")]
    assert [(metric.slug, int(metric.value), metric.unit, edtf(metric)) for metric in metrics(records)] == [
        ("dei-entity-common-stock-shares-outstanding-shares-2024-01-26", 70, "shares", "2024-01-26"),
        ("revenues-usd-2022", 1200, "USD", "2022"),
        ("revenues-usd-2023", 1500, "USD", "2023"),
        ("revenues-usd-2022-filed-2025-02-01", 1210, "USD", "2022"),
    ]
    assert left_out == Counter(description=2, fy=5, fp=5)


def test_a_value_that_several_filings_state_is_one_metric_with_a_citation_for_each() -> None:
    records, _, _ = read("sec-companyfacts", LAMPS)
    cited = {metric.slug: [citation.source for citation in metric.citations] for metric in metrics(records)}
    assert cited["revenues-usd-2023"] == [f"edgar-0000990017-filing-{number}" for number in (FIRST, SECOND)]


def test_values_that_differ_stand_side_by_side_and_the_one_filed_first_has_the_plain_address() -> None:
    records, _, _ = read("sec-companyfacts", LAMPS)
    stated = {metric.slug: metric.value for metric in metrics(records) if edtf(metric) == "2022"}
    assert stated == {"revenues-usd-2022": 1200, "revenues-usd-2022-filed-2025-02-01": 1210}


def test_a_filing_is_a_source_whose_text_says_what_it_states() -> None:
    source = sources(read("sec-companyfacts", LAMPS)[0])[f"edgar-0000990017-filing-{FIRST}"]
    assert (source.title, source.type) == (f"10-K filed 2024-02-01 ({FIRST})", "filing")
    assert source.original_url == f"https://www.sec.gov/Archives/edgar/data/990017/000099001724000001/{FIRST}-index.htm"
    assert source.text == (
        "dei:EntityCommonStockSharesOutstanding, 2024-01-26: 70 shares\n\n"
        "us-gaap:Revenues, 2022-01-01 to 2022-12-31: 1200 USD\n\n"
        "us-gaap:Revenues, 2023-01-01 to 2023-12-31: 1500 USD"
    )


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (None, "2023-12-31", "2023-12-31"),
        ("2023-05-06", "2023-05-06", "2023-05-06"),
        ("2023-01-01", "2023-12-31", "2023"),
        ("2021-01-01", "2022-12-31", "2021/2022"),
        ("2023-04-01", "2023-06-30", "2023-34"),
        ("2023-07-01", "2023-12-31", "2023-41"),
        ("2024-02-01", "2024-02-29", "2024-02"),
        ("2023-01-01", "2023-09-30", "2023-01/2023-09"),
        ("2022-07-01", "2023-06-30", "2022-07/2023-06"),
        ("2022-09-25", "2023-09-30", "2022-09-25/2023-09-30"),
    ],
)
def test_a_period_is_the_shortest_date_that_means_its_days(start: str | None, end: str, text: str) -> None:
    records, findings, _ = read("sec-companyfacts", company_facts(Assets=concept("USD", entry(1, end, start))))
    assert findings == []
    assert [edtf(metric) for metric in metrics(records)] == [text]


@pytest.mark.parametrize(
    ("name", "stated", "unit"),
    [
        ("Assets", "CNY", "CNY"),
        ("EarningsPerShareDiluted", "USD/shares", "usd_per_share"),
        ("CommonStockDividendsPerShareDeclared", "EUR/share", "eur_per_share"),
        ("EntityNumberOfEmployees", "pure", "count"),
        ("NumberOfReportableSegments", "segment", "count"),
        ("EffectiveIncomeTaxRateContinuingOperations", "pure", "ratio"),
        ("Headcount", "employee", "people"),
    ],
)
def test_units_are_those_of_the_database(name: str, stated: str, unit: str) -> None:
    records, _, _ = read("sec-companyfacts", company_facts(**{name: concept(stated, entry(3, "2023-12-31"))}))
    assert [metric.unit for metric in metrics(records)] == [unit]


def test_values_that_the_database_has_no_place_for_are_left_out_and_counted() -> None:
    content = company_facts(
        AverageSalesPrice=concept("USD/bbl", entry(1.5, "2023-12-31"), entry(2.5, "2022-12-31")),
        ConversionRatio=concept("shares/shares", entry(1, "2023-12-31")),
        Assets=concept("USD", entry(1234567890123456789, "2023-12-31"), entry(0, "2022-12-31")),
    )
    records, findings, left_out = read("sec-companyfacts", content)
    assert findings == []
    assert [metric.value for metric in metrics(records)] == [0]
    assert left_out["us-gaap.AverageSalesPrice: unit USD/bbl"] == 2
    assert left_out["us-gaap.ConversionRatio: unit shares/shares"] == 1
    assert left_out["us-gaap.Assets: more digits than can be stored"] == 1


def test_words_are_made_of_the_concept_and_long_ones_are_cut() -> None:
    long = "IncomeLossFromContinuingOperationsBeforeIncomeTaxesExtraordinaryItemsNoncontrollingInterest"
    content = company_facts(**{name: concept("USD", entry(1, "2023-12-31")) for name in ("NetIncomeLoss", long)})
    cut, whole = sorted(metrics(read("sec-companyfacts", content)[0]), key=lambda metric: metric.metric)
    assert (whole.metric, whole.name, whole.slug) == ("net_income_loss", "Net income loss", "net-income-loss-usd-2023-12-31")
    assert cut.metric.startswith("income_loss_from_continuing_operations_before_incom")
    assert len(cut.metric) <= 60


def test_the_slug_of_the_longest_concept_per_share_fits() -> None:
    name = "ifrs_full__DilutedEarningsLossPerShareFromContinuingOperationsAndEverythingThatIsDiscontinued"
    values = [entry(value, "2023-09-30", "2022-09-25", filed=f"2024-02-0{value}", filing=value) for value in (1, 2)]
    records, findings, _ = read("sec-companyfacts", company_facts(**{name: concept("USD/shares", *values)}))
    assert findings == []
    assert max(len(metric.slug) for metric in metrics(records)) <= 100
    assert [metric.slug[-16:] for metric in metrics(records)] == ["09-25-2023-09-30", "filed-2024-02-02"]


def test_the_oldest_filings_of_a_value_and_the_newest_one_are_cited_and_the_rest_counted() -> None:
    entries = [
        entry(1, "2023-12-31", filing=number, filed=f"2024-{number // 28 + 1:02}-{number % 28 + 1:02}") for number in range(1, 53)
    ]
    records, findings, left_out = read("sec-companyfacts", company_facts(Assets=concept("USD", *entries)))
    assert findings == []
    cited = [[int(citation.source[-6:]) for citation in metric.citations] for metric in metrics(records)]
    assert cited == [[*range(1, 50), 52]]
    assert left_out["citations: more than 50 filings of one value"] == 2


@pytest.mark.parametrize(
    ("content", "line", "field", "message"),
    [
        (b"", 0, "", "is empty"),
        (b"[]", 1, "cik", "expected a Central Index Key"),
        (b"[1]", 1, "", "expected an object, not a list"),
        (LAMPS[:-50], 68, "facts.dei.EntityCommonStockSharesOutstanding.units.shares[0].form", "is not JSON"),
        (LAMPS.replace(b"Fernhold", b"F\xfcrn"), 3, "", "is not UTF-8: byte 0xfc"),
        (LAMPS.replace(b'"cik": 990017', b'"cik": "AAPL"'), 2, "cik", "not 'AAPL'"),
        (LAMPS.replace(b"Fernhold Inc.", b" "), 3, "entityName", "expected text"),
        (LAMPS.replace(b'"facts"', b'"fax"'), 1, "facts", "is missing"),
        (LAMPS.replace(b'"entityName"', b'"cik"'), 3, "cik", "is given twice"),
        (LAMPS.replace(b'"val": 1210', b'"val": NaN'), 44, "facts.us-gaap.Revenues.units.USD[3].val", "NaN is not a number"),
        (LAMPS.replace(b'"val": 1210', b'"val": 1' + b"0" * 400), 44, "facts.us-gaap.Revenues.units.USD[3].val", "out of range"),
        (LAMPS.replace(b'"val": 1210', b'"val": null'), 44, "facts.us-gaap.Revenues.units.USD[3].val", "is missing"),
        (LAMPS.replace(b'"val": 1210', b'"val": "1210"'), 44, "facts.us-gaap.Revenues.units.USD[3].val", "not '1210'"),
        (LAMPS.replace(b'"cik": 990017', b'"cik": ' + b"[" * 5_000), 2, "", "is nested more than"),
    ],
)
def test_a_broken_file_is_refused(content: bytes, line: int, field: str, message: str) -> None:
    found = reported("sec-companyfacts", content)
    assert any((line, field) == (at, of) and message in text for at, of, text in found), found


def test_wrong_values_are_reported_all_at_once() -> None:
    wrong = [
        entry(1, "2023-13-31"),
        entry(1, "2022-12-31", "2023-01-01"),
        entry(1, "2023-12-31") | {"accn": "17"},
        entry(1, "2023-12-31") | {"filed": None},
        entry(1, "2023-12-31") | {"form": 10},
    ]
    fields = ("end", "end", "accn", "filed", "form")
    assert [field for _, field, _ in reported("sec-companyfacts", company_facts(Assets=concept("USD", *wrong)))] == [
        f"facts.us-gaap.Assets.units.USD[{index}].{name}" for index, name in enumerate(fields)
    ]


def test_metrics_are_served_with_form_and_accession_number(serve: Serve) -> None:
    client = serve("sec-companyfacts", LAMPS)
    metric = client.get("/v1/companies/cik-0000990017/metrics/revenues-usd-2023").json()
    assert (metric["metric"], metric["value"], metric["unit"], metric["period"]["edtf"]) == ("revenues", 1500, "USD", "2023")
    quotes = [citation["quote"] for citation in metric["citations"]]
    assert quotes == ["us-gaap:Revenues, 2023-01-01 to 2023-12-31: 1500 USD"] * 2
    titles = [client.get(citation["source_url"]).json()["title"] for citation in metric["citations"]]
    assert titles == [f"10-K filed 2024-02-01 ({FIRST})", f"10-K filed 2025-02-01 ({SECOND})"]
    assert client.get("/v1/companies/cik-0000990017/profile").status_code == 200


def test_loading_twice_appends_nothing_and_a_later_file_adds_what_is_new(database: Database) -> None:
    everything = Counter(source=3, company=1, metric=4)
    assert load_open_data(database, "sec-companyfacts", LAMPS).created == everything
    assert load_open_data(database, "sec-companyfacts", LAMPS).unchanged == everything
    later = LAMPS.replace(b'"val": 1210', b'"val": 1220')
    report = load_open_data(database, "sec-companyfacts", later)
    assert (report.created, report.unchanged) == (Counter(), Counter(source=2, company=1, metric=2))
    assert report.updated["metric"] == 2  # the value and the note of the one that names it
