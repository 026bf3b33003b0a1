"""PostgreSQL, which plans a prepared statement without its values, still finds words by their index."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from app.db import Database
from app.kept_statements import KeptStatement
from app.schema import migrate
from app.search.corrections import _having
from tests.conftest import settings_for
from tests.postgresql import PostgresServer


@pytest.fixture(scope="module")
def filled(postgres: PostgresServer) -> Iterator[Connection]:
    """A database with so many texts that reading them all takes long."""
    database = Database(settings_for(postgres.create_database("many_texts")))
    migrate(database)
    with database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO search_text SELECT id, array_to_tsvector(ARRAY['word']) FROM generate_series(1, 20000) id"
        )
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE search_text"))
        connection.execute(text("SET plan_cache_mode = force_generic_plan"))
        yield connection
    database.engine.dispose()


def plan_of(connection: Connection, statement: KeptStatement[*tuple[object, ...]], *values: str) -> str:
    """How a statement is run once it is prepared, whatever the values are."""
    written = str(statement.statement.compile(dialect=connection.dialect))
    for number in range(len(values)):
        written = written.replace(f"%(word_{number})s", f"${number + 1}")
    given = ", ".join(f"'{value}'" for value in values)
    connection.exec_driver_sql(f"PREPARE asked AS {written}")
    rows = connection.exec_driver_sql(f"EXPLAIN EXECUTE asked ({given})").all()
    connection.exec_driver_sql("DEALLOCATE asked")
    return "\n".join(row[0] for row in rows)


def test_whether_there_is_a_word_is_looked_up_in_the_index(filled: Connection) -> None:
    plan = plan_of(filled, _having("postgresql", 2), "first", "second")

    assert plan.count("Index Scan on ix_search_text_names") == 2
    assert "Seq Scan on search_text" not in plan
