"""GET /v1/datasets: everything as one dataset."""

import json

import pytest
import yaml

from app.database.database import Database
from app.datasets.exporter import EXPORTERS
from tests.editing.curator import Curator, errors_of, refused
from tests.editing.lamps import CATALOGUE

ADDRESS = "/v1/datasets"
YAML, NDJSON = "application/yaml", "application/x-ndjson"


def exported(database: Database, format: str) -> str:
    """What the command writes."""
    with database.reading() as connection:
        return "".join(EXPORTERS[format](connection))


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("", "*/*", YAML),
        ("", "application/x-ndjson", NDJSON),
        ("?format=ndjson", "application/yaml", NDJSON),
        ("?format=yaml", "*/*", YAML),
    ],
)
def test_the_dataset_is_what_the_command_exports(
    curator: Curator, database: Database, query: str, accept: str, media_type: str
) -> None:
    answer = curator.client.get(ADDRESS + query, headers={"accept": accept})
    format = "yaml" if media_type == YAML else "ndjson"

    assert answer.headers["content-type"] == media_type
    assert answer.headers["content-disposition"] == f'inline; filename="dataset.{format}"'
    assert answer.text == exported(database, format)


def test_it_has_the_texts_that_nothing_else_serves_and_loads_to_the_same(curator: Curator) -> None:
    texts = [source.get("text") for source in yaml.safe_load(curator.get(ADDRESS).text)["sources"]]
    lines = curator.get(f"{ADDRESS}?format=ndjson").content
    loaded = curator.post(ADDRESS, lines, content_type=NDJSON).json()

    assert texts == [CATALOGUE, None]
    assert {json.loads(line)["kind"] for line in lines.splitlines()} == {"source", "company", "milestone", "product", "metric"}
    assert (loaded["unchanged"], loaded["created"], loaded["updated"]) == (7, 0, 0)


def test_an_unchanged_dataset_is_not_sent_again_and_no_cache_shares_it(curator: Curator) -> None:
    first = curator.get(ADDRESS)
    again = curator.client.get(ADDRESS, headers={"if-none-match": first.headers["etag"]})
    curator.changed("/v1/companies/nordlys", note="New")

    assert first.headers["profiles-revision"] == "7"
    assert first.headers["cache-control"] == "private, no-cache"
    assert "authorization" in first.headers["vary"].lower()
    assert (again.status_code, again.headers["cache-control"]) == (304, "private, no-cache")
    assert curator.client.get(ADDRESS, headers={"if-none-match": first.headers["etag"]}).status_code == 200


def test_exports_leave_no_place_taken(curator: Curator) -> None:
    etag = curator.get(ADDRESS).headers["etag"]
    for _ in range(12):
        assert curator.client.get(ADDRESS, headers={"if-none-match": etag}).status_code == 304
        assert curator.client.head(ADDRESS).status_code == 200

    assert curator.get(ADDRESS).text


def test_another_format_is_refused(curator: Curator) -> None:
    answer = curator.client.get(f"{ADDRESS}?format=csv")
    refused(answer, 422, "invalid-parameters")

    assert "expected yaml or ndjson" in errors_of(answer)["format"]
    refused(curator.client.get(ADDRESS, headers={"accept": "text/csv"}), 406, "not-acceptable")
