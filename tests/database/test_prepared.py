"""Statements that the driver runs itself: their rows and their errors are SQLAlchemy's."""

import datetime
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Date, String, bindparam, column, select, table
from sqlalchemy.exc import DBAPIError

from app.database.database import Database
from app.database.dialects import SQLITE
from app.database.models import RevisionHead, SearchEntry
from app.database.prepared import STATEMENT, PreparedStatement

_KIND, _DAY = bindparam("kind", "company", String), bindparam("day", type_=Date)
_DATED = PreparedStatement(select(SearchEntry.title_key).where(SearchEntry.earliest <= _DAY, SearchEntry.kind == _KIND))
_NOWHERE = table("nowhere", column("name", String))
_BROKEN: PreparedStatement[str] = PreparedStatement(select(_NOWHERE.c.name))
_NEWEST = PreparedStatement(select(RevisionHead.newest))


@pytest.fixture
def alone(database: Database) -> Iterator[Connection]:
    """A connection whose every statement is a transaction of its own."""
    isolation = {} if database.engine.dialect.name == SQLITE else {"isolation_level": "AUTOCOMMIT"}
    with database.engine.connect().execution_options(profiles_transaction=STATEMENT, **isolation) as connection:
        yield connection


def add_entry(database: Database, day: datetime.date) -> None:
    with database.writing() as connection:
        row = {"id": 1, "kind": "company", "title_key": "fern", "earliest": day, "latest": day, "date_uncertain": False}
        connection.execute(SearchEntry.__table__.insert(), row)  # type: ignore[attr-defined] # a table, its type says less


def test_values_are_converted_and_those_not_given_have_their_defaults(database: Database, alone: Connection) -> None:
    add_entry(database, datetime.date(2000, 1, 18))

    for connection in (alone, database.engine.connect()):
        with connection:
            assert [tuple(row) for row in _DATED.rows(connection, {"day": datetime.date(2000, 1, 18)})] == [("fern",)]
            assert list(_DATED.rows(connection, {"day": datetime.date(2000, 1, 17)})) == []
            assert list(_DATED.rows(connection, {"day": datetime.date(2000, 1, 18), "kind": "metric"})) == []


def test_an_error_is_sqlalchemys_and_leaves_the_connection_usable(alone: Connection) -> None:
    with pytest.raises(DBAPIError):
        _BROKEN.rows(alone, {})

    assert list(_NEWEST.rows(alone, {})) == [(0,)]


def test_a_statement_in_a_transaction_begins_it(database: Database, alone: Connection) -> None:
    with database.reading() as connection:
        assert [tuple(row) for row in _NEWEST.rows(connection, {})] == [(0,)]
        assert connection.in_transaction()

    assert list(_NEWEST.rows(alone, {})) == [(0,)]
    assert not alone.in_transaction()


def test_a_connection_that_broke_before_a_statement_is_an_error_of_the_database(alone: Connection) -> None:
    driver = alone.connection.driver_connection
    assert driver is not None
    driver.close()

    with pytest.raises(DBAPIError):
        _NEWEST.rows(alone, {})
    alone.invalidate()
