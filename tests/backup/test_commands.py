"""``backup`` and ``restore``: what they create, and what they replace only with ``--force``."""

import hashlib
import re
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.database.schema_version import NEWEST_VERSION
from app.operations.backup import restore as restoring
from app.operations.backup.copying import copy_pages
from tests.backup.conftest import Make, changed, content, names
from tests.cli.conftest import CommandLine, message


def test_a_backup_is_one_private_file_whose_digest_and_content_are_reported(live: CommandLine, folder: Path) -> None:
    result = live("backup", "copy.db")
    copy = folder / "copy.db"

    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"{hashlib.sha256(copy.read_bytes()).hexdigest()}  copy.db\n"
    assert re.fullmatch(
        rf"Backed up {folder}/live\.db: revision 64 \(companies: 2, schema {NEWEST_VERSION}\); \d\.\d MB in copy\.db\n",
        result.stderr,
    )
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [name for name in names(folder) if not name.startswith("live.db")] == ["copy.db"]
    changed("copy.db")
    assert "copy.db-wal" not in names(folder)


def test_a_backup_is_restored_to_a_new_file_whole(live: CommandLine, on: Make, folder: Path) -> None:
    live.output("backup", "copy.db")

    assert on("new.db")("restore", "copy.db").stderr == (
        f"Restored revision 64 (companies: 2, schema {NEWEST_VERSION}) to {folder}/new.db as a new dataset. "
        "The API keys are those of the backup.\n"
    )
    assert content(on("new.db")) == content(live)


def test_what_a_backup_replaces_is_kept_beside_it(live: CommandLine, on: Make, folder: Path) -> None:
    live.output("backup", "copy.db")
    before = content(live)
    live.output("load", "-", given=b'{"kind":"company","slug":"fern","name":"Fern"}')
    after = content(live)

    live.output("restore", "copy.db", "--force")
    (kept,) = folder.glob("live.db.before-restore-*")

    assert (content(live), content(on(kept.name))) == (before, after)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_what_is_written_up_to_the_moment_of_the_lock_is_in_the_copy_that_is_kept(
    live: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.output("backup", "copy.db")

    def copy_after_a_commit(source: sqlite3.Connection, target: sqlite3.Connection, **also: Callable[..., None]) -> None:
        changed("live.db", "UPDATE companies SET note = 'Acknowledged'")
        copy_pages(source, target, **also)

    monkeypatch.setattr(restoring, "copy_pages", copy_after_a_commit)
    live.output("restore", "copy.db", "--force")
    (kept,) = folder.glob("live.db.before-restore-*")

    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT DISTINCT note FROM companies").fetchall() == [("Acknowledged",)]


def test_a_restored_dataset_has_another_name_so_that_no_etag_stands_for_two_things(live: CommandLine) -> None:
    def name() -> str:
        with closing(sqlite3.connect("live.db")) as connection:
            found: str = connection.execute("SELECT dataset FROM revision_head").fetchone()[0]
        return found

    before = name()
    live.output("backup", "copy.db")
    live.output("restore", "copy.db", "--force")

    assert name() != before


def test_no_file_is_overwritten_unless_that_is_said(live: CommandLine, folder: Path) -> None:
    (folder / "copy.db").write_text("dear to me", encoding="utf-8")

    assert message(live("backup", "copy.db"), 2) == "copy.db exists; --force replaces it if it is a file"
    assert (folder / "copy.db").read_text(encoding="utf-8") == "dear to me"
    live.output("backup", "copy.db", "--force")
    assert (folder / "copy.db").read_bytes().startswith(b"SQLite format 3")
    assert message(live("backup", str(folder), "--force"), 2).endswith(" exists; --force replaces it if it is a file")


def test_a_database_that_holds_something_is_not_replaced_unless_that_is_said(live: CommandLine, on: Make) -> None:
    live.output("backup", "copy.db")
    refused = "{} is not empty; add --force to replace its contents, which are saved to a file first"

    assert message(live("restore", "copy.db"), 2).endswith(refused.format("live.db"))
    on("keyed.db").output("migrate")
    on("keyed.db").output("keys", "create", "newsroom", "--scope", "write")
    assert message(on("keyed.db")("restore", "copy.db"), 2).endswith(refused.format("keyed.db"))
    on("empty.db").output("migrate")
    on("empty.db").output("restore", "copy.db")
    assert content(on("empty.db")) == content(live)


def test_a_backup_of_an_older_schema_is_restored_to_the_newest(live: CommandLine, on: Make, folder: Path) -> None:
    live.output("backup", "newer.db")
    live.output("migrate", "0001", "--yes")
    live.output("backup", "older.db")
    before = (folder / "older.db").read_bytes()

    restored = on("new.db")("restore", "older.db")

    assert "(companies: 2, schema 0001)" in restored.stderr
    assert on("new.db").output("export") == live.output("export")
    assert on("new.db")("migrate").stderr.endswith(f": {NEWEST_VERSION} → {NEWEST_VERSION}\n")
    assert (folder / "older.db").read_bytes() == before


def test_a_backup_before_an_upgrade_leaves_the_schema_as_it_is(live: CommandLine) -> None:
    live.output("migrate", "0002", "--yes")

    assert "schema 0002" in live("backup", "copy.db").stderr
    assert live("migrate").stderr.endswith(f": 0002 → {NEWEST_VERSION}\n")
