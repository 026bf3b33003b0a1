"""Logical replication copies rows and no sequences: a change that gets a number which is taken says who can correct it."""

from sqlalchemy import text

from app.database.database import Database
from app.database.dialects import POSTGRESQL
from tests.editing.curator import Curator, content, refused
from tests.editing.lamps import COMPANY_ADDRESS, MILESTONE


def test_a_change_that_gets_a_number_which_is_taken_names_check(curator: Curator, database: Database) -> None:
    if database.url.get_backend_name() != POSTGRESQL:
        return
    with database.writing() as connection:
        connection.execute(text("SELECT setval('citations_id_seq', 1, false)"))
    before = content(database)
    answer = curator.post(f"{COMPANY_ADDRESS}/milestones", MILESTONE | {"slug": "new"})

    assert "company-profiles check" in refused(answer, 500, "internal-error")
    assert content(database) == before
