"""Another writer commits between a writer's reading and its lock. The writer must not go by what it read."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from app.api.editing.changes import Target, create, patch, remove_resource
from app.api.editing.requests import ChangeRequest
from app.auth.access import Actor
from app.auth.key import Scope
from app.database.database import Database
from app.errors.problem import Problem
from app.errors.writing import Conflict, Gone, InvalidRecord, PreconditionFailed
from app.http.conditional import Stamp
from app.http.negotiation import Format
from app.revisions.former_addresses import Moved
from app.revisions.log import Reading, RevisionLog
from tests.editing.lamps import MILESTONE, PLACE

# On SQLite a writer holds the lock before it reads.
pytestmark = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)

FACT = Target("milestone", "fernhold", "founded")
COMPANY = Target("company", slug="fernhold")
SOURCE = Target("source", slug="register")
ACTOR = Actor("none", "newsroom", frozenset((Scope.WRITE,)))

Act = Callable[[Connection, ChangeRequest, Target], object]
Interfere = Callable[..., None]


def requested(body: object = None, if_match: str = "*") -> ChangeRequest:
    content = b"" if body is None else json.dumps(body).encode()
    return ChangeRequest(ACTOR, "Raced", "PATCH /", content, if_match, None)


def write(database: Database, act: Act, target: Target, change: ChangeRequest) -> dict[str, object]:
    with database.writing() as connection:
        response = act(connection, change, target)
    document: dict[str, object] = json.loads(getattr(response, "body", b"") or b"{}")
    return document


@pytest.fixture
def interfere(database: Database, monkeypatch: pytest.MonkeyPatch) -> Interfere:
    """Lets another writer commit once, when the next writer has read and not yet locked."""
    log = ChangeRequest.log

    def set_up(act: Act, target: Target, body: object = None) -> None:
        def log_late(change: ChangeRequest, connection: Connection, reading: Reading | None = None) -> RevisionLog:
            monkeypatch.setattr(ChangeRequest, "log", log)
            write(database, act, target, requested(body))
            return log(change, connection, reading)

        monkeypatch.setattr(ChangeRequest, "log", log_late)

    return set_up


def test_a_patch_goes_on_from_what_the_other_writer_left(database: Database, interfere: Interfere) -> None:
    interfere(patch, FACT, {"note": "Theirs"})
    document = write(database, patch, FACT, requested({"title": "Ours"}))

    assert (document["note"], document["title"]) == ("Theirs", "Ours")


def test_a_change_of_something_else_is_no_reason_to_read_again(
    database: Database, interfere: Interfere, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    monkeypatch.setattr("app.api.editing.changes.text_of", lambda *_: read.append(1))
    interfere(create, Target("company"), {"slug": "lumen", "name": "Lumen"})
    write(database, patch, FACT, requested({"title": "Ours"}))

    assert len(read) == 1


@pytest.mark.parametrize(
    ("other", "mine", "expected"),
    [
        ((remove_resource, FACT, None), (patch, FACT, {"title": "Ours"}), Gone),
        ((patch, FACT, {"slug": "begun"}), (patch, FACT, {"title": "Ours"}), Moved),
        ((patch, COMPANY, {"slug": "fern"}), (patch, FACT, {"title": "Ours"}), Moved),
        (
            (create, Target("milestone", "fernhold"), MILESTONE | {"slug": "begun"}),
            (create, Target("milestone", "fernhold"), MILESTONE | {"slug": "begun"}),
            Conflict,
        ),
        (
            (create, Target("milestone", "fernhold"), MILESTONE | {"slug": "begun"}),
            (patch, FACT, {"slug": "begun"}),
            Conflict,
        ),
        (
            (patch, SOURCE, {"slug": "registry"}),
            (create, Target("milestone", "fernhold"), MILESTONE | {"slug": "begun", "citations": [PLACE]}),
            InvalidRecord,
        ),
    ],
    ids=["deleted", "renamed", "company renamed", "created", "slug taken", "source renamed"],
)
def test_what_the_other_writer_did_is_found_under_the_lock(
    database: Database,
    interfere: Interfere,
    other: tuple[Act, Target, object],
    mine: tuple[Act, Target, object],
    expected: type[Exception],
) -> None:
    interfere(*other)
    act, target, body = mine
    with pytest.raises(expected):
        write(database, act, target, requested(body))


def test_the_version_that_if_match_names_is_compared_again(database: Database, interfere: Interfere) -> None:
    with database.reading() as connection:
        dataset = connection.exec_driver_sql("SELECT dataset FROM revision_head").scalar_one()
        number = connection.exec_driver_sql("SELECT revision FROM milestones WHERE slug = 'founded'").scalar_one()
    etag = Stamp(dataset, number).etag(Format.JSON)
    interfere(patch, FACT, {"note": "Theirs"})
    with pytest.raises(PreconditionFailed):
        write(database, patch, FACT, requested({"title": "Ours"}, etag))


def test_a_refusal_that_is_no_longer_true_is_forgotten(database: Database, interfere: Interfere) -> None:
    """The source is missing when the writer reads, and there when it holds the lock."""
    body = MILESTONE | {"slug": "begun", "citations": [PLACE | {"source": "registry"}]}
    with pytest.raises(Problem):
        write(database, create, Target("milestone", "fernhold"), requested(body))

    interfere(patch, SOURCE, {"slug": "registry"})
    assert write(database, create, Target("milestone", "fernhold"), requested(body))["slug"] == "begun"
