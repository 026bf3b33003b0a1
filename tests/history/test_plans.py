"""The past of one resource costs the same however large a dataset is: every table is read by a key."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event

from app.api.companies.profile import read_profile
from app.api.companies.queries import one_company
from app.api.facts.queries import one_fact
from app.database.database import Database
from app.database.dialects import SQLITE
from app.database.models import Metric
from app.errors.reading import NotFound

READS: dict[str, Callable[[Connection], object]] = {
    "one company": lambda connection: one_company(connection, "fern"),
    "one metric": lambda connection: one_fact(connection, Metric, "fern", "sales"),
    "profile": lambda connection: read_profile(connection, "fern"),
}


def first_statement(database: Database, read: Callable[[Connection], object]) -> tuple[str, Any]:
    """The statement that a read of the past sends, with its parameters. The dataset is empty."""
    sent: list[tuple[str, Any]] = []
    with asyncio.run(database.as_of("0")).stream() as connection:
        event.listen(connection, "before_cursor_execute", lambda *reported: sent.append((reported[2], reported[3])))
        with pytest.raises(NotFound):
            read(connection)
    return next(reported for reported in sent if reported[0].startswith("WITH "))


def plan(database: Database, statement: str, parameters: Any) -> str:  # noqa: ANN401 - as the driver takes them
    with database.reading() as connection:
        is_sqlite = connection.dialect.name == SQLITE
        if not is_sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # the tables of a test are too small for an index
        rows = connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{statement}", parameters)
        return "\n".join(str(row[-1]) for row in rows)


@pytest.mark.parametrize("name", READS)
def test_no_table_is_read_whole(database: Database, name: str) -> None:
    statement, parameters = first_statement(database, READS[name])
    found = plan(database, statement, parameters)

    whole = set(re.findall(r"(?:SCAN|Seq Scan on) (?:main\.)?(\w+)", found))
    assert {table for table in whole if not table.startswith("anon_")} == {"revision_head"}, found
    assert not re.search(r"Hash Cond|Merge Cond|AUTOMATIC|MATERIALIZE (?!anon_)|CTE Scan", found), found
