"""Unusable backups, databases and paths are reported, and nothing changes."""

import hashlib
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.backup.conftest import Make, changed, content, names
from tests.cli.conftest import CommandLine, message


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:100_000])


def overwrite(file: Path) -> None:
    """Another page in the place of each of a table's."""
    content = bytearray(file.read_bytes())
    for start in range(4096 * 20, 4096 * 40, 4096):
        content[start : start + 4096] = b"\x0d\xff" * 2048
    file.write_bytes(bytes(content))


def changing(*statements: str) -> Callable[[Path], None]:
    return lambda file: changed(str(file), *statements)


@pytest.mark.parametrize(
    ("harm", "reported"),
    [
        (cut, "it is damaged: "),
        (overwrite, "it is damaged: "),
        (lambda file: file.write_text("A page of text. " * 1000, encoding="utf-8"), "it is not an SQLite database"),
        (lambda file: file.write_bytes(b""), "it is empty"),
        (changing("PRAGMA foreign_keys=OFF", "DELETE FROM companies"), "it is damaged: a row of "),
        (changing("DROP TABLE alembic_version"), "it holds no company profiles"),
        (
            changing("UPDATE alembic_version SET version_num = 'zzzz'"),
            "it has schema version zzzz, which this version of company-profiles does not know",
        ),
        (changing("UPDATE revision_head SET newest = 65"), "its newest revision is 65, but its log ends with 64"),
    ],
)
def test_a_file_that_is_no_sound_backup_is_refused_with_the_reason(
    live: CommandLine, folder: Path, harm: Callable[[Path], None], reported: str
) -> None:
    live.output("backup", "copy.db")
    before = content(live)
    harm(folder / "copy.db")

    assert message(live("restore", "copy.db", "--force"), 1).startswith(f"copy.db was not restored: {reported}")
    assert content(live) == before
    assert [name for name in names(folder) if "unfinished" in name or "before" in name] == []


FOREIGN = {
    "trigger": (
        "CREATE TRIGGER undo AFTER UPDATE ON api_keys BEGIN UPDATE api_keys SET revoked_at = NULL; END",
        "trigger undo of api_keys",
    ),
    "view": ("CREATE VIEW spy AS SELECT sha256 FROM api_keys", "view spy"),
    "table": ("CREATE TABLE notes (text)", "table notes"),
    "index": ("CREATE INDEX quick ON companies (summary)", "index quick of companies"),
    "unique index": ("CREATE UNIQUE INDEX one ON revisions (number, kind)", "unique index one of revisions"),
    "partial index": ("CREATE INDEX some ON companies (summary) WHERE id > 1", "partial index some of companies"),
    "column": ("ALTER TABLE companies ADD COLUMN mine TEXT", "column mine of companies"),
    "computed column": (
        "ALTER TABLE companies ADD COLUMN twice INTEGER GENERATED ALWAYS AS (2 * id) VIRTUAL",
        "computed column twice of companies",
    ),
}
"""What else a schema may have, with its name."""


@pytest.mark.parametrize(("statement", "named"), FOREIGN.values(), ids=FOREIGN)
def test_a_schema_that_has_what_we_did_not_make_is_refused_by_its_name(
    live: CommandLine, folder: Path, statement: str, named: str
) -> None:
    live.output("backup", "copy.db")
    before = content(live)
    changed("copy.db", statement)

    said = message(live("restore", "copy.db", "--force"), 1)
    assert said.startswith(f"copy.db was not restored: its schema has what this program did not make: {named}. Drop that")
    assert content(live) == before
    assert [name for name in names(folder) if "unfinished" in name or "before" in name] == []


def test_such_a_database_is_backed_up_and_the_command_says_what_restore_needs(live: CommandLine, folder: Path) -> None:
    changed("live.db", FOREIGN["trigger"][0])
    result = live("backup", "copy.db")

    assert result.exit_code == 0
    assert "until you drop what this program did not make: trigger undo of api_keys" in " ".join(result.stderr.split())
    changed("copy.db", "DROP TRIGGER undo")
    live.output("restore", "copy.db", "--force")
    with closing(sqlite3.connect(folder / "live.db")) as restored:
        assert restored.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall() == []


def test_another_programs_table_beside_ours_is_never_replaced(live: CommandLine) -> None:
    live.output("backup", "copy.db")
    changed("live.db", "CREATE TABLE notes (text)")

    said = message(live("restore", "copy.db", "--force"), 3)
    assert said.startswith("the database holds tables of another program: notes.")


def test_a_byte_that_differs_is_found_by_the_digest(live: CommandLine, folder: Path) -> None:
    digest = live.output("backup", "copy.db").decode()[:64]
    changed("copy.db", "UPDATE companies SET name = 'Another'")

    assert message(live("restore", "copy.db", "--force", "--digest", digest), 1).startswith(
        "copy.db was not restored: its SHA-256 is "
    )
    found = hashlib.sha256((folder / "copy.db").read_bytes()).hexdigest()
    live.output("restore", "copy.db", "--force", "--digest", found.upper())


def test_a_damaged_database_is_not_backed_up(live: CommandLine, folder: Path) -> None:
    changed("live.db", "PRAGMA foreign_keys=OFF", "DELETE FROM companies")

    assert message(live("backup", "copy.db"), 1).startswith("no backup was made of ")
    assert not (folder / "copy.db").exists()


def test_a_database_that_cannot_be_read_is_reported_with_how_to_replace(live: CommandLine, on: Make, folder: Path) -> None:
    live.output("backup", "copy.db")
    (folder / "text.db").write_text("A page of text. " * 1000, encoding="utf-8")

    assert "text.db is damaged: file is not a database. Stop its servers, move it elsewhere" in message(
        on("text.db")("restore", "copy.db", "--force"), 3
    )


def test_another_programs_database_is_never_replaced(live: CommandLine, on: Make) -> None:
    live.output("backup", "copy.db")
    changed("other.db", "CREATE TABLE notes (text)")

    assert message(on("other.db")("restore", "copy.db", "--force"), 3).startswith(
        "the database holds tables of another program: notes."
    )


def test_a_lock_that_is_not_available_is_reported_and_nothing_is_changed(live: CommandLine, folder: Path) -> None:
    live.output("backup", "copy.db")
    with closing(sqlite3.connect("live.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE companies SET note = 'Later'")
        said = message(live("restore", "copy.db", "--force", database_wait_seconds="0.1"), 3)
        writer.execute("COMMIT")

    assert said.endswith("live.db for more than 0.1 s; nothing was changed")
    assert all("Later" in row for row in content(live)["companies"])
    assert [name for name in names(folder) if "before" in name] == []


@pytest.mark.parametrize("command", [("backup", "copy.db", "--force"), ("restore", "copy.db", "--force")])
def test_a_full_disk_is_reported_before_anything_is_written(
    live: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    live.output("backup", "copy.db")
    before = content(live)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100_000))

    assert re.search(r"nothing was written: \d\.\d MB are needed in .+, and its disk has 0.1 MB left", message(live(*command), 3))
    assert content(live) == before
    assert [name for name in names(folder) if "unfinished" in name] == []


@pytest.mark.parametrize(
    ("command", "code", "reported"),
    [
        (("restore", "missing.db"), 2, "there is no file missing.db"),
        (("restore", "live.db"), 2, "live.db is the database itself"),
        (("backup", "no/copy.db"), 3, "cannot use no: no such file or directory"),
        (("backup", f"{'a' * 250}.db"), 3, "cannot use"),
    ],
)
def test_a_path_that_cannot_be_used_is_reported(live: CommandLine, command: tuple[str, ...], code: int, reported: str) -> None:
    assert message(live(*command), code).startswith(reported)


def test_a_database_that_is_not_there_is_not_made_by_its_backup(on: Make, folder: Path) -> None:
    assert message(on("missing.db")("backup", "copy.db"), 3).startswith("there is no database file ")
    assert names(folder) == []


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_on_postgresql_its_own_tools_are_named(command: str) -> None:
    said = message(CommandLine("postgresql://reader:geheim@127.0.0.1:1/profiles")(command, "copy.db"), 2)

    assert said.startswith(f"{command} is for SQLite. Use PostgreSQL's own tools: pg_dump and pg_restore")
    assert "geheim" not in said
