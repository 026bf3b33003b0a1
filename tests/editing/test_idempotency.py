"""Idempotency-Key: a creation that is sent again is made once."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import httpx
import pytest
from sqlalchemy import update

from app.database.database import Database
from app.database.models import IdempotentAnswer
from tests.cli.processes import serving
from tests.editing.conftest import Serve, key_of, url_of
from tests.editing.curator import Curator, content, errors_of, refused
from tests.editing.lamps import COMPANY_ADDRESS, MILESTONE

LUMEN = {"slug": "lumen", "name": "Lumen"}
NAME = "8e03978e-40d5-43e8-bc93-6894a57f9324"
KEPT = ("etag", "location", "content-location", "profiles-revision", "content-type", "cache-control")


def made_before(database: Database, age: datetime.timedelta) -> None:
    """Lets the answers that are kept be of that age."""
    with database.writing() as connection:
        connection.execute(update(IdempotentAnswer).values(answered_at=datetime.datetime.now(datetime.UTC) - age))


def test_a_repeated_creation_gets_the_same_bytes_and_headers(curator: Curator, database: Database) -> None:
    first = curator.post("/v1/companies", LUMEN, idempotency_key=NAME)
    before = content(database)
    again = curator.post("/v1/companies", LUMEN, idempotency_key=NAME)

    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert {name: again.headers[name] for name in KEPT} == {name: first.headers[name] for name in KEPT}
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert content(database) == before


def test_the_first_response_is_given_even_where_its_resource_has_changed_since(curator: Curator) -> None:
    first = curator.post("/v1/companies", LUMEN, idempotency_key=NAME)
    curator.delete("/v1/companies/lumen")

    assert curator.post("/v1/companies", LUMEN, idempotency_key=NAME).content == first.content
    refused(curator.client.get("/v1/companies/lumen"), 410, "gone")


def test_facts_and_sources_may_be_repeated_too(curator: Curator) -> None:
    address = "/v1/companies/nordlys/milestones"
    answers = [curator.post(address, MILESTONE, idempotency_key=NAME) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content


def test_a_compressed_response_is_repeated_with_its_etag(curator: Curator) -> None:
    body = LUMEN | {"summary": "Light. " * 300}
    first, again = (curator.post("/v1/companies", body, idempotency_key=NAME) for _ in range(2))

    assert first.headers["content-encoding"] == again.headers["content-encoding"] == "gzip"
    assert first.headers["etag"] == again.headers["etag"]


@pytest.mark.slow
def test_it_holds_across_processes_and_restarts(database: Database, tmp_path: Path) -> None:
    headers = {"Authorization": f"Bearer {key_of(database)}", "Idempotency-Key": NAME}
    answers = []
    for _ in range(2):
        with serving(tmp_path, database_url=url_of(database)) as server:
            answers.append(httpx.post(f"{server.url}/v1/companies", json=LUMEN, headers=headers, timeout=30))

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert answers[1].headers["idempotency-replayed"] == "true"


def test_sent_ten_times_at_the_same_moment_it_is_made_once(database: Database, serve: Serve) -> None:
    key = key_of(database)
    curators = [serve(database, key) for _ in range(2)]
    # The first request of an address is one at a time: applications that share a process would make its models at once.
    assert [curator.post("/v1/companies", {}).status_code for curator in curators] == [422, 422]
    start = Barrier(10)

    def create(number: int) -> httpx.Response:
        start.wait()
        return curators[number % 2].post("/v1/companies", LUMEN, idempotency_key=NAME)

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(create, range(10)))

    assert [answer.status_code for answer in answers] == [201] * 10
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert len(curators[0].get("/v1/companies/lumen/history").json()["items"]) == 1


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("/v1/companies", {"slug": "lumen", "name": "Lumen AG"}),
        ("/v1/companies?reason=Another", LUMEN),
        (f"{COMPANY_ADDRESS}/milestones", MILESTONE | {"slug": "other"}),
    ],
)
def test_a_key_is_refused_for_another_request(
    curator: Curator, database: Database, address: str, body: dict[str, object]
) -> None:
    curator.post("/v1/companies", LUMEN, idempotency_key=NAME)
    before = content(database)

    refused(curator.post(address, body, idempotency_key=NAME), 422, "idempotency-key-reused")
    assert content(database) == before


def test_somebody_else_may_use_the_same_key(curator: Curator, database: Database, serve: Serve) -> None:
    other = serve(database, key_of(database, name="archive"))
    curator.post("/v1/companies", LUMEN, idempotency_key=NAME)
    answer = other.post("/v1/companies", {"slug": "other", "name": "Other"}, idempotency_key=NAME)

    assert answer.status_code == 201
    assert "idempotency-replayed" not in answer.headers


def test_a_response_is_kept_for_a_day(curator: Curator, database: Database) -> None:
    curator.post("/v1/companies", LUMEN, idempotency_key=NAME)
    made_before(database, datetime.timedelta(hours=23, minutes=59))
    assert curator.post("/v1/companies", LUMEN, idempotency_key=NAME).headers["idempotency-replayed"] == "true"

    made_before(database, datetime.timedelta(hours=24, minutes=1))
    refused(curator.post("/v1/companies", LUMEN, idempotency_key=NAME), 409, "conflict")
    assert curator.post("/v1/companies", LUMEN | {"slug": "new"}, idempotency_key=NAME).status_code == 201


def test_old_responses_are_thrown_away(curator: Curator, database: Database) -> None:
    curator.post("/v1/companies", LUMEN, idempotency_key=NAME)
    made_before(database, datetime.timedelta(hours=25))
    curator.post("/v1/companies", LUMEN | {"slug": "new"}, idempotency_key="another")

    assert len(content(database)["idempotent_answers"]) == 1


def test_a_request_that_was_refused_may_be_corrected_under_its_key(curator: Curator) -> None:
    refused(curator.post("/v1/companies", {"slug": "lumen"}, idempotency_key=NAME), 422, "invalid-record")
    refused(curator.post("/v1/companies", LUMEN | {"slug": "fernhold"}, idempotency_key=NAME), 409, "conflict")

    assert curator.post("/v1/companies", LUMEN, idempotency_key=NAME).status_code == 201


@pytest.mark.parametrize("name", [b"", b"two words", b"\xff", b"x" * 256], ids=["empty", "spaced", "not ASCII", "too long"])
def test_a_key_of_another_form_is_refused(curator: Curator, name: bytes) -> None:
    headers = [(b"Content-Type", b"application/json"), (b"Idempotency-Key", name)]
    answer = curator.client.post("/v1/companies", json=LUMEN, headers=headers)

    refused(answer, 422, "invalid-parameters")
    assert [field.lower() for field in errors_of(answer)] == ["idempotency-key"]
    refused(curator.client.get("/v1/companies/lumen"), 404, "not-found")
