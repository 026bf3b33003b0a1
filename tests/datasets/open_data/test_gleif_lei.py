"""LEI records of GLEIF become companies, from the golden copy and from the API alike."""

import json
from collections import Counter
from typing import Any

import pytest

from app.database.database import Database
from tests.datasets.open_data.conftest import Serve
from tests.datasets.open_data.examples import (
    FERNHOLD,
    GOLDEN_COPY_HEADER,
    MOSSGLASS,
    companies,
    golden_copy,
    lei,
    lei_row,
    load_open_data,
    read,
    reported,
    sources,
)

ROW = lei_row() | {
    "Entity.LegalName.xmllang": "no",
    "Entity.OtherEntityNames.OtherEntityName.1": "蕨堡",
    "Entity.OtherEntityNames.OtherEntityName.1.xmllang": "zh",
    "Entity.OtherEntityNames.OtherEntityName.1.type": "TRADING_OR_OPERATING_NAME",
    "Entity.TransliteratedOtherEntityNames.TransliteratedOtherEntityName.1": "Jue Bao",
    "Entity.LegalAddress.Country": "NO",
    "Entity.LegalAddress.Region": "NO-46",
    "Entity.EntityCreationDate": "1999-05-04T00:00:00+02:00",
    "Registration.LastUpdateDate": "2024-03-02T10:11:12Z",
}
OTHER = lei_row(MOSSGLASS, "Moss\u00a0Glass, Inc.")


def answer(**entity: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """The API's answer for the record of ``ROW``."""
    given = {
        "legalName": {"name": "Fernhold AS", "language": "no"},
        "otherNames": [{"name": "蕨堡", "language": "zh", "type": "TRADING_OR_OPERATING_NAME"}],
        "transliteratedOtherNames": [{"name": "Jue Bao", "language": None}],
        "legalAddress": {"country": "NO", "region": "NO-46", "addressLines": []},
        "creationDate": "1999-05-04T00:00:00+02:00",
        "successorEntity": {"lei": None},
    }
    registration = {"lastUpdateDate": "2024-03-02T10:11:12Z", "status": "ISSUED"}
    attributes = {"lei": FERNHOLD, "entity": given | entity, "registration": registration, "bic": None}
    return {"type": "lei-records", "id": FERNHOLD, "attributes": attributes}


def test_a_row_becomes_a_company_that_cites_its_record() -> None:
    records, findings, _ = read("gleif-lei", golden_copy(ROW, OTHER))
    assert findings == []
    first, second = companies(records)
    assert first.slug == f"lei-{FERNHOLD.lower()}"
    assert (first.name, first.country, second.name) == ("Fernhold AS", "NO", "Moss Glass, Inc.")
    assert [(other.name, other.language) for other in first.other_names] == [("蕨堡", "zh"), ("Jue Bao", None)]
    assert first.founded is not None
    assert first.founded.edtf == "1999-05-04"
    assert [(identifier.scheme, identifier.value) for identifier in first.identifiers] == [("lei", FERNHOLD)]
    source = sources(records)[f"gleif-{FERNHOLD.lower()}"]
    assert source.published is not None
    assert source.published.edtf == "2024-03-02"
    assert source.text == (
        f"LEI {FERNHOLD}: the legal name is Fernhold AS; the country of the legal address is NO;"
        " the creation date is 1999-05-04T00:00:00+02:00.\n\n"
        f"LEI {FERNHOLD}: the registration status is ISSUED.\n\n"
        f"LEI {FERNHOLD}: trading or operating name: 蕨堡; other name: Jue Bao."
    )
    assert first.note == "Trading or operating name: 蕨堡."


def test_every_filled_column_that_is_not_taken_is_counted() -> None:
    assert read("gleif-lei", golden_copy(ROW, OTHER))[2] == Counter(
        {
            "Entity.LegalName.xmllang": 1,
            "Entity.LegalAddress.Region": 1,
        }
    )


def test_the_api_gives_the_same_records_as_the_golden_copy() -> None:
    from_csv = [located.record for located in read("gleif-lei", golden_copy(ROW))[0]]
    for data in (answer(), [answer()]):
        records, findings, left_out = read("gleif-lei", json.dumps({"meta": {"total": 1}, "data": data}).encode())
        assert findings == []
        assert [located.record for located in records] == from_csv
        assert left_out == Counter(
            {
                "meta.total": 1,
                "entity.legalName.language": 1,
                "entity.legalAddress.region": 1,
            }
        )


@pytest.mark.parametrize("status", ["DUPLICATE", "ANNULLED"])
def test_records_of_mistakes_are_left_out(status: str) -> None:
    records, findings, left_out = read("gleif-lei", golden_copy(ROW | {"Registration.RegistrationStatus": status}, OTHER))
    assert (len(companies(records)), findings) == (1, [])
    assert left_out[f"record: Registration.RegistrationStatus {status}"] == 1


def test_values_that_the_database_has_no_place_for_are_left_out_and_counted() -> None:
    row = ROW | {"Entity.LegalAddress.Country": "XK", "Entity.EntityCreationDate": "unknown"}
    row |= {"Entity.OtherEntityNames.OtherEntityName.1.xmllang": "?", "Entity.OtherEntityNames.OtherEntityName.2": "蕨堡"}
    records, findings, left_out = read("gleif-lei", golden_copy(row, lei_row(name="A" * 301)))
    assert findings == []
    (company,) = companies(records)
    assert (company.country, company.founded, company.other_names[0].language) == (None, None, None)
    for name in (
        "Entity.LegalAddress.Country: not an ISO 3166-1 code",
        "Entity.EntityCreationDate: not a date",
        "other names: not a language tag",
        "other names: given twice",
        "record: Entity.LegalName longer than 300 characters",
    ):
        assert left_out[name] == 1


def test_wrong_rows_are_reported_by_line_and_column() -> None:
    content = golden_copy(lei_row("5299FERNHOLD00000000"), lei_row(""), lei_row(MOSSGLASS, " "), lei_row("x y"))
    assert [(line, field) for line, field, _ in reported("gleif-lei", content)] == [
        (2, "LEI"),
        (3, "LEI"),
        (4, "Entity.LegalName"),
        (5, "LEI"),
    ]
    assert "check digits" in reported("gleif-lei", content)[0][2]


def test_a_row_after_one_of_several_lines_is_reported_by_its_own_line() -> None:
    content = golden_copy(ROW | {"Entity.LegalAddress.FirstAddressLine": "Kelp\nQuay 1"}, lei_row("x"))
    assert [line for line, _, _ in reported("gleif-lei", content)] == [4]


@pytest.mark.parametrize(
    ("content", "line", "field", "message"),
    [
        (b"", 0, "", "is empty"),
        (b"LEI,Name\n", 1, "", "the column Entity.LegalName is missing"),
        (b"LEI,Entity.LegalName,LEI\n", 1, "", "the column LEI is given twice"),
        (golden_copy(ROW)[:-9], 2, "", "the file may be truncated"),
        (golden_copy(ROW) + b'"5299\n', 3, "", "the file may be truncated"),
        (golden_copy(ROW) + b"5299,Fernhold\n", 3, "", f"has 2 fields, but the header has {len(GOLDEN_COPY_HEADER)}"),
        (golden_copy(ROW).replace("蕨".encode(), b"\xb0"), 2, "", "is not UTF-8: byte 0xb0"),
        (golden_copy(ROW).decode().encode("utf-16"), 0, "", "is UTF-16"),
        (golden_copy(ROW) + b'"' + b"x" * 200_000 + b'"\n', 3, "", "field larger than field limit"),
        (b"{\n", 2, "", "is not JSON"),
        (b'{"data": [' * 20_000, 1, "", "is nested more than"),
        (b'{"data": [],\n "data": []}', 2, "data", "is given twice"),
        (b'{"data": NaN}', 1, "data", "NaN is not a number"),
        (b'{"meta": {}}', 1, "data", "is missing"),
        (b'{"data": [\n3]}', 2, "data[0]", "expected an object, not 3"),
        (b'{"data": {"type": "isins"}}', 1, "data", "has resources of the type isins: request"),
        (b'{"data": {"attributes":\n{"lei": "x"}}}', 1, "data.attributes.entity", "is missing"),
        (
            b'{"data": [{"attributes":\n{"entity":\n{"legalName": {"name": 3}}}}]}',
            3,
            "data[0].attributes.entity.legalName.name",
            "not 3",
        ),
    ],
)
def test_a_broken_file_is_refused(content: bytes, line: int, field: str, message: str) -> None:
    found = reported("gleif-lei", content)
    assert any((line, field) == (at, of) and message in text for at, of, text in found), found


def test_wrong_records_of_the_api_are_reported_by_line_and_field() -> None:
    records = [answer(), answer()]
    records[1]["attributes"]["lei"] = lei("5299FERNHOLD")[:-1] + "x"
    text = json.dumps({"data": records}, indent=1)
    line = next(number for number, row in enumerate(text.splitlines(), 1) if row.rstrip(",").endswith('x"'))
    assert [(at, field) for at, field, _ in reported("gleif-lei", text.encode())] == [(line, "data[1].attributes.lei")]


def test_companies_are_served_with_the_words_of_their_record(serve: Serve) -> None:
    client = serve("gleif-lei", golden_copy(ROW, OTHER))
    company = client.get(f"/v1/companies/lei-{FERNHOLD.lower()}").json()
    assert (company["name"], company["country"], company["founded"]["earliest"]) == ("Fernhold AS", "NO", "1999-05-04")
    citation = company["citations"][0]
    assert citation["quote"].startswith(f"LEI {FERNHOLD}: the legal name is Fernhold AS;")
    source = client.get(citation["source_url"]).json()
    assert (source["title"], source["published"]["edtf"]) == (f"LEI record {FERNHOLD}", "2024-03-02")


def test_loading_twice_appends_nothing_and_a_new_name_changes_the_company(database: Database) -> None:
    assert load_open_data(database, "gleif-lei", golden_copy(ROW, OTHER)).created == Counter(source=2, company=2)
    assert load_open_data(database, "gleif-lei", golden_copy(ROW, OTHER)).unchanged == Counter(source=2, company=2)
    renamed = ROW | {"Entity.LegalName": "Fernhold ASA"}
    assert load_open_data(database, "gleif-lei", golden_copy(renamed, OTHER)).updated == Counter(source=1, company=1)
