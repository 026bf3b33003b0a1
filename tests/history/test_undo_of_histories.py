"""Whatever was done to a dataset, undoing it gives back the same dataset; the log only grows."""

import pytest
from sqlalchemy import select

from app.database.database import Database
from app.database.models import Revision
from tests.cli.conftest import CommandLine
from tests.history.conftest import url_of
from tests.history.newsroom import Chance, Newsroom

LogRow = tuple[object, ...]


def log_of(database: Database) -> list[LogRow]:
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(Revision).order_by(Revision.number))]


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2, 3))])
def test_undoing_a_history_gives_back_the_same_export(newsroom: Newsroom, database: Database, seed: int) -> None:
    command, chance = CommandLine(url_of(database)), Chance(newsroom, seed)
    chance.start()
    for _ in range(5):
        chance.change()
    exported, newest = command.output("export"), newsroom.newest
    for _ in range(20):
        chance.change()
    changed, log = command.output("export"), log_of(database)

    command.output("undo", f"{newest + 1}-{newsroom.newest}")

    assert changed != exported
    assert command.output("export") == exported
    assert log_of(database)[: len(log)] == log
    assert newsroom.newest == len(log_of(database)) > len(log)


def test_undoing_an_undo_gives_back_what_was_undone(newsroom: Newsroom, database: Database) -> None:
    command, chance = CommandLine(url_of(database)), Chance(newsroom, 5)
    chance.start()
    first = newsroom.newest + 1
    for _ in range(12):
        chance.change()
    exported, newest = command.output("export"), newsroom.newest

    command.output("undo", f"{first}-{newest}")
    command.output("undo", f"{newest + 1}-{newsroom.newest}")

    assert command.output("export") == exported


def test_all_of_a_history_is_undone_to_nothing(newsroom: Newsroom, database: Database) -> None:
    command, chance = CommandLine(url_of(database)), Chance(newsroom, 6)
    chance.start()
    for _ in range(8):
        chance.change()

    command.output("undo", f"1-{newsroom.newest}")

    assert command.output("export") == b"sources: []\ncompanies: []\n"
