"""SQL functions and clauses that SQLite and PostgreSQL spell differently."""

import sqlite3
from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from app.database.dialects import POSTGRESQL, SQLITE


class joined_lines(FunctionElement[str]):  # noqa: N801 - it stands in statements as SQL's own functions do
    """The texts of a column joined, each on a line; null without any.

    SQLAlchemy's ``aggregate_strings`` renders its separator anew each time, which takes longer than this.
    """

    inherit_cache: bool | None = True
    type: TypeEngine[str] = Text()


@compiles(joined_lines, SQLITE)
def _joined_by_sqlite(element: joined_lines, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    return f"group_concat({compiler.process(element.clauses, **options)}, char(10))"


@compiles(joined_lines, POSTGRESQL)
def _joined_by_postgresql(element: joined_lines, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    return f"string_agg({compiler.process(element.clauses, **options)}, chr(10))"


class nth_row(FunctionElement[Any]):  # noqa: N801 - it stands in statements as SQL's own functions do
    """The value of a column in one of the aggregated rows, counted from one; null if there are fewer."""

    inherit_cache: bool | None = True

    def __init__(self, column: ColumnElement[Any], number: ColumnElement[int]) -> None:
        super().__init__(column, number)
        self.type = column.type


@compiles(nth_row, SQLITE)
def _nth_by_sqlite(element: nth_row, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    column, number = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_extract(json_group_array({column}), '$[' || ({number} - 1) || ']')"


@compiles(nth_row, POSTGRESQL)
def _nth_by_postgresql(element: nth_row, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    column, number = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(array_agg({column}))[{number}]"


class wal_timeline(FunctionElement[int]):  # noqa: N801 - it stands in statements as SQL's own functions do
    """The timeline of PostgreSQL's write-ahead log: each promotion of a standby begins another one.

    Null on a standby and on SQLite.
    ``pg_control_checkpoint()`` gives the former one until the first checkpoint after a promotion.
    """

    inherit_cache: bool | None = True
    type: TypeEngine[int] = Integer()


@compiles(wal_timeline, SQLITE)
def _timeline_of_sqlite(element: wal_timeline, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401, ARG001 - SQLAlchemy's
    return "NULL"


@compiles(wal_timeline, POSTGRESQL)
def _timeline_of_postgresql(element: wal_timeline, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401, ARG001 - SQLAlchemy's
    file = "pg_walfile_name(pg_current_wal_insert_lsn())"
    return f"CASE WHEN NOT pg_is_in_recovery() THEN ('x' || left({file}, 8))::bit(32)::integer END"


def outside_ctes(dialect: str, table: str) -> str:
    """A table's name inside a common table expression of that name, which SQLite would take to refer to itself."""
    return f"main.{table}" if dialect == SQLITE else table


def read_in_place(dialect: str, expression: CTE) -> CTE:
    """A common table expression that is planned with the query around it, so that indexes are used.

    Otherwise both engines materialize the whole table if a query uses it twice (SQLite since 3.35).
    """
    if dialect == SQLITE and sqlite3.sqlite_version_info < (3, 35):
        return expression
    return expression.prefix_with("NOT MATERIALIZED")
