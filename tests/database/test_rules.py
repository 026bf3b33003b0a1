"""The rules hold in the database itself: whatever writes to it, wrong rows are refused on both engines."""

import datetime
from decimal import Decimal
from typing import Any, TypeAlias

import pytest
from sqlalchemy import Connection, UpdateBase, delete, insert, update
from sqlalchemy.exc import IntegrityError

from app.database.models import Base, RevisionHead

DAY = datetime.date(2020, 6, 1)
DIGEST = "0" * 64
Row: TypeAlias = dict[str, Any]

UNDATED: Row = {"date_edtf": None, "date_text": None, "earliest": None, "latest": None, "date_uncertain": False}
RECORDED: Row = {"revision": 1, "document": "{}", **UNDATED}
FACT: Row = {"company_id": 2, **RECORDED}
CITATION: Row = {
    "source_id": 1,
    "paragraph": 1,
    "sentence": 1,
    "start_character": 0,
    "end_character": 5,
    "sha256": DIGEST,
    "position": 0,
    "company_id": None,
    "milestone_id": None,
    "product_id": None,
    "metric_id": None,
}
VALID: dict[str, Row] = {
    "revisions": {
        "number": 1,
        "recorded_at": datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC),
        "actor": "tests",
        "reason": "Rules",
        "action": "create",
        "kind": "company",
        "resource_id": 2,
        "url": "/v1/companies/one",
        "document": "{}",
    },
    "sources": {
        "id": 1,
        "slug": "one",
        "title": "One",
        "title_key": "one",
        "type": "page",
        "authors": [],
        "length": 10,
        "sha256": DIGEST,
        "body_start": 0,
        **RECORDED,
    },
    "companies": {"id": 2, "slug": "one", "name": "One", "name_key": "one", **RECORDED},
    "company_names": {"company_id": 2, "position": 0, "name": "Uno", "name_key": "uno"},
    "company_identifiers": {"company_id": 2, "position": 0, "scheme": "ticker", "value": "ONE"},
    "milestones": {"id": 3, "slug": "one", "title": "One", "category": "founding", **FACT},
    "products": {"id": 4, "slug": "one", "name": "One", "name_key": "one", "category": "product", **FACT},
    "metrics": {
        "id": 5,
        "slug": "one",
        "metric": "revenue",
        "name": "One",
        "value": Decimal(1),
        "unit": "CNY",
        "qualifier": "exact",
        "equivalent_value": None,
        "equivalent_unit": None,
        "equivalent_stated_as": None,
        **FACT,
    },
    "citations": {"id": 1, **CITATION, "company_id": 2},
}
ANOTHER: dict[str, Row] = {
    "revisions": {"number": 2},
    "sources": {"id": 11, "slug": "two"},
    "companies": {"id": 12, "slug": "two"},
    "company_names": {"position": 1},
    "company_identifiers": {"position": 1, "value": "TWO"},
    "milestones": {"id": 13, "slug": "two"},
    "products": {"id": 14, "slug": "two"},
    "metrics": {"id": 15, "slug": "two"},
    "citations": {"id": 2, "position": 1},
}
"""What makes a second valid row of the first one."""

DATED = ("sources", "companies", "milestones", "products", "metrics")
NONE_DATED: list[Row] = [
    {"earliest": DAY},
    {"date_text": "in 2020"},
    {"date_edtf": "2020", "date_text": "in 2020"},
    {"date_edtf": "2020", "earliest": DAY},
    {"date_uncertain": True},
    {"date_edtf": "2020", "date_text": "in 2020", "earliest": DAY, "latest": DAY - datetime.timedelta(days=1)},
]
REFUSED: list[tuple[str, Row]] = [
    *((table, changes) for table in DATED for changes in (*NONE_DATED, {"revision": 99}, {"document": None}, {"slug": "one"})),
    ("revisions", {"number": 1}),
    ("revisions", {"number": 0}),
    ("revisions", {"action": "rename"}),
    ("revisions", {"kind": "person"}),
    ("revisions", {"document": None}),
    ("revisions", {"action": "update", "document": None}),
    ("revisions", {"action": "delete"}),
    ("revisions", {"actor": None}),
    ("sources", {"length": 0}),
    ("sources", {"body_start": -1}),
    ("sources", {"body_start": 10}),
    ("sources", {"sha256": "0"}),
    ("companies", {"country": "C"}),
    ("companies", {"id": 2}),
    ("company_names", {"company_id": 99}),
    ("company_identifiers", {"company_id": 99}),
    ("company_identifiers", {"value": "ONE"}),
    *((table, {"company_id": 99}) for table in ("milestones", "products", "metrics")),
    ("metrics", {"qualifier": "roughly"}),
    ("metrics", {"value": None}),
    ("metrics", {"equivalent_value": Decimal(1)}),
    ("metrics", {"equivalent_unit": "USD"}),
    ("metrics", {"equivalent_stated_as": "a dollar"}),
    ("citations", {"company_id": None}),
    ("citations", {"milestone_id": 3}),
    ("citations", {"company_id": None, "product_id": 4, "metric_id": 5}),
    ("citations", {"position": 0}),
    ("citations", {"company_id": 99}),
    ("citations", {"source_id": 99}),
    *(("citations", {"company_id": None, f"{owner}_id": 99}) for owner in ("milestone", "product", "metric")),
    ("citations", {"paragraph": 0}),
    ("citations", {"sentence": 0}),
    ("citations", {"start_character": -1}),
    ("citations", {"end_character": 0}),
    ("citations", {"sha256": "0"}),
]


@pytest.fixture
def filled(connection: Connection) -> Connection:
    """A write transaction on a database with one valid row in each table."""
    for table, row in VALID.items():
        connection.execute(insert(Base.metadata.tables[table]), row)
    return connection


def takes(connection: Connection, statement: UpdateBase) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(statement)
    except IntegrityError:
        return False
    return True


def test_a_second_valid_row_is_taken(filled: Connection) -> None:
    for table, row in VALID.items():
        filled.execute(insert(Base.metadata.tables[table]), row | ANOTHER[table])


def test_every_wrong_row_is_refused(filled: Connection) -> None:
    rows = [(table, changes, VALID[table] | ANOTHER[table] | changes) for table, changes in REFUSED]

    assert [row[:2] for row in rows if takes(filled, insert(Base.metadata.tables[row[0]]).values(row[2]))] == []


def test_every_wrong_change_is_refused(filled: Connection) -> None:
    tables = [(Base.metadata.tables[table], changes) for table, changes in REFUSED if not changes.keys() & ANOTHER[table].keys()]
    changes = [(table.name, changes) for table, changes in tables if takes(filled, update(table).values(changes))]

    # A row that is alone cannot repeat another one's key.
    assert changes == []


def test_what_others_refer_to_cannot_be_deleted(filled: Connection) -> None:
    filled.execute(insert(Base.metadata.tables["citations"]), [
        CITATION | {"id": number, f"{owner}_id": number} for owner, number in (("milestone", 3), ("product", 4), ("metric", 5))
    ])  # fmt: skip

    for table in ("revisions", "sources", "companies", "milestones", "products", "metrics"):
        assert not takes(filled, delete(Base.metadata.tables[table])), table


@pytest.mark.parametrize("number", [1, 2])
def test_there_is_one_head(filled: Connection, number: int) -> None:
    assert not takes(filled, insert(RevisionHead).values(id=number, newest=0, dataset="other"))


def test_an_unknown_company_that_is_named_in_sql_is_refused_too(filled: Connection) -> None:
    statement = "INSERT INTO company_names (company_id, position, name, name_key) VALUES (99, 0, 'Nobody', 'nobody')"
    with pytest.raises(IntegrityError):
        filled.exec_driver_sql(statement)
