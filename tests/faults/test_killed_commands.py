"""kill -9 of ``load`` and of ``migrate`` at any moment: all of it was done or nothing, and the next run needs no hand."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

import seed
from app.database.schema_version import NEWEST_VERSION, current_version
from app.operations.migrate import migrate
from tests.cli.processes import SECONDS, run, start
from tests.databases import Databases
from tests.faults.conftest import load_lamps
from tests.faults.killing import killed, seconds_of
from tests.faults.wholeness import opened, require_whole

pytestmark = pytest.mark.slow

COMPANIES = 800
OLDEST = "0001"


def names(url: str) -> set[str]:
    with opened(url) as database, database.reading() as connection:
        return set(connection.scalars(text("SELECT name FROM companies WHERE slug LIKE 'many-%'")))


def write_edition(file: Path, name: str) -> None:
    lines = (json.dumps({"kind": "company", "slug": f"many-{number}", "name": name}) for number in range(COMPANIES))
    file.write_text("\n".join(lines), encoding="utf-8")


def test_a_load_is_whole_or_did_not_happen(url: str, tmp_path: Path, rounds: Iterator[random.Random]) -> None:
    file = tmp_path / "many.ndjson"
    write_edition(file, "Edition 0")
    seconds = seconds_of(tmp_path, "load", file.name, database_url=url)

    before = "Edition 0"
    for number, chance in enumerate(rounds, start=1):
        after = f"Edition {number}"
        write_edition(file, after)
        killed(tmp_path, "load", file.name, after=chance.uniform(0.5, 1.1) * seconds, database_url=url)

        assert names(url) in ({before}, {after})
        require_whole(url)
        before = names(url).pop()
    assert run(tmp_path, "load", file.name, database_url=url).returncode == 0
    assert names(url) == {f"Edition {number}"}
    assert list(tmp_path.glob("*.unfinished")) == []


def test_a_migration_is_whole_or_did_not_happen(databases: Databases, tmp_path: Path, rounds: Iterator[random.Random]) -> None:
    old = databases.copy(databases.migrated, "old")
    load_lamps(old, tmp_path)
    with opened(old) as database:
        migrate(database, OLDEST, may_drop=True)
    seconds = seconds_of(tmp_path, "migrate", database_url=databases.copy(old))

    for chance in rounds:
        url = databases.copy(old)
        killed(tmp_path, "migrate", after=chance.uniform(0.5, 1.1) * seconds, database_url=url)
        with opened(url) as database:
            with database.reading() as connection:
                assert current_version(connection) in (OLDEST, NEWEST_VERSION)
            assert migrate(database)[1] == NEWEST_VERSION
        require_whole(url)


def test_ten_processes_that_start_at_once_make_one_seeded_database(databases: Databases, tmp_path: Path) -> None:
    url = databases.blank("shared")
    commands = (["migrate"], ["load", *map(str, seed.files())]) * 5
    processes = [start(tmp_path, *command, database_url=url) for command in commands]
    ended = [(*process.communicate(timeout=2 * SECONDS), process.returncode) for process in processes]

    assert [code for _, _, code in ended] == [0] * 10, [messages for _, messages, _ in ended]
    loaded = sorted(messages.decode().splitlines()[-1] for _, messages, _ in ended[1::2])
    assert loaded == ["Loaded: 0 created, 0 updated, 64 unchanged; newest revision 64"] * 4 + [
        "Loaded: 64 created, 0 updated, 0 unchanged; newest revision 64"
    ]
    require_whole(url)
