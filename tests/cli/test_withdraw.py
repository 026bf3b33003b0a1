"""``company-profiles withdraw``."""

from pathlib import Path

from sqlalchemy import select

from app.database.models import Revision, Source
from tests.cli.conftest import CommandLine, message
from tests.datasets.examples import dataset, write


def test_a_text_and_its_quotes_are_gone_and_the_log_says_who_and_why(empty: CommandLine, folder: Path) -> None:
    empty.output("load", str(write(folder, dataset())))
    before = empty.output("export")
    withdrawn = empty("withdraw", "fern-rising", "--actor", "Ada", "--reason", "Asked by letter")
    again = empty("withdraw", "fern-rising")

    newest = withdrawn.stderr.partition("newest revision ")[2].partition(".")[0]
    assert withdrawn.stderr.startswith("Withdrawn: no text of fern-rising is left, and no quote of it")
    assert f"newest revision {newest}." in again.stderr
    with empty.database() as database, database.reading() as connection:
        assert connection.execute(select(Revision.actor, Revision.reason).where(Revision.number == int(newest))).one() == (
            "Ada",
            "Asked by letter",
        )
        assert connection.scalars(select(Source.text)).all() == [None]
    assert b"Nobody knows why." in before
    assert b"Nobody knows why." not in empty.output("export")
    assert empty("check").exit_code == 0


def test_a_source_that_does_not_exist_is_named(empty: CommandLine) -> None:
    said = message(empty("withdraw", "missing"), 2)

    assert said == "there is no source 'missing'; if it was deleted, undo that first"
