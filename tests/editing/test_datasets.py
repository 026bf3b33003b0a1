"""POST /v1/datasets: a whole dataset over HTTP, or nothing of it."""

import json

import httpx
import jsonschema_rs
import pytest
import yaml

from app.api.editing import dataset_upload as dataset_loading
from app.database.database import Database
from tests.editing.curator import Curator, content, errors_of, refused
from tests.editing.lamps import CATALOGUE_SOURCE, COMPANY_ADDRESS, DATASET, FERNHOLD, MILESTONE, MILESTONE_ADDRESS, SENTENCE

ADDRESS = "/v1/datasets"
YAML, JSON, NDJSON = "application/yaml", "application/json", "application/x-ndjson"
ADDED = {"companies": [{"slug": "lumen", "name": "Lumen", "milestones": [MILESTONE]}]}
LINES = [{"kind": "company", "slug": "lumen", "name": "Lumen"}, {"kind": "milestone", "company": "lumen"} | MILESTONE]
BODIES = [
    (YAML, yaml.safe_dump(ADDED, allow_unicode=True).encode()),
    (JSON, json.dumps(ADDED).encode()),
    (NDJSON, b"".join(json.dumps(line).encode() + b"\n" for line in reversed(LINES))),
]
SAME = json.loads(DATASET)
SPRING = "It was founded in spring 1999 in Norway."
PASSAGES = [
    {"source": "catalogue", "paragraph": 1, "sentence": 2, "start": 56, "end": 96, "words": SPRING},
    {"source": "register", "paragraph": 1, "sentence": 1, "start": 0, "end": 20, "words": None},
]
"""What the milestone cites."""


def load(curator: Curator, body: object, media_type: str = JSON, query: str = "") -> httpx.Response:
    return curator.post(ADDRESS + query, body, content_type=media_type)


@pytest.mark.parametrize(("media_type", "body"), BODIES, ids=["YAML", "JSON", "NDJSON"])
def test_a_dataset_is_loaded_in_each_format(curator: Curator, media_type: str, body: bytes) -> None:
    newest = curator.newest()
    answer = load(curator, body, media_type, "?reason=From the archive")

    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "deleted": 0,
        "left": [],
        "shared_identifiers": [],
        "warnings": [],
        "newest": newest + 2,
        "changes": [],
    }
    assert answer.headers["profiles-revision"] == str(newest + 2)
    entry = curator.get("/v1/companies/lumen/milestones/founded/history").json()["items"][0]
    assert (entry["actor"], entry["reason"]) == ("newsroom", "From the archive")


@pytest.mark.parametrize(
    ("media_type", "number"),
    [("application/x-yaml", 0), ("text/yaml; charset=utf-8", 0), ("application/ndjson", 2), ("application/jsonl", 2)],
)
def test_other_names_of_the_formats_are_known(curator: Curator, media_type: str, number: int) -> None:
    assert load(curator, BODIES[number][1], media_type).json()["created"] == 2


@pytest.mark.parametrize("media_type", ["text/csv", "application/xml", "", "multipart/form-data"])
def test_any_other_media_type_is_refused_with_the_known_ones(curator: Curator, media_type: str) -> None:
    message = refused(load(curator, BODIES[0][1], media_type), 415, "unsupported-media-type")

    assert YAML in message
    assert NDJSON in message


def test_loading_it_again_changes_nothing(curator: Curator, database: Database) -> None:
    before = content(database)
    result = load(curator, SAME).json()

    assert (result["created"], result["updated"], result["unchanged"], result["deleted"]) == (0, 0, 7, 0)
    assert content(database) == before


def test_a_dry_run_lists_what_would_change_and_changes_nothing(curator: Curator, database: Database) -> None:
    before, newest = content(database), curator.newest()
    body = ADDED | {"sources": [CATALOGUE_SOURCE | {"title": "Northern lamps"}]}
    answer = load(curator, body, query="?dry_run=true")

    assert "profiles-revision" not in answer.headers
    assert answer.json() == {
        "created": 2,
        "updated": 1,
        "unchanged": 0,
        "deleted": 0,
        "left": [],
        "shared_identifiers": [],
        "warnings": [],
        "newest": newest + 3,
        "changes": [
            {
                "action": "update",
                "url": "/v1/sources/catalogue",
                "changes": [{"field": "title", "before": "Lamps of the North", "after": "Northern lamps"}],
                "passages": [],
            },
            {"action": "create", "url": "/v1/companies/lumen", "changes": [], "passages": []},
            {"action": "create", "url": "/v1/companies/lumen/milestones/founded", "changes": [], "passages": PASSAGES},
        ],
    }
    assert content(database) == before


def test_a_dry_run_of_pruning_lists_what_would_be_deleted(curator: Curator, database: Database) -> None:
    before = content(database)
    result = load(curator, {"sources": [], "companies": []}, query="?dry_run=true&prune=true").json()

    assert result["deleted"] == 7
    assert {change["action"] for change in result["changes"]} == {"delete"}
    assert MILESTONE_ADDRESS in [change["url"] for change in result["changes"]]
    assert content(database) == before


def test_pruning_deletes_what_the_dataset_does_not_have(curator: Curator) -> None:
    body = {"sources": SAME["sources"], "companies": [FERNHOLD | {"milestones": [MILESTONE]}]}
    result = load(curator, body, query="?prune=true").json()

    assert (result["created"], result["updated"], result["deleted"]) == (0, 0, 3)
    assert [item["slug"] for item in curator.get("/v1/companies").json()["items"]] == ["fernhold"]
    refused(curator.client.get("/v1/companies/nordlys"), 410, "gone")
    refused(curator.client.get(f"{COMPANY_ADDRESS}/products/glod"), 410, "gone")


def test_pruning_what_is_still_referred_to_is_refused_and_nothing_is_loaded(curator: Curator, database: Database) -> None:
    before = content(database)
    lines = b"".join(json.dumps(line).encode() + b"\n" for line in LINES)
    answer = load(curator, lines, NDJSON, "?prune=true")

    assert "pruning would delete it" in refused(answer, 422, "invalid-dataset")
    assert content(database) == before


@pytest.mark.parametrize(
    ("media_type", "body", "field", "message"),
    [
        (
            YAML,
            b"companies:\n  - slug: lumen\n    nmae: Lumen\n",
            "companies[0].nmae",
            "line 3: unknown field; did you mean name?",
        ),
        (YAML, b"companies:\n  - slug: a\n    slug: b\n", "companies[0].slug", "line 3: "),
        (JSON, b'{"companies": [\n{"slug": "lumen", "name": NaN}]}', "companies[0].name", "line 2: "),
        (JSON, b'{"companies": [\n{"slug": "lumen"', "companies[0]", "line 2: "),
        (NDJSON, b'{"kind": "company", "slug": "a", "name": "A"}\n{"kind": "company"}\n', "slug", "line 2: is missing"),
        (NDJSON, b'\n{"kind": "company", "slug": "a", "name": "Gl\xf8d"}\n', "", "line 2: "),
        (JSON, b'{"companies": [' + b"[" * 10_000, "companies[0]", "nested more than 100 levels"),
        (JSON, b'{"companies": [{"slug": ' + b"9" * 401 + b"}]}", "companies[0].slug", "a number of 401 characters"),
        (YAML, b"PK\x03\x04", "body", ""),
        (YAML, b"companies: 3", "companies", ""),
    ],
)
def test_errors_name_line_and_field_and_nothing_is_loaded(
    curator: Curator, database: Database, media_type: str, body: bytes, field: str, message: str
) -> None:
    before = content(database)
    answer = load(curator, body, media_type)
    (found,) = [text for name, text in errors_of(answer).items() if name.startswith(field)][:1]

    assert "Nothing was loaded" in refused(answer, 422, "invalid-dataset")
    assert message in found
    assert "line 0" not in found
    assert content(database) == before


def test_one_error_keeps_all_of_a_dataset_out(curator: Curator, database: Database) -> None:
    before = content(database)
    wrong = {"companies": [*ADDED["companies"], {"slug": "second", "name": "S", "milestones": [MILESTONE | {"citations": []}]}]}
    answer = load(curator, wrong)

    assert errors_of(answer).keys() == {"companies[1].milestones[0].citations"}
    assert content(database) == before


def test_citations_are_checked_with_what_is_loaded(curator: Curator) -> None:
    wrong = [MILESTONE | {"citations": [SENTENCE | {"source": "nobody"}, SENTENCE | {"sentence": 8}]}]
    answer = load(curator, {"companies": [{"slug": "lumen", "name": "L", "milestones": wrong}]})

    place = "companies[0].milestones[0].citations"
    assert errors_of(answer).keys() == {f"{place}[0].source", f"{place}[1].sentence"}


def test_an_empty_dataset_changes_nothing(curator: Curator) -> None:
    newest = curator.newest()

    assert load(curator, {}).json()["newest"] == newest


def test_a_dataset_that_is_too_large_is_refused(curator: Curator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset_loading, "LARGEST_FILE", 1000)

    assert "at most 1,000 bytes" in refused(load(curator, SAME), 413, "body-too-large")


def test_a_dataset_larger_than_what_is_kept_in_memory_is_loaded(curator: Curator) -> None:
    companies = [{"slug": f"company-{number}", "name": "N", "summary": "x" * 4000} for number in range(300)]
    result = load(curator, {"companies": companies}, query="?dry_run=true").json()

    assert result["created"] == len(result["changes"]) == 300


@pytest.mark.parametrize(("query", "field"), [("?dry_run=maybe", "dry_run"), ("?dryrun=true", "dryrun"), ("?reason=", "reason")])
def test_parameters_are_checked(curator: Curator, query: str, field: str) -> None:
    answer = load(curator, ADDED, query=query)

    refused(answer, 422, "invalid-parameters")
    assert field in errors_of(answer)


def test_the_schema_of_the_format_accepts_what_loads_and_refuses_what_does_not(curator: Curator) -> None:
    answer = curator.client.get(f"{ADDRESS}/schema", headers={"Authorization": ""})
    schema = jsonschema_rs.validator_for(answer.json())

    assert answer.headers["content-type"] == "application/json"
    assert schema.is_valid(SAME)
    assert not schema.is_valid({"companies": [{"slug": "lumen", "nmae": "Lumen"}]})
    again = curator.client.get(f"{ADDRESS}/schema", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
