"""What an LEI record says of the entity's life: status, end, successors, kinds of names, and that it is a person."""

import json

import pytest

from tests.datasets.open_data.conftest import Serve
from tests.datasets.open_data.examples import (
    FERNHOLD,
    MOSSGLASS,
    Fields,
    companies,
    golden_copy,
    lei,
    lei_row,
    milestones,
    read,
    reported,
    sources,
)

KELPQUAY = lei("5299KELPQUAY")
ENDED = {
    "Entity.EntityStatus": "INACTIVE",
    "Entity.EntityExpirationDate": "2021-07-01T00:00:00Z",
    "Entity.EntityExpirationReason": "CORPORATE_ACTION",
    "Entity.SuccessorEntity.1.SuccessorLEI": MOSSGLASS,
    "Entity.SuccessorEntity.1.SuccessorEntityName": "Mossglass SE",
    "Registration.RegistrationStatus": "RETIRED",
}


def record(code: str = FERNHOLD, registration: str = "ISSUED", **entity: object) -> Fields:
    """A record of the API."""
    given = {"legalName": {"name": "Fernhold AS"}} | entity
    return {"type": "lei-records", "attributes": {"lei": code, "entity": given, "registration": {"status": registration}}}


def response(*records: Fields) -> bytes:
    return json.dumps({"data": records}).encode()


ENDED_IN_THE_API = record(
    registration="RETIRED",
    status="INACTIVE",
    expiration={"date": "2021-07-01T00:00:00Z", "reason": "CORPORATE_ACTION"},
    successorEntity={"lei": MOSSGLASS, "name": "Mossglass SE"},
    successorEntities=[{"lei": MOSSGLASS, "name": "Mossglass SE"}],
)


@pytest.mark.parametrize("content", [golden_copy(lei_row(**ENDED)), response(ENDED_IN_THE_API)])
def test_an_entity_that_ended_has_a_milestone_that_quotes_status_reason_and_successor(serve: Serve, content: bytes) -> None:
    client = serve("gleif-lei", content)
    milestone = client.get(f"/v1/companies/lei-{FERNHOLD.lower()}/milestones/ceased").json()
    assert (milestone["category"], milestone["date"]["edtf"]) == ("dissolution", "2021-07-01")
    assert milestone["note"] == f"INACTIVE, CORPORATE_ACTION; successor LEI {MOSSGLASS} Mossglass SE"
    (citation,) = milestone["citations"]
    assert citation["quote"] == (
        f"LEI {FERNHOLD}: the entity status is INACTIVE; the expiration date is 2021-07-01T00:00:00Z; the expiration reason is"
        f" CORPORATE_ACTION; the successor is LEI {MOSSGLASS} Mossglass SE; the registration status is RETIRED."
    )
    company = client.get(f"/v1/companies/lei-{FERNHOLD.lower()}").json()
    assert company["note"].startswith(f"Entity status: INACTIVE, CORPORATE_ACTION; successor LEI {MOSSGLASS} Mossglass SE.")


def test_a_dissolved_entity_without_a_date_has_a_milestone_without_one() -> None:
    row = lei_row(**{"Entity.EntityStatus": "INACTIVE", "Entity.EntityExpirationReason": "DISSOLVED"})
    (milestone,) = milestones(read("gleif-lei", golden_copy(row))[0])
    assert (milestone.title, milestone.date, milestone.note) == ("Dissolved", None, "INACTIVE, DISSOLVED")


def test_every_successor_is_named() -> None:
    row = lei_row(**ENDED) | {
        "Entity.SuccessorEntity.2.SuccessorLEI": KELPQUAY,
        "Entity.SuccessorEntity.3.SuccessorEntityName": "Kelp\nQuay Ltd",
    }
    (milestone,) = milestones(read("gleif-lei", golden_copy(row))[0])
    assert str(milestone.note).endswith(f"Mossglass SE; successor LEI {KELPQUAY}; successor Kelp Quay Ltd")


def test_an_active_entity_with_an_issued_registration_has_neither_milestone_nor_note() -> None:
    records, _, left_out = read("gleif-lei", golden_copy(lei_row(**{"Entity.EntityStatus": "ACTIVE"})))
    assert (milestones(records), companies(records)[0].note, left_out) == ([], None, {})
    assert str(sources(records)[f"gleif-{FERNHOLD.lower()}"].text).endswith(
        "the entity status is ACTIVE; the registration status is ISSUED."
    )


@pytest.mark.parametrize(
    ("status", "meaning"),
    [("LAPSED", "not renewed"), ("MERGED", "merged"), ("PENDING_TRANSFER", "issuer"), ("CANCELLED", "abandoned")],
)
def test_a_registration_that_is_not_in_force_is_in_the_note(status: str, meaning: str) -> None:
    (company,) = companies(read("gleif-lei", response(record(registration=status)))[0])
    assert str(company.note).startswith(f"Registration status of the LEI: {status}, ")
    assert meaning in str(company.note)


def test_an_expiration_date_of_an_active_entity_is_left_out_with_its_reason() -> None:
    row = lei_row(**{"Entity.EntityStatus": "ACTIVE", "Entity.EntityExpirationDate": "2021-07-01T00:00:00Z"})
    records, _, left_out = read("gleif-lei", golden_copy(row))
    assert milestones(records) == []
    assert left_out["Entity.EntityExpirationDate: of an entity that is not INACTIVE"] == 1


def test_former_names_are_told_from_trading_names() -> None:
    names = [
        {"name": "Fernhold & Sønner", "language": "no", "type": "PREVIOUS_LEGAL_NAME"},
        {"name": "Fern Lamps", "type": "TRADING_OR_OPERATING_NAME"},
        {"name": "Fernhold Lights", "type": "TRADING_OR_OPERATING_NAME"},
    ]
    letters = [{"name": "Fernhold & Sonner", "type": "AUTO_ASCII_TRANSLITERATED_LEGAL_NAME"}]
    records, _, _ = read("gleif-lei", response(record(otherNames=names, transliteratedOtherNames=letters)))
    (company,) = companies(records)
    assert [other.name for other in company.other_names] == [
        "Fernhold & Sønner",
        "Fern Lamps",
        "Fernhold Lights",
        "Fernhold & Sonner",
    ]
    assert company.note == ("Previous legal name: Fernhold & Sønner. Trading or operating name: Fern Lamps; Fernhold Lights.")
    assert str(sources(records)[f"gleif-{FERNHOLD.lower()}"].text).endswith(
        "Fernhold Lights; auto ASCII transliterated legal name: Fernhold & Sonner."
    )


PERSON = lei_row(name="[a person]", **{"Entity.EntityCategory": "SOLE_PROPRIETOR"})
FUND = lei_row(MOSSGLASS, "Mossglass Fund", **{"Entity.EntityCategory": "FUND"})


@pytest.mark.parametrize("content", [golden_copy(PERSON, FUND), response(record(category="SOLE_PROPRIETOR"), record(MOSSGLASS))])
def test_natural_persons_are_left_out_and_counted(content: bytes) -> None:
    records, findings, left_out = read("gleif-lei", content)
    assert findings == []
    assert [company.slug for company in companies(records)] == [f"lei-{MOSSGLASS.lower()}"]
    assert left_out["record: SOLE_PROPRIETOR, a natural person; --natural-persons loads it"] == 1


def test_an_lei_in_lower_case_is_stored_in_capitals_and_found_in_any_case(serve: Serve) -> None:
    client = serve("gleif-lei", golden_copy(lei_row(FERNHOLD.lower())))
    for written in (FERNHOLD, FERNHOLD.lower(), f"{FERNHOLD[:4]} {FERNHOLD[4:]}"):
        (company,) = client.get("/v1/companies", params={"identifier": f"lei:{written}"}).json()["items"]
        assert company["identifiers"] == [{"scheme": "lei", "value": FERNHOLD}]


@pytest.mark.parametrize("code", [FERNHOLD.lower(), f"{FERNHOLD[:4]} {FERNHOLD[4:]}"])
def test_an_lei_has_one_form_in_slugs_too_and_the_quote_has_it_as_filed(code: str) -> None:
    records, findings, _ = read("gleif-lei", golden_copy(lei_row(code)))
    assert findings == []
    assert [company.slug for company in companies(records)] == [f"lei-{FERNHOLD.lower()}"]
    assert str(sources(records)[f"gleif-{FERNHOLD.lower()}"].text).startswith(f"LEI {code}: ")


@pytest.mark.parametrize("code", [f"{FERNHOLD[:-2]}99", "x y", "9997"])
def test_an_invalid_lei_is_one_error(code: str) -> None:
    ((line, field, message),) = reported("gleif-lei", golden_copy(lei_row(code)))
    assert (line, field) == (2, "LEI")
    assert message.endswith("is no LEI: 20 characters whose last two are check digits (ISO 17442)")


@pytest.mark.parametrize("field", ["LEI", "Entity.LegalName"])
def test_a_missing_lei_or_name_is_one_error(field: str) -> None:
    assert reported("gleif-lei", golden_copy(lei_row() | {field: ""})) == [(2, field, "is missing")]


@pytest.mark.parametrize(
    "column",
    [
        "Entity.OtherEntityNames.OtherEntityName.1",
        "Entity.OtherEntityNames.OtherEntityName.1.type",
        "Entity.EntityExpirationReason",
        "Entity.SuccessorEntity.1.SuccessorEntityName",
        "Registration.RegistrationStatus",
    ],
)
def test_a_control_character_beside_the_name_does_not_refuse_the_file(column: str) -> None:
    row = lei_row(**ENDED) | {"Entity.OtherEntityNames.OtherEntityName.1": "Fern", column: "a\x07b"}
    records, findings, _ = read("gleif-lei", golden_copy(row))
    assert (findings, len(records)) == ([], 3)
