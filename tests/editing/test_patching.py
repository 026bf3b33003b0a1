"""PATCH: merge patches (RFC 7396) of what a dataset would say."""

import pytest

from app.api.editing.merge_patch import merged
from app.records.validation import Value
from tests.editing.curator import MERGE_PATCH, Curator, errors_of, refused
from tests.editing.lamps import (
    CATALOGUE,
    CATALOGUE_ADDRESS,
    COMPANY_ADDRESS,
    METRIC_ADDRESS,
    MILESTONE_ADDRESS,
    REGISTER_ADDRESS,
    SENTENCE,
)


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_the_examples_of_the_rfc_whose_patch_is_an_object(target: Value, patch: dict[str, Value], result: Value) -> None:
    """RFC 7396, appendix A. A patch that is no object would replace the whole resource, and is refused."""
    assert merged(target, patch) == result


def test_only_the_fields_that_are_named_change(curator: Curator) -> None:
    before = curator.read(COMPANY_ADDRESS)
    answer = curator.changed(COMPANY_ADDRESS, summary="It makes good lamps.", country="SE")
    read = curator.get(COMPANY_ADDRESS)

    assert answer.content == read.content
    assert answer.headers["etag"] == read.headers["etag"]
    assert answer.headers["content-location"] == COMPANY_ADDRESS
    assert answer.headers["profiles-revision"] == read.headers["profiles-revision"]
    after = answer.json()
    assert {name for name in after if after[name] != before[name]} == {"summary", "country", "revision", "updated_at"}


def test_a_patch_that_changes_nothing_is_no_revision(curator: Curator) -> None:
    before = curator.get(COMPANY_ADDRESS)
    answer = curator.changed(COMPANY_ADDRESS, name="Fernhold", founded="1999")

    assert answer.content == before.content
    assert answer.headers["profiles-revision"] == before.headers["profiles-revision"]
    assert curator.changed(COMPANY_ADDRESS).content == before.content


def test_null_takes_a_field_away(curator: Curator) -> None:
    company = curator.changed(COMPANY_ADDRESS, summary=None, founded=None, other_names=None).json()

    assert (company["summary"], company["founded"], company["other_names"]) == (None, None, [])


def test_null_for_a_field_that_must_be_there_is_refused_by_name(curator: Curator) -> None:
    answer = curator.patch(MILESTONE_ADDRESS, {"title": None, "citations": None, "note": None})

    refused(answer, 422, "invalid-record")
    assert errors_of(answer) == {"title": "is missing", "citations": "is missing"}


def test_lists_are_replaced_as_a_whole(curator: Curator) -> None:
    company = curator.changed(COMPANY_ADDRESS, other_names=[{"name": "Fern"}]).json()

    assert company["other_names"] == [{"name": "Fern", "language": None}]


def test_dates_and_equivalents_are_merged_member_by_member(curator: Curator) -> None:
    assert curator.changed(MILESTONE_ADDRESS, date={"text": "in spring"}).json()["date"] == {
        "edtf": "1999-21",
        "text": "in spring",
        "earliest": "1999-03-01",
        "latest": "1999-05-31",
    }
    assert curator.changed(COMPANY_ADDRESS, founded={"text": "about 1999"}).json()["founded"]["edtf"] == "1999"
    equivalent = curator.changed(METRIC_ADDRESS, equivalent={"value": 0.25}).json()["equivalent"]
    assert (equivalent["value"], equivalent["unit"], equivalent["implied_rate"]) == (0.25, "USD", 10000000000)


def test_a_date_given_as_text_replaces_all_of_it(curator: Curator) -> None:
    assert curator.changed(MILESTONE_ADDRESS, date="1998").json()["date"]["text"] == "1998"


def test_where_a_source_was_published_has_either_name(curator: Curator) -> None:
    moved = curator.changed(REGISTER_ADDRESS, original_url="https://register.example/1").json()
    assert (moved["original_url"], moved["url"]) == ("https://register.example/1", REGISTER_ADDRESS)
    assert curator.changed(REGISTER_ADDRESS, url="https://register.example/2").json()["original_url"].endswith("/2")
    assert curator.changed(REGISTER_ADDRESS, original_url=None).json()["original_url"] is None


def test_a_new_text_of_a_source_brings_its_own_length_and_digest(curator: Curator) -> None:
    text = CATALOGUE.replace("Nobody knows why.", "Nobody knows the reason.")
    source = curator.changed(CATALOGUE_ADDRESS, text=text).json()

    assert (source["length"], source["has_text"]) == (len(text), True)


def test_a_text_that_does_not_bear_out_what_cites_it_is_refused_with_what_does(curator: Curator) -> None:
    answer = curator.patch(CATALOGUE_ADDRESS, {"text": CATALOGUE.replace("makes lamps", "sold lamps")})

    assert COMPANY_ADDRESS in refused(answer, 422, "invalid-record")
    assert curator.get(MILESTONE_ADDRESS).json()["citations"][0]["quote"].startswith("It was founded")


@pytest.mark.parametrize("patch", [{"nmae": "x"}, {"nmae": None}, {"revision": None}, {"url": "/v1/companies/other"}])
def test_a_field_that_nothing_knows_is_refused_even_where_it_is_taken_away(curator: Curator, patch: dict[str, object]) -> None:
    answer = curator.patch(COMPANY_ADDRESS, patch)

    refused(answer, 422, "invalid-record")
    (message,) = errors_of(answer).values()
    assert message.startswith("unknown field")


@pytest.mark.parametrize("media_type", [MERGE_PATCH, "application/json", "Application/JSON; charset=utf-8"])
def test_patches_are_merge_patches_or_json(curator: Curator, media_type: str) -> None:
    assert curator.patch(COMPANY_ADDRESS, {"note": "Small."}, content_type=media_type).status_code == 200


def test_any_other_patch_is_refused_with_the_types_that_there_are(curator: Curator) -> None:
    answer = curator.patch(COMPANY_ADDRESS, [{"op": "remove", "path": "/note"}], content_type="application/json-patch+json")

    assert MERGE_PATCH in refused(answer, 415, "unsupported-media-type")
    assert answer.headers["accept-patch"] == f"{MERGE_PATCH}, application/json"


@pytest.mark.parametrize("patch", [b"[]", b'"name"', b"null", b"3"])
def test_a_patch_that_is_no_object_is_refused(curator: Curator, patch: bytes) -> None:
    answer = curator.patch(COMPANY_ADDRESS, patch)

    assert "body: expected an object" in refused(answer, 422, "invalid-record")


def test_an_empty_patch_is_refused(curator: Curator) -> None:
    assert "body" in refused(curator.patch(COMPANY_ADDRESS, b""), 400, "malformed-request")


def test_a_patch_of_citations_is_checked_against_their_source(curator: Curator) -> None:
    answer = curator.patch(MILESTONE_ADDRESS, {"citations": [SENTENCE | {"sentence": 9}]})

    refused(answer, 422, "invalid-record")
    assert errors_of(answer).keys() == {"citations[0].sentence"}
