"""An identifier has one form, whichever way it comes in, and one that several companies have is reported."""

import json

import pytest

from app.database.database import Database
from tests.datasets.open_data.examples import FERNHOLD, MOSSGLASS
from tests.editing.curator import Curator, errors_of

ISIN = "US0378331005"
FORMS = {
    ("lei", FERNHOLD): (FERNHOLD.lower(), f" {FERNHOLD[:4]} {FERNHOLD[4:].lower()}"),
    ("isin", ISIN): (ISIN.lower(), f"{ISIN[:2]} {ISIN[2:]}"),
    ("cik", "0000990017"): ("990017", "CIK0000990017", "cik 990017", "00990017"),
    ("wikidata", "Q42"): ("q42",),
    ("ticker", "FRN"): (),
    ("ticker", "brk.b"): (),
    ("cik", "not a number"): (),
}
LUMEN, BREVIK = "/v1/companies/lumen", "/v1/companies/brevik"


def company(slug: str, *identifiers: tuple[str, str]) -> dict[str, object]:
    return {"slug": slug, "name": slug, "identifiers": [{"scheme": scheme, "value": value} for scheme, value in identifiers]}


def found(curator: Curator, identifier: str) -> list[str]:
    items = curator.client.get("/v1/companies", params={"identifier": identifier}).json()["items"]
    return [item["slug"] for item in items]


def load(curator: Curator, *companies: dict[str, object], query: str = "") -> list[dict[str, object]]:
    response = curator.post(f"/v1/datasets{query}", {"companies": companies})
    assert response.status_code == 200, response.text
    shared: list[dict[str, object]] = response.json()["shared_identifiers"]
    return shared


def test_each_way_in_stores_the_one_form_and_each_form_finds_it(curator: Curator) -> None:
    for (scheme, stored), others in FORMS.items():
        for written in (stored, *others):
            load(curator, company("lumen", (scheme, written)))
            assert curator.read(LUMEN)["identifiers"] == [{"scheme": scheme, "value": stored.strip()}], written
            assert found(curator, f"{scheme}:{written}") == ["lumen"], written
            curator.changed(LUMEN, identifiers=[])
            curator.changed(LUMEN, identifiers=[{"scheme": scheme, "value": written}])
            assert curator.read(LUMEN)["identifiers"] == [{"scheme": scheme, "value": stored}], written
            query = {"query": "lumen", "properties": [{"pid": f"identifier:{scheme}", "v": written}]}
            response = curator.client.get("/reconcile", params={"queries": json.dumps({"q": query})})
            (match,) = response.json()["q"]["result"]
            assert (match["id"], match["match"]) == ("lumen", True), written
    created = curator.created("/v1/companies", company("brevik", ("lei", MOSSGLASS.lower())))
    assert created.json()["identifiers"] == [{"scheme": "lei", "value": MOSSGLASS}]


def test_two_spellings_of_one_identifier_are_one_given_twice(curator: Curator) -> None:
    response = curator.post("/v1/companies", company("lumen", ("cik", "990017"), ("cik", "0000990017")))
    assert errors_of(response) == {"identifiers[1]": "cik '0000990017' is given twice"}


def test_an_identifier_that_was_stored_in_another_form_is_found_as_it_is(curator: Curator, database: Database) -> None:
    load(curator, company("lumen", ("lei", FERNHOLD)))
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE company_identifiers SET value = lower(value)")
    assert found(curator, f"lei:{FERNHOLD.lower()}") == ["lumen"]


def test_one_identifier_of_two_companies_is_reported_by_a_load_and_the_statistics(curator: Curator) -> None:
    shared = [{"scheme": "lei", "value": FERNHOLD, "companies": [BREVIK, LUMEN]}]
    assert load(curator, company("lumen", ("lei", FERNHOLD), ("ticker", "LUM"))) == []
    assert load(curator, company("brevik", ("lei", FERNHOLD.lower()), ("isin", ISIN)), query="?dry_run=true") == shared
    assert curator.read("/v1/stats")["shared_identifiers"] == []
    assert load(curator, company("brevik", ("lei", FERNHOLD.lower()), ("isin", ISIN))) == shared
    assert curator.read("/v1/stats")["shared_identifiers"] == shared
    assert load(curator, company("third", ("lei", MOSSGLASS))) == [], "only what the load changed"
    curator.merge("brevik", "lumen")
    assert curator.read("/v1/stats")["shared_identifiers"] == []


def test_registers_come_before_websites_which_a_group_may_share(curator: Curator) -> None:
    both = [("website", "https://lumen.example"), ("ticker", "LUM"), ("cik", "990017")]
    shared = load(curator, company("lumen", *both), company("brevik", *both))
    assert [one["scheme"] for one in shared] == ["cik", "ticker", "website"]


@pytest.mark.any_engine
def test_the_first_hundred_identifiers_and_twenty_companies_are_listed(curator: Curator) -> None:
    ciks = [("cik", str(number)) for number in range(1, 51)]
    tickers = [("ticker", f"T{number:03}") for number in range(50)]
    for few in (ciks, tickers[:50]):
        load(curator, *(company(f"c{number:02}-{few[0][0]}", *few) for number in range(21)))
    more = [("isin", ISIN)]
    load(curator, company("one-more", *more), company("two-more", *more))
    listed = curator.read("/v1/stats")["shared_identifiers"]
    assert isinstance(listed, list)
    assert len(listed) == 100
    assert max(len(one["companies"]) for one in listed if isinstance(one, dict) and isinstance(one["companies"], list)) == 20
