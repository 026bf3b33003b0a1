"""What a Wikidata statement means is served: with qualifiers that only explain it, in any currency, for any country."""

import pycountry
import pytest

from app.datasets.open_data.wikidata import codes
from app.values.units import UNITS
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
    sources,
    time,
)

DAY = time("+1934-06-02T00:00:00Z", 11)
SOME_VALUE = {"snaktype": "somevalue", "property": "P585"}


def year(number: int) -> Fields:
    return snak("P585", time(f"+{number}-00-00T00:00:00Z", 9))


def revenue(unit: str, *qualifiers: Fields) -> Fields:
    return claim("P2139", quantity("+7.50", unit), qualifiers=list(qualifiers))


@pytest.mark.parametrize("qualifier", ["P276", "P1534", "P1366", "P1932", "P459", "P805", "P112", "P99999"])
def test_a_qualifier_that_explains_a_statement_does_not_drop_it(qualifier: str) -> None:
    claims = [claim(name, DAY, qualifiers=[snak(qualifier, item("Q1"))]) for name in ("P571", "P576")]
    records, _, left_out = read("wikidata", entity_data(entity(*claims)))
    assert [milestone.date and milestone.date.edtf for milestone in milestones(records)] == ["1934-06-02", "1934-06-02"]
    assert [count for name, count in left_out.items() if name.startswith(f"claims.P571: qualifier {qualifier}, ")] == [1]


@pytest.mark.parametrize("qualifier", ["P518", "P642", "P1310", "P3831", "P1011"])
def test_a_qualifier_that_limits_a_statement_drops_it_with_a_reason(qualifier: str) -> None:
    records, _, left_out = read("wikidata", entity_data(entity(claim("P571", DAY, qualifiers=[snak(qualifier, item("Q1"))]))))
    assert milestones(records) == []
    assert [count for name, count in left_out.items() if name.startswith(f"claims.P571: with qualifier {qualifier}, ")] == [1]


def test_a_place_does_not_limit_a_date_but_it_limits_an_amount() -> None:
    at_a_place = [snak("P276", item("Q1"))]
    claims = [claim("P571", DAY, qualifiers=at_a_place), claim("P1128", quantity("+7"), qualifiers=at_a_place)]
    records, _, left_out = read("wikidata", entity_data(entity(*claims)))
    assert (len(milestones(records)), metrics(records)) == (1, [])
    assert left_out["claims.P1128: with qualifier P276, location, which limits it"] == 1


@pytest.mark.parametrize(("name", "value"), [("P17", item("Q20")), ("P1278", "5299FERNHOLD00000082"), ("P946", "US0378331005")])
def test_a_country_or_an_identifier_of_a_part_is_not_that_of_the_company(name: str, value: object) -> None:
    part = [snak("P518", item("Q1"))]
    records, _, left_out = read("wikidata", entity_data(entity(claim(name, value, qualifiers=part))))
    (company,) = companies(records)
    assert (company.country, [identifier.scheme for identifier in company.identifiers]) == (None, ["wikidata"])
    assert left_out[f"claims.{name}: with qualifier P518, applies to part, which limits it"] == 1


def test_a_statement_that_has_no_end_lasts() -> None:
    lasting = claim("P17", item("Q20"))
    lasting["qualifiers"] = {"P582": [{"snaktype": "novalue", "property": "P582"}]}
    assert [company.country for company in companies(read("wikidata", entity_data(entity(lasting)))[0])] == ["NO"]


@pytest.mark.parametrize(
    ("start", "end", "period"),
    [("somevalue", None, "/2019"), ("novalue", None, "../2019"), (None, "somevalue", "2019/"), ("somevalue", "somevalue", None)],
)
def test_an_unknown_bound_of_a_period_is_not_an_open_one(start: str | None, end: str | None, period: str | None) -> None:
    in_2019 = time("+2019-00-00T00:00:00Z", 9)
    staff = claim("P1128", quantity("+7"))
    staff["qualifiers"] = {
        name: [{"snaktype": kind, "property": name} if kind else snak(name, in_2019)]
        for name, kind in (("P580", start), ("P582", end))
    }
    (metric,) = metrics(read("wikidata", entity_data(entity(staff)))[0])
    assert (edtf(metric), bool(metric.note)) == (period, period is None)


@pytest.mark.parametrize(
    ("claims", "counted"),
    [
        ([claim("P31", item("Q5"))], "human (Q5)"),
        ([claim("P31", item("Q4830453")), claim("P31", item("Q5"), 2)], "human (Q5)"),
        ([claim("P31", item("Q3046146"))], "married couple (Q3046146)"),
        ([claim("P569", DAY)], "human, with date of birth (P569)"),
    ],
)
def test_persons_are_left_out_and_counted(claims: list[Fields], counted: str) -> None:
    records, findings, left_out = read("wikidata", entity_data(entity(*claims), entity(number="Q99900002")))
    assert findings == []
    assert [company.slug for company in companies(records)] == ["wikidata-q99900002"]
    assert left_out[f"entities: {counted}"] == 1


def test_a_company_that_was_wrongly_called_a_person_stays_a_company() -> None:
    records, _, _ = read("wikidata", entity_data(entity(claim("P31", item("Q5"), rank="deprecated"))))
    assert len(companies(records)) == 1


@pytest.mark.parametrize(
    ("unit", "when", "code"),
    [
        ("Q199857", 2022, "SAR"),
        ("Q214393", 2022, "XPF"),
        ("Q16068", 1998, "DEM"),
        ("Q204992", 1995, "ITL"),
        ("Q172540", 2012, "BGN"),
        ("Q172872", 2003, "TRL"),
        ("Q172872", 2012, "TRY"),
        ("Q160680", 2010, "BYR"),
    ],
)
def test_money_is_in_the_currency_of_its_time(unit: str, when: int, code: str) -> None:
    records, _, _ = read("wikidata", entity_data(entity(revenue(unit, year(when)))))
    assert [(metric.unit, edtf(metric)) for metric in metrics(records)] == [(code, str(when))]


@pytest.mark.parametrize("qualifiers", [[], [year(2005)]])
def test_money_whose_time_does_not_tell_the_currency_is_left_out(qualifiers: list[Fields]) -> None:
    records, _, left_out = read("wikidata", entity_data(entity(revenue("Q172872", *qualifiers))))
    assert metrics(records) == []
    assert left_out["claims.P2139: unit Q172872, which is TRL/TRY at different times"] == 1


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        ("+1234567890123456.78", "a number that has 18 significant digits; at most 15 are stored exactly"),
        ("+" + "9" * 30, "a number that must be smaller than 10^18 and have at most 40 decimal places"),
    ],
)
def test_an_amount_beyond_the_limits_is_left_out_and_the_file_loads(amount: str, reason: str) -> None:
    records, findings, left_out = read("wikidata", entity_data(entity(claim("P2139", quantity(amount, "Q4917")))))
    assert (findings, len(companies(records)), metrics(records)) == ([], 1, [])
    assert left_out[f"claims.P2139: {reason}"] == 1


NO_DAY = "'2019-02-30' is outside the years 1 to 9999 or is not a calendar day"
NEVER = time("+2019-02-30T00:00:00Z", 11)
BACKWARDS = [snak(name, time(f"+{number}-00-00T00:00:00Z", 9)) for name, number in (("P580", 2019), ("P582", 2018))]


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (claim("P571", NEVER), f"claims.P571: {NO_DAY}"),
        (
            revenue("Q4917", snak("P585", NEVER)),
            f"claims.P2139: {NO_DAY}",
        ),
        (revenue("Q4917", *BACKWARDS), "claims.P2139: '2019/2018' ends before it starts"),
        (
            claim("P571", DAY, references=[[snak("P854", "https://fernhold.example"), snak("P577", NEVER)]]),
            f"references.P577: {NO_DAY}",
        ),
    ],
)
def test_a_date_that_the_calendar_lacks_is_left_out_and_the_file_loads(one: Fields, reason: str) -> None:
    records, findings, left_out = read("wikidata", entity_data(entity(one)))
    assert (findings, len(companies(records))) == ([], 1)
    assert left_out[reason] == 1


def test_a_currency_in_the_file_gives_its_code_and_is_no_company() -> None:
    currency = entity(claim("P498", "SKK"), number="Q77700001")
    records, _, left_out = read("wikidata", entity_data(currency, entity(revenue("Q77700001", year(2003)))))
    assert [metric.unit for metric in metrics(records)] == ["SKK"]
    assert left_out["entities: currency"] == 1


@pytest.mark.parametrize(
    ("number", "code"), [("Q23635", "BM"), ("Q25279", "CW"), ("Q55", "NL"), ("Q29999", "NL"), ("Q237", "VA")]
)
def test_every_country_has_its_code(number: str, code: str) -> None:
    records, _, _ = read("wikidata", entity_data(entity(claim("P17", item(number)))))
    assert [company.country for company in companies(records)] == [code]


def test_the_tables_have_every_country_and_every_currency_that_people_pay_with() -> None:
    assert set(codes._COUNTRIES.values()) == {country.alpha_2 for country in pycountry.countries}
    money = {currency.alpha_3 for currency in pycountry.currencies}
    money -= {code for code in money if code.startswith("X") and code not in ("XAF", "XCD", "XCG", "XOF", "XPF", "XSU")}
    funds = {"BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "UYI", "UYW"}
    listed = {code for code in codes._CURRENCIES.values() for code in code.split("/")}
    assert money - funds - listed <= {"VED", "ZWG"}


@pytest.mark.parametrize("number", [number for number, code in codes._CURRENCIES.items() if "/" in code])
def test_a_redenominated_currency_has_its_newest_code_today(number: str) -> None:
    newest = codes._CURRENCIES[number].rpartition("/")[2]
    assert codes.Codes().currency(number, "2023" if newest != "SLE" else "2024-06") == newest


def test_an_unknown_time_is_said_and_the_amount_stands() -> None:
    records, _, _ = read("wikidata", entity_data(entity(revenue("Q122922", SOME_VALUE))))
    (metric,) = metrics(records)
    assert (metric.unit, metric.period, metric.note) == ("SEK", None, "Time unknown (some value) in Wikidata.")
    assert str(next(iter(sources(records).values())).text).endswith(
        "P2139 total revenue, at an unknown time: 7.50 Q122922 (SEK) (statement 00000001)"
    )


def test_a_quote_has_amount_margin_and_unit_as_the_file_has_them(serve: Serve) -> None:
    staff = claim("P1128", quantity("+120", upperBound="+125", lowerBound="+115"))
    client = serve("wikidata", entity_data(entity(staff, revenue("Q16068", year(1998)))))
    facts = client.get("/v1/companies/wikidata-q99900001/metrics").json()["items"]
    assert {fact["unit"]: fact["citations"][0]["quote"] for fact in facts} == {
        "people": "Q99900001, P1128 employees: 120 (115 to 125) (statement 00000001)",
        "DEM": "Q99900001, P2139 total revenue, 1998: 7.50 Q16068 (DEM) (statement 00000001)",
    }
    assert "DEM" not in UNITS
