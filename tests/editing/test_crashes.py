"""A fault in the middle of a change: a 500 problem that tells nothing of the inside, and nothing half-written."""

from collections.abc import Callable

import httpx
import pytest

from app.api.editing import changes, idempotency, merging
from app.database.database import Database
from app.datasets import pruning
from app.records import removal, writer
from app.revisions.log import RevisionLog
from app.search.index import index_resources
from tests.editing.curator import Curator, content, refused
from tests.editing.lamps import COMPANY_ADDRESS, FERNHOLD, MILESTONE, MILESTONE_ADDRESS


@pytest.fixture(autouse=True)
def close_connections(curator: Curator) -> None:
    """The server closes a connection on which an answer failed; a client that goes on using it may not know yet."""
    curator.client.headers["Connection"] = "close"


Act = Callable[[Curator], httpx.Response]


def fail(*_arguments: object, **_named: object) -> None:
    raise ZeroDivisionError("a secret of the inside")


def create(curator: Curator) -> httpx.Response:
    return curator.post("/v1/companies/nordlys/milestones", MILESTONE, idempotency_key="one")


def rename(curator: Curator) -> httpx.Response:
    return curator.patch(COMPANY_ADDRESS, {"slug": "fern"})


def delete(curator: Curator) -> httpx.Response:
    return curator.delete(f"{COMPANY_ADDRESS}?with_facts=true")


def merge(curator: Curator) -> httpx.Response:
    return curator.merge("fernhold", "nordlys")


def load(curator: Curator) -> httpx.Response:
    return curator.post("/v1/datasets?prune=true", {"companies": [{"slug": "lumen", "name": "Lumen"}]})


FAULTS: list[tuple[Act, object, str]] = [
    (create, writer, "index_resources"),
    (create, changes, "remember"),
    (create, idempotency, "insert"),
    (create, RevisionLog, "__exit__"),
    (rename, writer, "index_resources"),
    (rename, writer, "_write_citations"),
    (rename, changes, "respond_change"),
    (delete, removal, "unindex_resources"),
    (delete, RevisionLog, "__exit__"),
    (merge, merging, "hand_over_addresses"),
    (merge, merging, "respond_change"),
    (load, writer, "index_resources"),
    (load, pruning, "remove"),
    (load, RevisionLog, "__exit__"),
]


@pytest.mark.parametrize(("act", "place", "name"), FAULTS, ids=[f"{act.__name__}-{name}" for act, _, name in FAULTS])
def test_a_fault_leaves_nothing_behind_and_the_same_request_works_afterwards(
    curator: Curator, database: Database, monkeypatch: pytest.MonkeyPatch, act: Act, place: object, name: str
) -> None:
    before = content(database)
    with monkeypatch.context() as patched:
        patched.setattr(place, name, fail)
        answer = act(curator)

    assert "secret" not in refused(answer, 500, "internal-error") + answer.text
    assert answer.json()["instance"].startswith("urn:uuid:")
    assert content(database) == before
    assert curator.get(MILESTONE_ADDRESS).json()["company"] == "fernhold"
    assert act(curator).is_success


def test_a_fault_while_facts_follow_a_renamed_company_takes_the_name_back(
    curator: Curator, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(database)
    written: list[str] = []
    index = index_resources

    def fail_at_the_third(connection: object, kind: str, *arguments: object) -> set[str]:
        written.append(kind)
        if len(written) == 3:
            fail()
        return index(connection, kind, *arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(writer, "index_resources", fail_at_the_third)
        refused(rename(curator), 500, "internal-error")

    assert written == ["company", "milestone", "product"]
    assert content(database) == before
    assert curator.read(COMPANY_ADDRESS)["name"] == FERNHOLD["name"]
