"""Inserting many rows at once, the way in which each driver takes them fastest.

SQLAlchemy's own insert makes the values of each row ready one by one, which takes longer than SQLite takes to write them.
Here they are made ready column by column, by the same types, and go to the driver as they are: to ``executemany`` of
sqlite3, and to psycopg's COPY.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Date, DateTime, TableClause, insert
from sqlalchemy.engine import Dialect

from app.database.pipeline import FEWEST_TO_COPY, is_pipelined

Row = Mapping[str, object]


def insert_rows(connection: Connection, table: TableClause, rows: Sequence[Row]) -> None:
    """Insert rows that all name the same columns, two or more."""
    if not rows:
        return
    copies = connection.dialect.driver == "psycopg"
    if copies and (len(rows) < FEWEST_TO_COPY or is_pipelined(connection)):
        connection.execute(insert(table).inline(), rows)  # which asks for no key in return
        return
    names = tuple(rows[0])
    columns = ", ".join(names)
    if copies:
        statement = f"COPY {table.name} ({columns}) FROM STDIN"
    else:
        statement = f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
    connection.exec_driver_sql(statement, _values(connection.dialect, table, names, rows))


def _values(dialect: Dialect, table: TableClause, names: Sequence[str], rows: Sequence[Row]) -> list[tuple[object, ...]]:
    """The rows as tuples of what the driver takes."""
    columns = list(zip(*map(itemgetter(*names), rows), strict=True))
    for position, name in enumerate(names):
        of_column = table.c[name].type
        convert = of_column.dialect_impl(dialect).bind_processor(dialect)
        if convert:
            # The same few dates come again and again.
            once = cache(convert) if isinstance(of_column, Date | DateTime) else convert
            columns[position] = tuple(map(once, columns[position]))
    return list(zip(*columns, strict=True))


def copy_rows(cursor: Any, statement: str, rows: Sequence[Sequence[object]], _context: object) -> bool:  # noqa: ANN401 - psycopg's
    """Stands in for psycopg's ``executemany`` where the statement is a COPY, so that SQLAlchemy sees it and its errors."""
    if not statement.startswith("COPY "):
        return False
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
    return True
