"""Backing up a database to a file while others read and write."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.operations.backup.copying import connected, copy_pages, page_count, page_size
from app.operations.backup.files import finish, require_room, sha256_of, unfinished_file
from app.operations.backup.verify import Contents, verify


class FileThere(Exception):
    """A file of that name exists."""


@dataclass(frozen=True)
class Backup:
    """A finished backup: its content, its size and its digest."""

    contents: Contents
    size: int
    sha256: str


def take_backup(database: Path, path: Path, *, replace: bool, wait_seconds: float, advance: Callable[[int], None]) -> Backup:
    """Copy a snapshot of a database to a file, and verify the copy before it gets its name.

    Raises FileThere, RoomMissing, BackupUnusable, DatabaseBusy, OSError and sqlite3.Error; then there is no new file.
    """
    require_absence(path, replace=replace)
    with connected(database, "rw", wait_seconds) as source:
        require_room(path.parent, page_count(source) * page_size(source))
        with unfinished_file(path) as unfinished:
            copy_to_file(source, unfinished, advance)
            with connected(unfinished, "rw") as copy:
                contents = verify(copy)
            backup = Backup(contents, unfinished.stat().st_size, sha256_of(unfinished))
            require_absence(path, replace=replace)
            finish(unfinished, path)
    return backup


def require_absence(path: Path, *, replace: bool) -> None:
    """Raises FileThere, unless the file may be replaced; a folder or a device never is."""
    if path.exists() and not (replace and path.is_file()):
        raise FileThere(str(path))


def copy_to_file(source: sqlite3.Connection, path: Path, advance: Callable[[int], None] = lambda _: None) -> None:
    """Copy a database to an empty file. The file is useless until it is complete, so the copy skips journal and sync."""
    with connected(path, "rw") as target:
        target.execute("PRAGMA journal_mode=OFF")
        target.execute("PRAGMA synchronous=OFF")
        copy_pages(source, target, advance=advance)
    with connected(path, "rw") as copy:
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, readable on a read-only disk too
