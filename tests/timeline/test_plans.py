"""A page of the timeline costs the same however long it is: each table is read in the order of an index and merged."""

import re

import pytest
from sqlalchemy import Connection

from app.api.timeline.parameters import TimelineParameters
from app.api.timeline.queries import list_timeline
from app.database.database import Database
from app.database.dialects import SQLITE


def plan(connection: Connection, sort: str) -> str:
    statements = list_timeline(TimelineParameters(sort=sort)).statements
    page = statements.first_page.statement.params(page_rows=51, page_size=50)
    text = str(page.compile(connection.engine, compile_kwargs={"literal_binds": True}))
    is_sqlite = connection.dialect.name == SQLITE
    if not is_sqlite:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # the tables of a test are too small for an index
        connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
    return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{text}"))


@pytest.mark.parametrize(("sort", "index"), [("date", "oldest_first"), ("-date", "newest_first")])
def test_each_table_is_read_in_the_order_of_its_index(database: Database, sort: str, index: str) -> None:
    with database.reading() as connection:
        found = plan(connection, sort)

    for table in ("milestones", "products", "metrics"):
        assert re.search(rf"INDEX ix_{table}_{index}|Index (?:Only )?Scan (?:Backward )?using ix_{table}_{index}", found), found
    assert re.search(r"MERGE|Merge Append", found), found
