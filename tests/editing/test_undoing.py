"""POST /v1/changes/undo: revisions taken back over HTTP, under the rules of the command."""

import pytest

from app.api.editing import undo_router
from app.database.database import Database
from tests.editing.curator import Curator, content, errors_of, refused
from tests.editing.lamps import COMPANY_ADDRESS

UNDO = "/v1/changes/undo"
NAME = "8e03978e-40d5-43e8-bc93-6894a57f9324"


@pytest.fixture
def changed(curator: Curator) -> int:
    """The first of two revisions that change the name and then the summary of a company."""
    first = curator.newest() + 1
    curator.changed(COMPANY_ADDRESS, name="Fernhold SE")
    curator.changed(COMPANY_ADDRESS, summary="It sells lamps.")
    return first


def test_revisions_are_undone_by_new_ones_of_the_key(curator: Curator, changed: int) -> None:
    answer = curator.post(f"{UNDO}?first={changed}&last={changed + 1}")

    assert answer.json() == {"changed": 2, "unchanged": 0, "newest": changed + 3, "changes": []}
    assert answer.headers["profiles-revision"] == str(changed + 3)
    assert answer.headers["cache-control"] == "no-store"
    company = curator.read(COMPANY_ADDRESS)
    assert (company["name"], company["summary"]) == ("Fernhold", "It makes lamps.")
    entry = curator.get(f"{COMPANY_ADDRESS}/history").json()["items"][0]
    assert (entry["actor"], entry["reason"]) == ("newsroom", f"Undo of revision {changed}-{changed + 1}")


def test_one_revision_is_undone_for_a_reason(curator: Curator, changed: int) -> None:
    curator.post(f"{UNDO}?first={changed + 1}&reason=Too early")

    entry = curator.get(f"{COMPANY_ADDRESS}/history").json()["items"][0]
    assert (entry["revision"], entry["reason"]) == (changed + 2, "Too early")


def test_a_dry_run_lists_what_would_change_and_changes_nothing(curator: Curator, database: Database, changed: int) -> None:
    before = content(database)
    answer = curator.post(f"{UNDO}?first={changed + 1}&dry_run=true", idempotency_key=NAME)

    difference = {"field": "summary", "before": "It sells lamps.", "after": "It makes lamps."}
    changes = [{"action": "update", "url": COMPANY_ADDRESS, "changes": [difference], "passages": []}]
    assert answer.json() == {"changed": 1, "unchanged": 0, "newest": changed + 2, "changes": changes}
    assert "profiles-revision" not in answer.headers
    assert content(database) == before


def test_an_undo_that_is_sent_again_is_made_once(curator: Curator, database: Database, changed: int) -> None:
    first = curator.post(f"{UNDO}?first={changed + 1}", idempotency_key=NAME)
    before = content(database)
    again = curator.post(f"{UNDO}?first={changed + 1}", idempotency_key=NAME)

    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert content(database) == before
    refused(curator.post(f"{UNDO}?first={changed}", idempotency_key=NAME), 422, "idempotency-key-reused")


def test_what_a_later_revision_changed_is_not_undone(curator: Curator, database: Database, changed: int) -> None:
    before = content(database)
    answer = curator.post(f"{UNDO}?first={changed}")

    assert refused(answer, 409, "conflict") == (
        f"Nothing was undone: revision {changed + 1} changed {COMPANY_ADDRESS} after revision {changed}; undo that first"
    )
    assert answer.json()["suggestions"] == [COMPANY_ADDRESS]
    assert content(database) == before


def test_what_something_refers_to_is_not_undone(curator: Curator) -> None:
    answer = curator.post(f"{UNDO}?first=1")

    assert "is referred to by" in refused(answer, 409, "conflict")
    assert COMPANY_ADDRESS in answer.json()["suggestions"]


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("first=99", "first", "there is no revision 99; the newest is 7"),
        ("first=7&last=8", "last", "there is no revision 8; the newest is 7"),
        ("first=7&last=6", "last", "is before first; expected the smaller number in first"),
        ("first=1&last=4", "last", "expected at most 3 revisions; undo more with company-profiles undo on the server"),
        ("first=0", "first", "greater than or equal to 1"),
        ("first=1_0", "first", "expected a whole number"),
        ("last=3", "first", "is missing"),
    ],
)
def test_invalid_revisions_are_refused_by_name(
    curator: Curator, monkeypatch: pytest.MonkeyPatch, query: str, field: str, message: str
) -> None:
    monkeypatch.setattr(undo_router, "MOST_REVISIONS", 3)
    answer = curator.post(f"{UNDO}?{query}")

    refused(answer, 422, "invalid-parameters")
    assert message in errors_of(answer)[field]
