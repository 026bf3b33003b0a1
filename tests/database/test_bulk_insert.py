"""Many rows go to the driver at once, as they would one by one."""

import datetime
from decimal import Decimal

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from app.database.bulk_insert import insert_rows
from app.database.models import Base
from tests.database.test_rules import VALID

METRICS = Base.metadata.tables["metrics"]
MANY = 50


@pytest.fixture
def with_company(connection: Connection) -> Connection:
    for table in ("revisions", "companies"):
        connection.execute(insert(Base.metadata.tables[table]).values(**VALID[table]))
    return connection


def metric(number: int) -> dict[str, object]:
    return VALID["metrics"] | {
        "id": 100 + number,
        "slug": f"m-{number}",
        "name": 'A "name"\twith\\ tab, 💡',
        "value": Decimal(f"{number}.25"),
        "note": None if number % 2 else "",
        "date_edtf": "2000/2014",
        "date_text": "by 2014",
        "earliest": datetime.date(2000, 1, 1 + number % 3),
        "latest": datetime.date(2014, 5, 6),
        "date_uncertain": bool(number % 2),
    }


@pytest.mark.parametrize("count", [1, MANY])
def test_rows_are_read_as_they_were_inserted(with_company: Connection, count: int) -> None:
    given = [metric(number) for number in range(count)]
    insert_rows(with_company, METRICS, given)
    found = with_company.execute(select(METRICS).order_by(METRICS.c.id)).mappings().all()
    assert [{name: row[name] for name in given[0]} for row in found] == given


def test_a_row_that_breaks_a_rule_is_reported_as_sqlalchemy_does(with_company: Connection) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)unique"), with_company.begin_nested():
        insert_rows(with_company, METRICS, [metric(number % (MANY - 1)) for number in range(MANY)])


def test_no_rows_are_no_statement(with_company: Connection) -> None:
    insert_rows(with_company, METRICS, [])
    assert with_company.execute(select(METRICS)).all() == []
