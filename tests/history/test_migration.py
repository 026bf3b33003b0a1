"""The schema that keeps the past, up and down with data in it."""

import pytest

from app.database.database import Database
from tests.cli.conftest import CommandLine, message
from tests.history.conftest import url_of
from tests.history.newsroom import Newsroom


@pytest.fixture
def command(newsroom: Newsroom, database: Database) -> CommandLine:
    """The commands, on a company that was changed twice and another one that was deleted."""
    for slug in ("fern", "moss"):
        newsroom.create("/v1/companies", {"slug": slug, "name": slug.title()})
    newsroom.change("/v1/companies/fern", {"name": "Ferns"})
    newsroom.delete("/v1/companies/moss")
    return CommandLine(url_of(database))


def test_going_down_and_up_again_keeps_the_dataset_and_the_log(command: CommandLine) -> None:
    before, rows = command.output("export"), command.rows()
    assert command("migrate", "0002").exit_code == 2
    command.output("migrate", "0002", "--yes")
    command.output("migrate")
    after = command.rows()

    assert command.output("export") == before
    assert (rows["past_companies"], rows["former_addresses"], after["past_companies"]) == (2, 1, 0)
    assert {name: after[name] for name in ("revisions", "companies")} == {"revisions": 4, "companies": 1}


def test_what_was_replaced_before_the_history_tables_existed_is_not_undone(command: CommandLine) -> None:
    command.output("migrate", "0002", "--yes")
    command.output("migrate")

    assert message(command("undo", "3"), 1) == (
        "nothing was undone: /v1/companies/fern was changed in revision 3 before the history tables existed"
    )
    command.output("load", "-", given=b'{"kind":"company","slug":"fern","name":"Fernhold"}')
    command.output("undo", "5")
    assert b"name: Ferns" in command.output("export")
