"""kill -9 of ``backup`` and of ``restore`` at any moment: a file with the name of a backup is whole, a database is old or new."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.databases import Databases, DatabasesOn
from tests.faults.conftest import load_lamps
from tests.faults.killing import killed, seconds_of
from tests.faults.wholeness import opened, require_whole

pytestmark = [pytest.mark.slow, pytest.mark.rounds(3)]

COMPANIES = 1_000
NEW, OLD = "Of the backup", "Of the database"
MOMENTS = (0.5, 1.05)
"""Parts of a command's time. Before the first it only imports."""


@pytest.fixture
def on_sqlite(databases_on: DatabasesOn) -> Databases:
    return databases_on("sqlite")


def filled(databases: Databases, folder: Path, name: str) -> str:
    """A database of several megabytes, all of whose companies have one name."""
    url = databases.copy(databases.migrated, "large")
    load_lamps(url, folder)
    lines = (json.dumps({"kind": "company", "slug": f"many-{number}", "name": name}) for number in range(COMPANIES))
    (folder / "many.ndjson").write_text("\n".join(lines), encoding="utf-8")
    seconds_of(folder, "load", "many.ndjson", database_url=url)
    return url


def names(url: str) -> set[str]:
    with opened(url) as database, database.reading() as connection:
        return set(connection.scalars(text("SELECT name FROM companies WHERE slug LIKE 'many-%'")))


def clear_unfinished(path: Path) -> None:
    """Deletes what killed commands left beside a file."""
    for unfinished in path.parent.glob(f"{path.name}.*.unfinished*"):
        unfinished.unlink()


def test_a_file_with_the_name_of_a_backup_is_whole(on_sqlite: Databases, tmp_path: Path, rounds: Iterator[random.Random]) -> None:
    url = filled(on_sqlite, tmp_path, NEW)
    backup = tmp_path / "profiles.backup"
    seconds = seconds_of(tmp_path, "backup", backup.name, database_url=url)
    kills = 0
    for chance in rounds:
        replaces = chance.random() < 0.5
        if not replaces:
            backup.unlink(missing_ok=True)
        was_there = backup.exists()
        kills += killed(tmp_path, "backup", backup.name, "--force", after=chance.uniform(*MOMENTS) * seconds, database_url=url)

        assert backup.exists() or not was_there
        if backup.exists():
            require_whole(f"sqlite:///{backup}")
            assert names(f"sqlite:///{backup}") == {NEW}
    assert kills
    seconds_of(tmp_path, "backup", backup.name, "--force", database_url=url)
    require_whole(url)
    require_whole(f"sqlite:///{backup}")


@pytest.mark.parametrize("before", [{OLD}, set()])
def test_a_restored_database_is_old_or_new(
    on_sqlite: Databases, tmp_path: Path, rounds: Iterator[random.Random], before: set[str]
) -> None:
    old = filled(on_sqlite, tmp_path, OLD) if before else on_sqlite.migrated
    backup = filled(on_sqlite, tmp_path, NEW).removeprefix("sqlite:///")
    restore = ("restore", backup, "--force")
    seconds = seconds_of(tmp_path, *restore, database_url=on_sqlite.copy(old))
    for chance in rounds:
        url = on_sqlite.copy(old)
        killed(tmp_path, *restore, after=chance.uniform(*MOMENTS) * seconds, database_url=url)

        assert names(url) in ({NEW}, before)
        require_whole(url)
        path = Path(url.removeprefix("sqlite:///"))
        for saved in path.parent.glob(f"{path.name}.before-restore-*Z"):
            require_whole(f"sqlite:///{saved}")
            assert names(f"sqlite:///{saved}") == {OLD}
        seconds_of(tmp_path, *restore, database_url=url)
        assert names(url) == {NEW}
        require_whole(url)
        clear_unfinished(path)
