"""A cheap request costs little: what a body may hold is bounded, and only the errors that are listed are described."""

import json
from http.client import HTTPConnection

import pytest

from app.api.editing.dataset_upload import LARGEST_DATASET
from app.datasets.flattening import LARGEST_FILE
from app.datasets.strict_json import MOST_VALUES
from app.errors.problem import MOST_FIELD_ERRORS
from tests.editing.curator import Curator, errors_of, refused
from tests.editing.lamps import COMPANY_ADDRESS, FERNHOLD, MILESTONE_ADDRESS, SENTENCE

UNKNOWN = 20_000
MANY = b"[" + b"[]," * MOST_VALUES + b"[]]"
COMPANIES = COMPANY_ADDRESS.rpartition("/")[0]


@pytest.mark.any_engine
def test_of_many_errors_the_first_are_listed_and_all_are_counted(curator: Curator) -> None:
    answer = curator.post(COMPANIES, {"slug": "x", "name": "X"} | {f"k{number}": 1 for number in range(UNKNOWN)})

    detail = refused(answer, 422, "invalid-record")
    assert len(answer.json()["errors"]) == MOST_FIELD_ERRORS
    assert detail.startswith(f"{UNKNOWN:,} errors, of which the first {MOST_FIELD_ERRORS} are listed: k0: unknown field;")


@pytest.mark.parametrize(
    "body", [b'{"slug":"x","name":' + MANY + b"}", MANY, MANY.replace(b"[]", b"1")], ids=["name", "lists", "ones"]
)
@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT"])
def test_a_body_of_many_small_values_is_refused_before_they_are_made(curator: Curator, method: str, body: bytes) -> None:
    answer = curator.send(method, COMPANIES if method == "POST" else COMPANY_ADDRESS, body, if_match="*")

    assert f"has more than {MOST_VALUES:,} values" in refused(answer, 400, "malformed-request")


def test_many_commas_in_a_text_are_not_many_values(curator: Curator) -> None:
    source = {"slug": "commas", "title": "Commas", "type": "report", "text": "One, two.[{" + "," * (2 * MOST_VALUES)}

    curator.created("/v1/sources", source)


@pytest.mark.any_engine
@pytest.mark.parametrize("number", [b"true", b'"1"', b"1.0", b"1e0", b"[1]"])
@pytest.mark.parametrize("field", ["paragraph", "sentence"])
def test_a_whole_number_is_nothing_else(curator: Curator, field: str, number: bytes) -> None:
    citation = json.dumps(SENTENCE | {field: 77}).encode().replace(b"77", number)
    body = b'{"slug":"x","name":"X","citations":[' + citation + b"]}"
    answers = [
        (curator.post(COMPANIES, body), f"citations[0].{field}"),
        (curator.patch(MILESTONE_ADDRESS, b'{"citations":[' + citation + b"]}"), f"citations[0].{field}"),
        (curator.post("/v1/datasets", b'{"companies":[' + body + b"]}"), f"companies[0].citations[0].{field}"),
        (
            curator.post("/v1/datasets", b'{"companies":[' + body + b"]}", content_type="application/yaml"),
            f"companies[0].citations[0].{field}",
        ),
        (
            curator.post("/v1/datasets", b'{"kind":"company",' + body[1:], content_type="application/x-ndjson"),
            f"citations[0].{field}",
        ),
    ]

    for answer, named in answers:
        assert answer.status_code == 422, answer.text
        assert "expected a whole number, not " in errors_of(answer)[named]


@pytest.mark.parametrize("name", ["length", "body_start"])
def test_the_numbers_of_a_source_are_whole_numbers(curator: Curator, name: str) -> None:
    source = {"slug": "x", "title": "X", "type": "report", "length": 10, "sha256": "0" * 64}

    answer = curator.post("/v1/sources", source | {name: 9.0})

    assert errors_of(answer) == {name: "expected a whole number, not 9.0"}


@pytest.mark.parametrize(
    ("media_type", "most"),
    [("application/json", LARGEST_FILE), ("text/yaml", LARGEST_FILE), ("application/x-ndjson", LARGEST_DATASET)],
)
def test_a_dataset_beyond_the_limit_of_its_format_is_refused_before_it_comes(
    curator: Curator, media_type: str, most: int
) -> None:
    place = curator.client.base_url
    connection = HTTPConnection(place.host, place.port, timeout=30)
    connection.putrequest("POST", "/v1/datasets")
    connection.putheader("Authorization", curator.client.headers["authorization"])
    connection.putheader("Content-Type", media_type)
    connection.putheader("Content-Length", str(most + 1))
    connection.endheaders()
    answer = connection.getresponse()
    problem = json.loads(answer.read())
    connection.close()

    assert (answer.status, problem["type"]) == (413, "/problems/body-too-large")
    assert problem["detail"].startswith(f"The body may have at most {most:,} bytes.")
    assert ("NDJSON" in problem["detail"]) == (most == LARGEST_FILE)


def test_unknown_fields_of_a_patch_are_listed_in_its_order(curator: Curator) -> None:
    names = ["zeta", "alpha", "mu", "beta", "omega", "kappa"]

    answer = curator.patch(COMPANY_ADDRESS, dict.fromkeys(names, 1))

    assert [error["field"] for error in answer.json()["errors"]] == names


@pytest.mark.parametrize("part", ['"v":' + MANY.decode(), '"x":{"y":' + MANY.decode() + "}", '"properties":' + MANY.decode()])
def test_a_reconciliation_of_many_small_values_is_refused_before_they_are_made(curator: Curator, part: str) -> None:
    queries = f'{{"q0":{{"query":"{FERNHOLD["name"]}",{part}}}}}'

    answer = curator.client.post("/reconcile", data={"queries": queries})

    refused(answer, 422, "invalid-parameters")
    assert f"has more than {MOST_VALUES:,} values" in errors_of(answer)["queries"]


@pytest.mark.parametrize("limit", ["true", '"1"', "1.0"])
def test_the_limit_of_a_reconciliation_is_a_whole_number(curator: Curator, limit: str) -> None:
    answer = curator.client.post("/reconcile", data={"queries": f'{{"q0":{{"query":"x","limit":{limit}}}}}'})

    assert list(errors_of(answer)) == ["queries.q0.limit"]
