"""The log and the tables tell the same: every revision's row, and the parts of it, are in a table or in its past."""

import json
from typing import Any

import pytest
from sqlalchemy import Connection, select

from app.database.database import Database
from app.database.history_tables import HISTORY_TABLES, PARTS, RESOURCES
from app.database.models import Base, Revision
from app.values.resources import PLURALS
from tests.history.newsroom import Chance, Newsroom

SHOWN = {
    "citations": (("paragraph", "sentence", "start_character", "end_character", "sha256"), "citations"),
    "company_names": (("name", "language"), "other_names"),
    "company_identifiers": (("scheme", "value"), "identifiers"),
}
"""What of a part is in the document of its owner, and where there."""
IN_DOCUMENT = {"start_character": "start", "end_character": "end"}
OWNERS = {"company": "company_id", "milestone": "milestone_id", "product": "product_id", "metric": "metric_id"}


@pytest.fixture
def written(newsroom: Newsroom, database: Database) -> Database:
    """A database after a history."""
    chance = Chance(newsroom, 7)
    chance.start()
    for _ in range(24):
        chance.change()
    return database


def rows(connection: Connection, name: str) -> list[dict[str, Any]]:
    """The rows that there are and were, each with ``until``, None where it is there."""
    table = Base.metadata.tables[name]
    present = [dict(row) | {"until": None} for row in connection.execute(select(table)).mappings()]
    return present + [dict(row) for row in connection.execute(select(HISTORY_TABLES[name])).mappings()]


def test_every_document_of_the_log_is_in_a_table_or_in_its_past(written: Database) -> None:
    with written.reading() as connection:
        log = connection.execute(select(Revision).order_by(Revision.number)).all()
        kept = {
            (row["revision"], row["id"], row["document"], row["until"]) for name in RESOURCES for row in rows(connection, name)
        }
    following: dict[int, int] = {}
    reported = set()
    for revision in reversed(log):
        if revision.document is not None:
            reported.add((revision.number, revision.resource_id, revision.document, following.get(revision.resource_id)))
        following[revision.resource_id] = revision.number

    assert kept == reported
    assert len(kept) > len({identity for _, identity, _, _ in kept})


def test_the_columns_that_filters_read_are_those_of_the_document(written: Database) -> None:
    with written.reading() as connection:
        companies = rows(connection, "companies")

    for row in companies:
        document = json.loads(row["document"])
        assert (row["slug"], row["name"], row["country"]) == (document["slug"], document["name"], document["country"])


def parts_of(connection: Connection, part: str, owner: str, revisions: dict[int, int]) -> dict[tuple[int, int], list[Any]]:
    """The parts by their owner's id and revision, in their order."""
    found: dict[tuple[int, int], list[Any]] = {}
    names = SHOWN[part][0]
    for row in sorted(rows(connection, part), key=lambda row: row["position"]):
        if row[owner] is not None:
            revision = row["since"] if row["until"] else revisions[row[owner]]
            found.setdefault((row[owner], revision), []).append([row[name] for name in names])
    return found


@pytest.mark.parametrize("part", PARTS)
def test_the_parts_of_a_revision_are_those_of_its_document(written: Database, part: str) -> None:
    names, member = SHOWN[part]
    compared = 0
    with written.reading() as connection:
        for kind, owner in OWNERS.items():
            if owner not in PARTS[part]:
                continue
            versions = rows(connection, PLURALS[kind])  # type: ignore[index]
            found = parts_of(connection, part, owner, {row["id"]: row["revision"] for row in versions if row["until"] is None})
            reported = {
                (row["id"], row["revision"]): [
                    [shown[IN_DOCUMENT.get(name, name)] for name in names] for shown in json.loads(row["document"])[member]
                ]
                for row in versions
            }
            assert found == {version: shown for version, shown in reported.items() if shown}
            compared += len(found)

    assert compared > 5
