"""Prepared statements: each is compiled once for an engine, then run by the engine's driver.

Before SQLAlchemy runs a statement it looks up the text that it compiled, and afterwards it wraps the rows. For a read of a few
rows both take longer than the database does (ADR 10).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVarTuple

from sqlalchemy import CompoundSelect, Connection, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql.compiler import SQLCompiler

Columns = TypeVarTuple("Columns")
Values = Mapping[str, object]
"""The values of a statement's parameters, by name."""

STATEMENT = "statement"
"""The execution option ``profiles_transaction`` of connections on which every statement is a transaction of its own."""


class _Parameter(NamedTuple):
    """A parameter: its default, whether it has none, and what converts a value for the driver."""

    name: str
    default: object
    is_required: bool
    convert: Callable[[object], object] | None


class _Text(NamedTuple):
    """A statement as a driver takes it, with its parameters by position or by name."""

    sql: str
    parameters: Sequence[_Parameter]
    is_positional: bool

    def values(self, given: Values) -> tuple[object, ...] | dict[str, object]:
        found = []
        for name, default, is_required, convert in self.parameters:
            value = given[name] if is_required else given.get(name, default)
            found.append(value if convert is None else convert(value))
        if self.is_positional:
            return tuple(found)
        return {parameter.name: value for parameter, value in zip(self.parameters, found, strict=True)}


class PreparedStatement(Generic[*Columns]):
    """A select with named parameters, none of which stands for a list."""

    def __init__(self, statement: Select[*Columns] | CompoundSelect[*Columns]) -> None:
        self.statement = statement
        self._texts: dict[str, _Text] = {}

    def rows(self, connection: Connection, values: Values) -> Sequence[tuple[*Columns]]:
        """Every row, with the driver's own values: SQLite gives a date as its ISO text. Raises DBAPIError.

        SQLAlchemy runs the statement where it has work to do: in a transaction, which it may have to begin, and for the past,
        whose rows it puts in the place of the tables (then the values have the types of the columns).
        """
        options = connection.get_execution_options()
        if "profiles_as_of" in options:
            return connection.execute(self.statement, values).all()
        text = self._texts.get(connection.dialect.name) or self._compile(connection.dialect)
        if options.get("profiles_transaction") != STATEMENT:
            return connection.exec_driver_sql(text.sql, text.values(values)).all()
        cursor: DBAPICursor | None = None
        try:
            cursor = connection.connection.cursor()
            cursor.execute(text.sql, text.values(values))
            rows: Sequence[tuple[*Columns]] = cursor.fetchall()
            cursor.close()
        except BaseException as error:  # noqa: BLE001 - SQLAlchemy decides what it means for the connection, and raises
            connection._handle_dbapi_exception(error, text.sql, None, cursor, None)  # noqa: SLF001 - the only way to do as it does
        return rows

    def _compile(self, dialect: Dialect) -> _Text:
        compiled = self.statement.compile(dialect=dialect)
        if not isinstance(compiled, SQLCompiler):
            raise TypeError("only a select can be prepared")
        names = compiled.positiontup if compiled.positional else list(compiled.binds)
        text = _Text(compiled.string, [_parameter(compiled, name) for name in names or ()], compiled.positional)
        self._texts[dialect.name] = text
        return text


def _parameter(compiled: SQLCompiler, name: str) -> _Parameter:
    bound = compiled.binds[name]
    convert = bound.type.dialect_impl(compiled.dialect).bind_processor(compiled.dialect)
    return _Parameter(name, bound.effective_value, bound.required, convert)
