"""What the tests of faults share: rounds at random moments that can be repeated, and a database to lose."""

import random
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.database.database import Database
from app.datasets.loader import load
from app.datasets.reader import read_dataset
from tests.databases import SEEDED_AT, Databases, settings_for
from tests.editing.lamps import DATASET


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Iterator[random.Random]:
    """The rounds of a test, each with its own source of chance. What is printed is shown where the test fails."""
    marked = request.node.get_closest_marker("rounds")
    number, chance = request.config.getoption("rounds") or (marked.args[0] if marked else 2), request.config.getoption("chance")
    chance = secrets.randbelow(2**32) if chance is None else chance

    def each() -> Iterator[random.Random]:
        for current in range(1, number + 1):
            print(f"round {current} of {number}; repeat with --rounds {number} --chance {chance}")  # noqa: T201
            yield random.Random(f"{chance}/{current}")  # noqa: S311 - moments, not secrets

    return each()


@pytest.fixture
def url(databases: Databases, tmp_path: Path) -> str:
    """The address of a database of the test's own, with the lamps and nobody connected to it."""
    url = databases.copy(databases.migrated, "lost")
    load_lamps(url, tmp_path)
    return url


def load_lamps(url: str, folder: Path) -> None:
    file = folder / "lamps.json"
    file.write_text(DATASET, encoding="utf-8")
    database = Database(settings_for(url))
    with database.writing() as connection:
        load(connection, read_dataset([file]), actor="tests", reason="Lamps", clock=lambda: SEEDED_AT)
    database.engine.dispose()
