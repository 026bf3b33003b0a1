"""What a search costs: PostgreSQL, which plans a prepared statement without its values, still finds words by their index, and
SQLite looks at no more of what was found than is ranked.
"""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql, sqlite

from app.api.search.corrections import _having
from app.api.search.parameters import SearchParameters
from app.api.search.queries import MOST_RANKED, _statements, _values, find
from app.database.database import Database
from app.database.prepared import PreparedStatement
from app.operations.migrate import migrate
from app.search.words import terms
from tests.databases import settings_for
from tests.postgresql import PostgresServer

_ALL = SearchParameters(q="word")


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


def plan_of(connection: Connection, statement: PreparedStatement[*tuple[object, ...]], *values: str) -> str:
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


def steps_to_find(path: Path, matches: int) -> int:
    """Thousands of instructions that SQLite's machine runs for the first page of a word that so many names have."""
    database = Database(settings_for(f"sqlite:///{path}"))
    migrate(database)
    with database.writing() as connection:
        rows = [(number, f"word {number}") for number in range(1, matches + 1)]
        connection.exec_driver_sql("INSERT INTO search_text (rowid, names) VALUES (?, ?)", rows)
        connection.exec_driver_sql(
            "INSERT INTO search_entries (id, kind, title_key, date_uncertain) VALUES (?, 'company', ?, 0)", rows
        )
    steps: list[int] = []
    with database.reading() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_progress_handler(lambda: steps.append(1), 1000)
        statement = _statements(_ALL, "sqlite", is_corrected=False).first_page
        values = _values("sqlite", terms("word"), (), "word") | {"page_rows": 21, "page_size": 20}
        (row,) = statement.rows(connection, values)
        assert row[1] == 21
    database.engine.dispose()
    return len(steps)


def test_sqlite_looks_at_no_more_than_is_ranked_however_much_a_word_finds(tmp_path: Path) -> None:
    just_full, tenfold = (steps_to_find(tmp_path / f"{matches}.db", matches) for matches in (MOST_RANKED, 10 * MOST_RANKED))

    assert just_full > 0
    assert tenfold <= just_full * 1.1


def times_written_out(statement: str) -> int:
    """How many common table expressions SQLite makes of a statement's: one for each mention, and for each within those."""
    begun, *rest = re.split(r"(tier_\d+) AS ?\n", statement)
    assert begun == "WITH "
    parts = dict(zip(rest[::2], rest[1::2], strict=True))
    last, main = list(parts.items())[-1]
    parts[last], _, final = main.partition("\n SELECT ")
    copies: dict[str, int] = {}
    for name, query in parts.items():
        copies[name] = 1 + sum(copies[mentioned] for mentioned in re.findall(r"FROM (tier_\d+)", query))
    return sum(copies[mentioned] for mentioned in re.findall(r"FROM (tier_\d+)", final))


def test_a_search_with_a_word_corrected_is_not_written_out_thousands_of_times() -> None:
    statement = _statements(_ALL, "sqlite", is_corrected=True).first_page

    written = str(statement.statement.compile(dialect=sqlite.dialect()))
    assert written.count(" AS \n(SELECT") >= 9
    assert 9 < times_written_out(written) < 1000


def test_searches_of_one_shape_share_their_statement() -> None:
    one = find("sqlite", terms("word"), (), SearchParameters(q="word", country=["CN"], limit=20))
    other = find("sqlite", terms("two words"), (), SearchParameters(q="two words", country=["JP"], limit=21))

    assert one.statements is other.statements
    assert one.values["country_0"] == "CN"


def test_postgresql_knows_how_many_hits_a_tier_may_give() -> None:
    page = _statements(_ALL, "postgresql", is_corrected=True).first_page

    written = str(page.statement.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    assert written.count(" LIMIT ") > 9
    assert "LIMIT CASE" not in written
