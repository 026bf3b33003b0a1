"""What cannot be written: a problem that names the field, and nothing half-written."""

import json
from http.client import HTTPConnection

import httpx
import pytest

from app.api.editing import requests
from app.database.database import Database
from tests.editing.curator import Curator, Fields, content, errors_of, refused
from tests.editing.lamps import COMPANY_ADDRESS, METRIC, MILESTONE, REGISTER_SOURCE, SENTENCE

METRICS = f"{COMPANY_ADDRESS}/metrics"
MILESTONES = f"{COMPANY_ADDRESS}/milestones"
NEW_METRIC = METRIC | {"slug": "new"}
NEW = MILESTONE | {"slug": "new"}


@pytest.mark.parametrize(
    ("method", "address", "known", "nearest"),
    [
        ("POST", "/v1/companies?reson=New", "reason", "reason"),
        ("DELETE", f"{COMPANY_ADDRESS}?with_fact=true", "reason, with_facts", "with_facts"),
        ("POST", f"{COMPANY_ADDRESS}/merge?into=nordlys&reson=New", "reason, into", "reason"),
        ("POST", "/v1/datasets?prun=true", "reason, dry_run, prune, prune_company, prune_source", "prune"),
    ],
)
def test_a_parameter_that_does_not_exist_is_refused_with_the_known_ones(
    curator: Curator, method: str, address: str, known: str, nearest: str
) -> None:
    answer = curator.send(method, address, {}, if_match="*")

    refused(answer, 422, "invalid-parameters")
    error = answer.json()["errors"][0]
    assert error["message"] == f"There is no such parameter; expected one of {known}"
    assert error["suggestion"] == nearest


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("address", "body", "errors"),
    [
        (MILESTONES, NEW | {"citations": []}, {"citations": "should have at least 1 item, not 0"}),
        (MILESTONES, {"slug": "new", "title": "New", "category": "x"}, {"citations": "is missing"}),
        (
            MILESTONES,
            NEW | {"citations": [SENTENCE, SENTENCE | {"source": "catalog"}]},
            {"citations[1].source": "there is no source 'catalog'"},
        ),
        (
            MILESTONES,
            NEW | {"citations": [SENTENCE | {"paragraph": 7}]},
            {"citations[0].paragraph": "the text has 2 paragraphs, not 7"},
        ),
        (
            MILESTONES,
            NEW | {"citations": [SENTENCE | {"source": "register"}]},
            {"citations[0].start": "is missing: the source is without text, so give start, end and sha256"},
        ),
        ("/v1/companies", {"slug": "new", "nmae": "New", "name": "N"}, {"nmae": "unknown field; did you mean name?"}),
        ("/v1/companies", {"slug": "new", "name": "N", "milestones": []}, {"milestones": "unknown field"}),
        ("/v1/companies", {"name": "N"}, {"slug": "is missing"}),
        ("/v1/companies", {"slug": "new", "name": "N", "other_names": [{"nom": 1}]}, {"other_names[0].name": "is missing"}),
        ("/v1/sources", REGISTER_SOURCE | {"slug": "n", "sha256": None}, {"body": "give the text, or its length and sha256"}),
        (METRICS, NEW_METRIC | {"value": "many"}, {"value": "expected a number in plain digits, such as 1200000 or 23.8"}),
        (METRICS, NEW_METRIC | {"value": True}, {"value": "expected a number, not true or false"}),
        (METRICS, NEW_METRIC | {"period": "2023-13"}, {"period": None}),
        ("/v1/companies", {"slug": "new", "name": "A\ud800"}, {"name": None}),
        ("/v1/companies", {"slug": "new", "name": "N", "\ud800": 1}, {"body": None}),
    ],
)
def test_each_field_that_is_wrong_is_named(
    curator: Curator, database: Database, address: str, body: Fields, errors: dict[str, str | None]
) -> None:
    before = content(database)
    answer = curator.post(address, body)
    named = errors_of(answer)

    refused(answer, 422, "invalid-record")
    assert named.items() >= {(field, message) for field, message in errors.items() if message}
    assert named.keys() >= errors.keys()
    assert content(database) == before


def test_everything_that_is_wrong_is_reported_at_once(curator: Curator) -> None:
    answer = curator.post(METRICS, {"slug": "New", "value": "x", "unit": "y y", "citations": [{"source": "nobody"}]})

    assert errors_of(answer).keys() >= {"slug", "value", "unit", "name", "metric", "citations[0]"}


def test_a_number_of_400_digits_is_refused_by_its_field(curator: Curator) -> None:
    body = NEW_METRIC | {"value": int("9" * 400)}

    assert "value" in errors_of(curator.post(METRICS, body))


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        (b'{"slug": "new", "value": NaN}', "value", "NaN is not a number"),
        (b'{"slug": "new", "value": -Infinity}', "value", "-Infinity is not a number"),
        (b'{"slug": "new", "value": ' + b"9" * 401 + b"}", "value", "a number of 401 characters is out of range"),
        (b'{"slug": "new", "value": 1e99999}', "value", "out of range"),
        (b'{"slug": "new", "slug": "newer"}', "slug", "is given twice"),
        (b'{"citations": [{"source": "a", "source": "b"}]}', "citations[0].source", "is given twice"),
        (b'{"slug": ' + b"[" * 10_000, "body", "nested more than 100 levels"),
        (b'{"slug": ' + b'{"a":' * 10_000, "body", "nested more than 100 levels"),
        (b'{"slug": "new", "name": ', "slug", "is not JSON"),
        ('{"slug": "new", "name": "Glød"}'.encode("latin-1"), "body", "is not UTF-8: byte 0xf8"),
        ('{"slug": "new"}'.encode("utf-16"), "body", "NUL"),
        (b'{"slug": "n\0ew"}', "body", "NUL"),
        (b"slug=new", "body", "is not JSON"),
        (b"", "body", "is not JSON"),
    ],
)
def test_a_body_that_is_no_strict_json_is_refused_with_the_place(
    curator: Curator, database: Database, body: bytes, field: str, message: str
) -> None:
    before = content(database)
    answer = curator.post(METRICS, body)

    refused(answer, 400, "malformed-request")
    assert errors_of(answer).keys() == {field}
    assert message in errors_of(answer)[field]
    assert "line 1, column" in errors_of(answer)[field]
    assert content(database) == before


@pytest.mark.any_engine
@pytest.mark.parametrize("body", [b"[]", b"null", b'"new"', b"1"])
def test_a_body_that_is_no_object_is_refused(curator: Curator, body: bytes) -> None:
    assert "body: expected an object" in refused(curator.post("/v1/companies", body), 422, "invalid-record")


@pytest.mark.any_engine
@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/merge-patch+json"])
def test_other_media_types_are_refused_with_the_one_that_is_read(curator: Curator, media_type: str) -> None:
    for method, address in (("POST", "/v1/companies"), ("PUT", COMPANY_ADDRESS)):
        answer = curator.send(method, address, {"slug": "fernhold", "name": "F"}, content_type=media_type, if_match="*")

        assert "send application/json." in refused(answer, 415, "unsupported-media-type")


@pytest.mark.any_engine
def test_a_body_that_is_too_large_is_refused_as_a_problem(
    curator: Curator, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "LARGEST_RECORD", 100_000)
    before = content(database)
    answer = curator.post("/v1/companies", {"slug": "new", "name": "N", "summary": "x" * 100_000})

    assert "at most 100,000 bytes" in refused(answer, 413, "body-too-large")
    assert content(database) == before


@pytest.mark.any_engine
@pytest.mark.parametrize("address", ["/v1/companies", "/v1/datasets"])
def test_a_body_whose_stated_length_is_too_large_is_refused_before_it_is_sent(curator: Curator, address: str) -> None:
    connection = HTTPConnection(curator.client.base_url.host, curator.client.base_url.port or 80, timeout=30)
    connection.putrequest("POST", address)
    for name, value in (("Content-Length", str(10**10)), ("Content-Type", "application/json")):
        connection.putheader(name, value)
    connection.putheader("Authorization", curator.client.headers["authorization"])
    connection.endheaders()
    answer = connection.getresponse()
    problem = json.loads(answer.read())
    connection.close()

    assert (answer.status, problem["type"]) == (413, "/problems/body-too-large")


@pytest.mark.parametrize(
    ("query", "field"),
    [("reason=", "reason"), (f"reason={'x' * 301}", "reason"), ("resaon=x", "resaon"), ("with_facts=true", "with_facts")],
)
def test_parameters_are_checked_as_those_of_reads_are(curator: Curator, query: str, field: str) -> None:
    answer = curator.post(f"/v1/companies?{query}", {"slug": "new", "name": "N"})

    refused(answer, 422, "invalid-parameters")
    assert field in errors_of(answer)


def test_facts_that_follow_a_source_are_refused_with_it(curator: Curator, database: Database) -> None:
    before = content(database)
    answer = curator.patch("/v1/sources/catalogue", {"body_start": 0})

    refused(answer, 422, "invalid-record")
    assert content(database) == before


def test_a_refusal_is_the_same_on_a_second_try(curator: Curator) -> None:
    def reported() -> httpx.Response:
        return curator.post(MILESTONES, NEW | {"citations": []})

    assert errors_of(reported()) == errors_of(reported())
