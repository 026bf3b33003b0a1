"""Bulk inserts, in the fastest way of each driver.

SQLAlchemy's own insert converts the values row by row, which takes longer than SQLite takes to write them. Here the same types
convert them column by column, and they go straight to the driver: to ``executemany`` of sqlite3, and to psycopg's COPY.
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
    """The rows as tuples of values that the driver accepts."""
    columns = list(zip(*map(itemgetter(*names), rows), strict=True))
    for position, name in enumerate(names):
        of_column = table.c[name].type
        convert = of_column.dialect_impl(dialect).bind_processor(dialect)
        if convert:
            # The same few dates occur again and again.
            once = cache(convert) if isinstance(of_column, Date | DateTime) else convert
            columns[position] = tuple(map(once, columns[position]))
    return list(zip(*columns, strict=True))


def copy_rows(cursor: Any, statement: str, rows: Sequence[Sequence[object]], _context: object) -> bool:  # noqa: ANN401 - psycopg's
    """Replaces psycopg's ``executemany`` for a COPY statement, so that SQLAlchemy sees it and its errors."""
    if not statement.startswith("COPY "):
        return False
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
    return True
