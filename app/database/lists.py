"""Lists as one parameter of a statement: an array on PostgreSQL, JSON on SQLite.

A parameter for each value makes another statement for each length: each is compiled, converted by the driver and planned anew,
which takes longer than to run it.
"""

from collections.abc import Sequence
from typing import TypeVar

import orjson
from sqlalchemy import BindParameter, Select, String, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from app.database.dialects import SQLITE

T = TypeVar("T")


def as_list(dialect: str, values: Sequence[object]) -> object:
    """A list as the value of a parameter."""
    return orjson.dumps(values).decode() if dialect == SQLITE else list(values)


def list_parameter(dialect: str, name: str, type_: TypeEngine[T]) -> BindParameter[object]:
    return bindparam(name, type_=String() if dialect == SQLITE else ARRAY(type_))


def elements(dialect: str, name: str, type_: TypeEngine[T]) -> Select[T]:
    """A select of the elements of a parameter, for ``in_``."""
    parameter = list_parameter(dialect, name, type_)
    if dialect == SQLITE:
        return select(func.json_each(parameter).table_valued("value").c.value)
    return select(func.unnest(parameter, type_=type_))


def for_each(dialect: str, name: str, query: str) -> str:
    """SQL that runs a query for each text of a parameter. The query selects an ``id``, and reads the text as ``given.value``.

    The columns are ``name``, that of the parameter, ``value``, the text, and ``id``.
    """
    if dialect == SQLITE:
        columns = f"'{name}' AS name, given.value AS value, found.value AS id"
        found = f"json_each((SELECT json_group_array(id) FROM ({query})))"  # noqa: S608 - the query is the program's own
        return f"SELECT {columns} FROM json_each(:{name}) AS given, {found} AS found"  # noqa: S608
    columns = f"CAST('{name}' AS text) AS name, given.value, found.id"
    return f"SELECT {columns} FROM unnest(CAST(:{name} AS text[])) AS given(value) CROSS JOIN LATERAL ({query}) AS found"  # noqa: S608
