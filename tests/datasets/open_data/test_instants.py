"""A register's day that is published as an instant in UTC is its day in the entity's country, or both days that it may be."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.datasets.open_data.instants import local_days, zones_by_country
from app.values.dates import parse_date
from tests.datasets.open_data.conftest import Serve
from tests.datasets.open_data.examples import FERNHOLD, companies, golden_copy, lei_row, milestones, read
from tests.lengths import by_length

ZONES = [(country, zone) for country, zones in sorted(zones_by_country().items()) for zone in zones]


@pytest.mark.parametrize(
    ("text", "country", "days"),
    [
        ("2010-12-31T23:00:00Z", "DE", "2011-01-01"),
        ("2010-12-31T23:00:00+00:00", "DE", "2011-01-01"),
        ("2010-12-31T23:00:00.000Z", "DE", "2011-01-01"),
        ("1999-05-31T22:00:00Z", "DE", "1999-06-01"),
        ("2015-03-31T18:30:00Z", "IN", "2015-04-01"),
        ("2008-02-29T00:00:00Z", "MT", "2008-02-29"),
        ("2008-02-29T00:00:00Z", "US", "2008-02-29"),
        ("2011-01-01T00:00:00+01:00", "DE", "2011-01-01"),
        ("2011-01-01T00:00:00", "DE", "2011-01-01"),
        ("2011-01-01", "DE", "2011-01-01"),
        ("2010-12-31T05:00:00Z", "US", "2010-12-30/2010-12-31"),
        ("2010-12-31T23:00:00Z", "ES", "2010-12-31/2011-01-01"),
        ("2010-12-31T23:00:00Z", "", "2010-12-31/2011-01-01"),
        ("2010-12-31T11:00:00Z", "", "2010-12-30/2011-01-01"),
        ("0001-01-01T00:30:00Z", "US", "0001-01-01"),
        ("9999-12-31T23:30:00Z", "JP", "9999-12-31"),
        ("2010-12-31Tnoon", "DE", None),
        ("31 December 2010", "DE", None),
        ("", "DE", None),
    ],
)
def test_the_day_of_an_instant_is_that_of_the_country_as_far_as_it_is_known(text: str, country: str, days: str | None) -> None:
    assert local_days(text, country) == days


@settings(max_examples=by_length(everyday=200, full=2_000))
@given(
    place=st.sampled_from(ZONES),
    day=st.dates(datetime.date(1950, 1, 1), datetime.date(2037, 12, 31)),
    seconds=st.sampled_from([0, -1, 1, -60, 60, -3600, 3600]) | st.integers(-43_200, 43_200),
)
def test_near_midnight_in_every_zone_the_local_day_is_never_excluded(
    place: tuple[str, ZoneInfo], day: datetime.date, seconds: int
) -> None:
    country, zone = place
    midnight = datetime.datetime.combine(day, datetime.time(), zone).astimezone(datetime.UTC)
    instant = midnight + datetime.timedelta(seconds=seconds)
    if instant.time() == datetime.time():
        return  # a day without a time
    for known in (country, ""):
        bounds = parse_date(str(local_days(instant.strftime("%Y-%m-%dT%H:%M:%SZ"), known)))
        assert bounds.earliest is not None
        assert bounds.latest is not None
        assert bounds.earliest <= instant.astimezone(zone).date() <= bounds.latest
        assert bounds.latest - bounds.earliest <= datetime.timedelta(days=2)


def test_a_record_claims_no_day_that_it_does_not_know_and_quotes_the_time(serve: Serve) -> None:
    created = {"Entity.EntityCreationDate": "2010-12-31T23:00:00Z", "Entity.LegalAddress.Country": "ES"}
    client = serve("gleif-lei", golden_copy(lei_row() | created))
    company = client.get(f"/v1/companies/lei-{FERNHOLD.lower()}").json()

    assert company["founded"] == {
        "edtf": "2010-12-31/2011-01-01",
        "text": "between 31 December 2010 and 1 January 2011",
        "earliest": "2010-12-31",
        "latest": "2011-01-01",
    }
    assert "the creation date is 2010-12-31T23:00:00Z" in company["citations"][0]["quote"]


def test_the_two_files_of_a_register_agree_and_an_unknown_day_is_counted() -> None:
    def founded(created: str, country: str) -> tuple[str, int]:
        row = lei_row() | {"Entity.EntityCreationDate": created, "Entity.LegalAddress.Country": country}
        records, findings, left_out = read("gleif-lei", golden_copy(row))
        (company,) = companies(records)
        assert findings == []
        assert company.founded is not None
        said = left_out["Entity.EntityCreationDate: the local day, which a time in UTC does not tell"]
        return company.founded.edtf, said

    assert founded("2010-12-31T23:00:00Z", "DE") == founded("2011-01-01T00:00:00+01:00", "DE") == ("2011-01-01", 0)
    assert founded("2010-12-31T23:00:00Z", "ES") == ("2010-12-31/2011-01-01", 1)


def test_the_end_of_an_entity_is_a_day_in_its_country_too() -> None:
    end = {
        "Entity.EntityStatus": "INACTIVE",
        "Entity.EntityExpirationDate": "2019-12-31T23:00:00Z",
        "Entity.LegalAddress.Country": "NO",
    }
    records, _, _ = read("gleif-lei", golden_copy(lei_row() | end))
    assert [one.date and one.date.edtf for one in milestones(records)] == ["2020-01-01"]
