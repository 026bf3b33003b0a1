"""A damaged write-ahead log is noticed before SQLite discards what follows the damage, and nothing else is taken for damage."""

import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from app.database.write_ahead_log import Loss, lost_commits
from tests.cli.conftest import CommandLine

FRAME = 24 + 4096
COMMITS = 20


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database file with commits in its log, as a process leaves it that was killed."""
    original, left = tmp_path / "original.db", tmp_path / "left.db"
    with contextlib.closing(sqlite3.connect(original, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE words (word TEXT)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for number in range(COMMITS):
            connection.execute("INSERT INTO words VALUES (?)", (f"{number:08}" * 10,))
        for ending in ("", "-wal"):
            shutil.copyfile(f"{original}{ending}", f"{left}{ending}")
    return left


def log_of(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")


def lost(file: Path) -> Loss | None:
    return lost_commits(make_url(f"sqlite:///{file}"))


def damage(file: Path, place: int) -> None:
    with log_of(file).open("r+b") as log:
        log.seek(place)
        byte = log.read(1)
        log.seek(place)
        log.write(bytes((byte[0] ^ 0x55,)))


def words(file: Path) -> int:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        count: int = connection.execute("SELECT count(*) FROM words").fetchone()[0]
        return count


def test_a_log_that_is_whole_or_not_there_is_no_loss(file: Path) -> None:
    assert lost(file) is None
    assert words(file) == COMMITS
    assert not log_of(file).exists()
    assert lost(file) is None


@pytest.mark.parametrize("within", [0, 9, 17, 24, 4000], ids=["page", "salt", "checksum", "content", "end"])
def test_commits_after_a_damaged_frame_are_counted_as_sqlite_discards_them(file: Path, within: int) -> None:
    damage(file, 32 + 7 * FRAME + within)
    found = lost(file)

    assert found is not None
    assert found.frame == 8
    left = words(file)
    assert left < COMMITS
    assert COMMITS - left - found.commits in (0, 1)  # the frame itself is not counted if its salts are damaged


def test_a_damaged_header_is_reported(file: Path) -> None:
    damage(file, 20)

    assert lost(file) == Loss(log_of(file), 0, 0)
    assert words(file) == 0


def test_a_commit_that_was_under_way_is_no_loss(file: Path) -> None:
    size = log_of(file).stat().st_size
    damage(file, size - 1)
    assert lost(file) is None
    os.truncate(log_of(file), size - 100)
    assert lost(file) is None


def test_what_was_rolled_back_is_no_loss(tmp_path: Path) -> None:
    original, left = tmp_path / "original.db", tmp_path / "left.db"
    with contextlib.closing(sqlite3.connect(original, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA cache_size=5")
        connection.execute("CREATE TABLE words (word TEXT)")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO words VALUES (?)", [("word" * 500,)] * 500)  # more than the cache holds
        connection.execute("ROLLBACK")
        connection.execute("INSERT INTO words VALUES ('kept')")
        for ending in ("", "-wal"):
            shutil.copyfile(f"{original}{ending}", f"{left}{ending}")

    assert lost(left) is None
    assert words(left) == 1


@contextlib.contextmanager
def writing(file: Path) -> Iterator[None]:
    """A writer in another process, whose log starts again every few commits."""
    program = (
        "import sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('PRAGMA wal_autocheckpoint=7')\n"
        "print(flush=True)\n"
        "while True: connection.execute('INSERT INTO words VALUES (hex(randomblob(3000)))')\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(file)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    yield
    assert process.poll() is None
    process.kill()
    process.communicate()


@pytest.mark.slow
def test_a_log_that_is_written_meanwhile_and_one_whose_writer_was_killed_are_no_loss(file: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - moments, not secrets
    for _ in range(10):
        with writing(file):
            for _ in range(20):
                assert lost(file) is None
            threading.Event().wait(chance.random() / 10)
        assert lost(file) is None


def test_check_reports_it_keeps_the_log_and_the_next_start_says_it_too(tmp_path: Path) -> None:
    file = tmp_path / "served.db"
    command = CommandLine(f"sqlite:///{file}")
    command.output("migrate")
    copies = file.with_name("log"), file.with_name("database")
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for number in range(10):
            connection.execute("UPDATE revision_head SET dataset = ?", (f"{number:08}",))
        shutil.copyfile(log_of(file), copies[0])
        shutil.copyfile(file, copies[1])
    shutil.copyfile(copies[0], log_of(file))
    shutil.copyfile(copies[1], file)
    damage(file, 32 + 4 * FRAME + 100)
    before = log_of(file).read_bytes()

    result = command("check")
    assert result.exit_code == 1
    assert f"write-ahead log {log_of(file)} is damaged at frame 5: SQLite discards it" in result.stdout
    assert log_of(file).read_bytes() == before
    assert f"write-ahead log {log_of(file)} is damaged" in command("migrate").stderr
    assert "damaged" not in command("check").stdout
