"""A date and its words agree after every write, whichever way it came: words are the source's, or made of the date."""

import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database.database import Database
from app.values.date_words import in_words
from tests.cli.conftest import CommandLine
from tests.editing.conftest import url_of
from tests.editing.curator import Curator, Fields, errors_of, refused
from tests.editing.lamps import COMPANY_ADDRESS, DATASET, METRIC_ADDRESS, MILESTONE_ADDRESS
from tests.lengths import by_length

Write = Callable[[Curator, str], object]


def date_of(curator: Curator) -> Fields:
    date = curator.read(MILESTONE_ADDRESS)["date"]
    assert isinstance(date, dict)
    return date


def patched_as_text(curator: Curator, edtf: str) -> object:
    return curator.changed(MILESTONE_ADDRESS, date=edtf)


def patched_by_member(curator: Curator, edtf: str) -> object:
    return curator.changed(MILESTONE_ADDRESS, date={"edtf": edtf})


def put_as_served(curator: Curator, edtf: str) -> object:
    fields = curator.read(MILESTONE_ADDRESS)
    answer = curator.put(MILESTONE_ADDRESS, fields | {"date": date_of(curator) | {"edtf": edtf}})
    assert answer.is_success, answer.text
    return answer


def loaded_again(curator: Curator, edtf: str) -> object:
    dataset = json.loads(DATASET)
    dataset["companies"][0]["milestones"][0]["date"] = edtf
    answer = curator.post("/v1/datasets", dataset)
    assert answer.is_success, answer.text
    return answer


WAYS = [patched_as_text, patched_by_member, put_as_served, loaded_again]
by_every_way = pytest.mark.parametrize("write", WAYS)


@by_every_way
def test_another_date_without_words_gets_words_of_its_own(curator: Curator, write: Write) -> None:
    assert date_of(curator)["text"] == "spring 1999"
    write(curator, "1998-05")

    assert date_of(curator) == {"edtf": "1998-05", "text": "May 1998", "earliest": "1998-05-01", "latest": "1998-05-31"}


def test_the_words_of_a_period_are_those_of_something_that_lasts(curator: Curator) -> None:
    assert curator.changed(METRIC_ADDRESS, period={"edtf": "2022/2023"}).json()["period"]["text"] == "2022 to 2023"
    assert curator.changed(COMPANY_ADDRESS, founded={"edtf": "1998/1999"}).json()["founded"]["text"] == "between 1998 and 1999"


def test_words_that_are_given_stay_while_the_date_does(curator: Curator) -> None:
    curator.changed(MILESTONE_ADDRESS, date={"edtf": "1999-04", "text": "in the spring of 1999"})
    curator.changed(MILESTONE_ADDRESS, note="Read again.", date={"edtf": "1999-04"})
    assert date_of(curator)["text"] == "in the spring of 1999"

    curator.changed(MILESTONE_ADDRESS, date={"text": None})
    assert date_of(curator)["text"] == "April 1999"


def test_a_put_in_the_form_of_a_dataset_keeps_the_words_that_it_gives(curator: Curator) -> None:
    fields = curator.read(MILESTONE_ADDRESS)
    answer = curator.put(MILESTONE_ADDRESS, fields | {"date": {"edtf": "1999-04/1999-06", "text": "spring 1999"}})

    assert answer.json()["date"]["text"] == "spring 1999"


def test_words_that_contradict_the_date_are_refused(curator: Curator) -> None:
    answer = curator.patch(MILESTONE_ADDRESS, {"date": {"edtf": "1998-06", "text": "May 1998"}})

    refused(answer, 422, "invalid-record")
    assert errors_of(answer) == {"date": "'1998-06' and 'May 1998' are different times; correct one, or leave the text out"}


def test_a_financial_year_that_is_also_a_season_needs_words_in_a_patch_too(curator: Curator) -> None:
    answer = curator.patch(MILESTONE_ADDRESS, {"date": {"edtf": "2023-24"}})

    assert "has several meanings" in errors_of(answer)["date"]


def test_an_undo_brings_back_the_words_of_the_date_that_it_brings_back(curator: Curator, database: Database) -> None:
    before = date_of(curator)
    patched_by_member(curator, "1998-05")
    made = date_of(curator)
    curator.changed(MILESTONE_ADDRESS, date={"edtf": "2001", "text": "around the year 2001"})
    command = CommandLine(url_of(database))
    newest = curator.newest()

    assert command("undo", str(newest), "--actor", "Ana").exit_code == 0
    assert date_of(curator) == made
    patched_by_member(curator, "1997")
    assert date_of(curator)["text"] == "1997"
    assert command("undo", f"{newest - 1}-{newest + 2}", "--actor", "Ana").exit_code == 0
    assert date_of(curator) == before


EDTF = st.sampled_from(["1998", "1998-05", "199X", "1998~", "1998?", "1998-33", "1997/1998", "1998/..", "../1998", "1998-05-06"])


@pytest.mark.any_engine
@settings(max_examples=by_length(everyday=5, full=25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.sampled_from(WAYS), EDTF), min_size=1, max_size=5))
def test_after_any_changes_the_words_are_those_of_the_date(curator: Curator, changes: list[tuple[Write, str]]) -> None:
    for write, edtf in changes:
        write(curator, edtf)

        date = date_of(curator)
        assert (date["edtf"], date["text"]) == (edtf, in_words(edtf))
        exported = curator.changed(MILESTONE_ADDRESS, note=f"{len(changes)} changes").json()
        assert exported["date"] == date


@pytest.mark.any_engine
def test_what_was_stored_before_words_were_made_keeps_its_text_until_the_date_changes(
    curator: Curator, database: Database
) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql(
            """UPDATE milestones SET document = replace(document, '"text":"spring 1999"', '"text":"1999-21"')"""
        )
    served = curator.read(MILESTONE_ADDRESS)
    newest = curator.newest()

    assert curator.put(MILESTONE_ADDRESS, served).is_success
    assert (curator.newest(), date_of(curator)["text"]) == (newest, "1999-21")
    patched_by_member(curator, "1999-22")
    assert date_of(curator)["text"] == "summer 1999"
