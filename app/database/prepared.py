"""Statements that are asked all the time: written out once for each engine, and run by its driver itself.

Before SQLAlchemy runs a statement it looks for the text that it made of it, and afterwards it dresses up the rows. For a
read of a few rows that takes it longer than the database takes (ADR 10).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVarTuple

from sqlalchemy import Connection, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql.compiler import SQLCompiler

Columns = TypeVarTuple("Columns")
Values = Mapping[str, object]
"""What the parameters of a statement are given, by their names."""

STATEMENT = "statement"
"""The execution option ``profiles_transaction`` of connections whose every statement is a transaction of its own."""


class _Parameter(NamedTuple):
    """A parameter of a statement: what it is unless it is given, and what makes of a value what the driver takes."""

    name: str
    value: object
    convert: Callable[[object], object] | None


class _Text(NamedTuple):
    """A statement as a driver takes it, with the values of its parameters in order or by their names."""

    sql: str
    parameters: Sequence[_Parameter]
    is_positional: bool

    def values(self, given: Values) -> Sequence[object] | Mapping[str, object]:
        found = []
        for name, default, convert in self.parameters:
            value = given.get(name, default)
            found.append(value if convert is None else convert(value))
        if self.is_positional:
            return found
        return {parameter.name: value for parameter, value in zip(self.parameters, found, strict=True)}


class KeptStatement(Generic[*Columns]):
    """A select whose parameters have names. None of them stands for a list."""

    def __init__(self, statement: Select[*Columns]) -> None:
        self.statement = statement
        self._texts: dict[str, _Text] = {}

    def rows(self, connection: Connection, values: Values) -> Sequence[tuple[*Columns]]:
        """Every row, of the driver's own values: SQLite gives a date as its ISO text. Raises DBAPIError.

        Within a transaction SQLAlchemy runs the statement: it knows when to begin one, and that the past is to be read.
        """
        if connection.get_execution_options().get("profiles_transaction") != STATEMENT:
            return connection.execute(self.statement, values).all()
        text = self._texts.get(connection.dialect.name) or self._write(connection.dialect)
        cursor: DBAPICursor | None = None
        try:
            cursor = connection.connection.cursor()
            cursor.execute(text.sql, text.values(values))
            rows: Sequence[tuple[*Columns]] = cursor.fetchall()
            cursor.close()
        except BaseException as error:  # noqa: BLE001 - SQLAlchemy tells what it means for the connection, and raises
            connection._handle_dbapi_exception(error, text.sql, None, cursor, None)  # noqa: SLF001 - the only way to do as it does
        return rows

    def _write(self, dialect: Dialect) -> _Text:
        compiled = self.statement.compile(dialect=dialect)
        if not isinstance(compiled, SQLCompiler):
            raise TypeError("only a select is kept")
        names = compiled.positiontup if compiled.positional else list(compiled.binds)
        text = _Text(compiled.string, [_parameter(compiled, name) for name in names or ()], compiled.positional)
        self._texts[dialect.name] = text
        return text


def _parameter(compiled: SQLCompiler, name: str) -> _Parameter:
    bound = compiled.binds[name]
    return _Parameter(name, bound.effective_value, bound.type.dialect_impl(compiled.dialect).bind_processor(compiled.dialect))
