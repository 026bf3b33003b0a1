"""Column types that differ between SQLite and PostgreSQL."""

import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    REAL,
    BigInteger,
    ColumnElement,
    DateTime,
    Integer,
    Numeric,
    SQLColumnExpression,
    String,
    TypeDecorator,
    cast,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from app.database.dialects import POSTGRESQL, SQLITE

BigInt = BigInteger().with_variant(Integer, SQLITE)
"""SQLite's row number must be spelt INTEGER."""


def sortable_text(length: int) -> String:
    """Text compared code point by code point, as SQLite does; PostgreSQL's default order follows the server's locale."""
    return String(length).with_variant(String(length, collation="C"), POSTGRESQL)


class ExactDecimal(TypeDecorator[Decimal]):
    """An exact decimal: numeric on PostgreSQL, text on SQLite, whose own numbers are binary floats."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = Numeric
    cache_ok: bool | None = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(64) if dialect.name == SQLITE else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | str | None:
        return format(value, "f") if value is not None and dialect.name == SQLITE else value

    def process_result_value(self, value: Decimal | str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Moment(TypeDecorator[datetime.datetime]):
    """A point in time, always in UTC. PostgreSQL gives it in the time zone of the session, SQLite without one."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = DateTime(timezone=True)
    cache_ok: bool | None = True

    def process_bind_param(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        return None if value is None else in_utc(value)

    def process_result_value(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        return None if value is None else in_utc(value)


def in_utc(value: datetime.datetime) -> datetime.datetime:
    """The same point in time. One without a time zone is in UTC already."""
    return value.replace(tzinfo=datetime.UTC) if value.tzinfo is None else value.astimezone(datetime.UTC)


_NUMERIC_ORDER = Numeric(asdecimal=True).with_variant(REAL(asdecimal=False), SQLITE)


def numeric_order(number: SQLColumnExpression[Decimal]) -> ColumnElement[Decimal]:
    """An exact decimal as a sort key, and to compare by.

    On SQLite the text is cast to a double: two decimals of at most 15 significant digits
    never share one, so the order is that of the exact numbers.
    """
    return cast(number, _NUMERIC_ORDER)
