"""What is read and sent back by PUT changes nothing; with a field changed, only that changes."""

from collections.abc import Iterator

import pytest

from app.database.database import Database
from tests.databases import Databases, settings_for
from tests.editing.conftest import Serve, key_of
from tests.editing.curator import Curator, Fields, content, errors_of, refused
from tests.editing.lamps import (
    ADDRESSES,
    CATALOGUE,
    CATALOGUE_ADDRESS,
    COMPANY_ADDRESS,
    METRIC_ADDRESS,
    MILESTONE_ADDRESS,
    PRODUCT_ADDRESS,
    REGISTER_ADDRESS,
)

STAMPS = {"revision", "updated_at"}


def every_address(curator: Curator) -> Iterator[str]:
    """The addresses of all resources."""
    for name in ("sources", "companies", "milestones", "products", "metrics"):
        for item in curator.get(f"/v1/{name}?limit=200").json()["items"]:
            yield item["url"]


def returned(curator: Curator, address: str, **changes: object) -> Fields:
    """What is different, as it is read before and after it was sent back with changes."""
    before = curator.get(address)
    answer = curator.put(address, before.json() | changes, if_match=before.headers["etag"])
    assert answer.status_code == 200, (address, answer.text)
    after = answer.json()
    return {name: after[name] for name in after if after[name] != before.json()[name] and name not in STAMPS}


@pytest.fixture
def seeded(databases: Databases) -> Iterator[Database]:
    database = Database(settings_for(databases.copy(databases.seeded)))
    yield database
    database.engine.dispose()


def test_every_resource_of_the_seed_sent_back_as_it_was_read_changes_nothing(seeded: Database, serve: Serve) -> None:
    curator = serve(seeded, key_of(seeded))
    before = content(seeded)
    addresses = list(every_address(curator))
    for address in addresses:
        read = curator.get(address)
        answer = curator.put(address, read.content, if_match=read.headers["etag"])
        assert (answer.status_code, answer.content) == (200, read.content), address
        assert answer.headers["etag"] == read.headers["etag"]

    assert len(addresses) > 50
    assert content(seeded) == before


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_resource_of_any_kind_sent_back_as_it_was_read_changes_nothing(
    curator: Curator, database: Database, address: str
) -> None:
    before = content(database)
    read = curator.get(address)
    answer = curator.put(address, read.content, if_match=read.headers["etag"])

    assert (answer.status_code, answer.content) == (200, read.content)
    assert content(database) == before


@pytest.mark.parametrize(
    ("address", "field", "value"),
    [
        (COMPANY_ADDRESS, "name", "Fernhold Lamps"),
        (COMPANY_ADDRESS, "country", None),
        (COMPANY_ADDRESS, "other_names", [{"name": "Fernhold ASA", "language": None}]),
        (COMPANY_ADDRESS, "identifiers", []),
        (COMPANY_ADDRESS, "citations", []),
        (MILESTONE_ADDRESS, "note", "Some say summer."),
        (MILESTONE_ADDRESS, "date", None),
        (PRODUCT_ADDRESS, "category", "service"),
        (METRIC_ADDRESS, "value", 2500000001.5),
        (METRIC_ADDRESS, "qualifier", "exact"),
        (METRIC_ADDRESS, "equivalent", None),
        (REGISTER_ADDRESS, "length", 901),
        (REGISTER_ADDRESS, "original_url", "https://register.example/elsewhere"),
        (REGISTER_ADDRESS, "retrieved", "2024-04-30"),
        (REGISTER_ADDRESS, "licence", None),
        (REGISTER_ADDRESS, "note", None),
        (CATALOGUE_ADDRESS, "title", "Northern lamps"),
        (CATALOGUE_ADDRESS, "authors", ["A. Writer", "B. Writer"]),
    ],
)
def test_with_one_field_changed_only_that_changes(curator: Curator, address: str, field: str, value: object) -> None:
    changed = returned(curator, address, **{field: value})

    assert changed.keys() - {"equivalent"} == {field} - {"equivalent"}, changed
    assert changed[field] == value


def test_the_history_says_what_was_changed_by_whom(curator: Curator) -> None:
    read = curator.get(MILESTONE_ADDRESS)
    curator.put(f"{MILESTONE_ADDRESS}?reason=A second book", read.json() | {"title": "First workshop"})
    entry, _ = curator.get(f"{MILESTONE_ADDRESS}/history").json()["items"]

    assert (entry["actor"], entry["reason"], entry["action"]) == ("newsroom", "A second book", "update")
    assert entry["changes"] == [{"field": "title", "before": "Founded", "after": "First workshop"}]


def test_inside_of_a_field_what_the_server_added_may_stay_as_it_was_served(curator: Curator) -> None:
    company = curator.read(COMPANY_ADDRESS)
    founded = company["founded"]
    assert isinstance(founded, dict)
    changed = returned(curator, COMPANY_ADDRESS, founded=founded | {"edtf": "1998", "text": "1998"})
    assert changed == {"founded": {"edtf": "1998", "text": "1998", "earliest": "1998-01-01", "latest": "1998-12-31"}}

    equivalent = curator.get(METRIC_ADDRESS).json()["equivalent"]
    changed = returned(curator, METRIC_ADDRESS, equivalent=equivalent | {"value": 0.5})
    assert changed == {"equivalent": equivalent | {"value": 0.5, "implied_rate": 5000000000}}

    citations = curator.get(MILESTONE_ADDRESS).json()["citations"]
    assert citations[0].pop("quote")
    changed = returned(curator, MILESTONE_ADDRESS, citations=[citations[0], citations[1] | {"sentence": 4}])
    assert [citation["sentence"] for citation in curator.get(MILESTONE_ADDRESS).json()["citations"]] == [2, 4]
    assert changed.keys() == {"citations"}


def test_citations_may_change_their_order(curator: Curator) -> None:
    citations = curator.get(MILESTONE_ADDRESS).json()["citations"]

    assert returned(curator, MILESTONE_ADDRESS, citations=citations[::-1]) == {"citations": citations[::-1]}


@pytest.mark.parametrize(
    ("address", "changes"),
    [
        (COMPANY_ADDRESS, {"url": "/v1/companies/other"}),
        (COMPANY_ADDRESS, {"revision": 1}),
        (COMPANY_ADDRESS, {"profile_url": None}),
        (MILESTONE_ADDRESS, {"company": "nordlys"}),
        (MILESTONE_ADDRESS, {"kind": "product"}),
        (CATALOGUE_ADDRESS, {"has_text": False}),
    ],
)
def test_a_computed_field_that_was_changed_is_refused_by_name(curator: Curator, address: str, changes: Fields) -> None:
    answer = curator.put(address, curator.read(address) | changes)

    assert "computed by the server" in refused(answer, 422, "invalid-record")
    assert errors_of(answer).keys() == changes.keys()


def test_inside_of_a_field_it_is_refused_by_name_too(curator: Curator) -> None:
    metric = curator.get(METRIC_ADDRESS).json()
    metric["equivalent"]["implied_rate"] = 2
    metric["citations"][0]["quote"] = "Sales were tiny."
    metric["period"]["earliest"] = "2022-01-01"
    answer = curator.put(METRIC_ADDRESS, metric)

    assert errors_of(answer).keys() == {"equivalent.implied_rate", "citations[0].quote", "period.earliest"}


def test_the_text_of_a_source_stays_where_none_is_sent(curator: Curator) -> None:
    returned(curator, CATALOGUE_ADDRESS, title="Northern lamps")
    as_in_a_dataset = {"slug": "catalogue", "title": "Lamps", "type": "article", "language": "en", "body_start": 33}
    body_start = CATALOGUE.index("Fernhold")
    answer = curator.put(CATALOGUE_ADDRESS, as_in_a_dataset | {"body_start": body_start})

    assert answer.status_code == 200, answer.text
    assert (answer.json()["has_text"], answer.json()["length"]) == (True, len(CATALOGUE))
    assert curator.get(PRODUCT_ADDRESS).json()["citations"][0]["quote"] == "The lamp “Glød” 💡 sells in 12 countries."


def test_null_takes_the_text_of_a_source_away_and_with_it_the_quotes(curator: Curator) -> None:
    assert returned(curator, CATALOGUE_ADDRESS, text=None) == {"has_text": False}
    assert curator.get(PRODUCT_ADDRESS).json()["citations"][0]["quote"] is None
    assert returned(curator, CATALOGUE_ADDRESS, text=CATALOGUE) == {"has_text": True}
    assert curator.get(PRODUCT_ADDRESS).json()["citations"][0]["quote"].startswith("The lamp")


def test_what_is_left_out_becomes_null_or_its_default(curator: Curator) -> None:
    company = curator.put(COMPANY_ADDRESS, {"slug": "fernhold", "name": "Fernhold"}).json()

    assert (company["country"], company["founded"], company["other_names"], company["citations"]) == (None, None, [], [])


def test_put_creates_nothing(curator: Curator, database: Database) -> None:
    before = content(database)

    refused(curator.put("/v1/companies/lumen", {"slug": "lumen", "name": "Lumen"}), 404, "not-found")
    assert content(database) == before
