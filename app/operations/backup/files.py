"""Files that appear complete or not at all."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class RoomMissing(Exception):
    """The disk has less free space than needed; the message names both sizes."""


def megabytes(size: int) -> str:
    """Bytes for people."""
    return f"{size / 1_000_000:,.1f} MB"


def require_room(folder: Path, size: int) -> None:
    """Raises RoomMissing if the disk of a folder has fewer bytes left, and OSError if the folder does not exist."""
    free = shutil.disk_usage(folder).free
    if free < size:
        raise RoomMissing(f"{megabytes(size)} are needed in {folder}, and its disk has {megabytes(free)} left")


@contextmanager
def unfinished_file(path: Path) -> Iterator[Path]:
    """A new file beside a path, readable by its owner only. The block deletes it at the end, with SQLite's files beside it."""
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".unfinished", dir=path.parent)
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            Path(name + suffix).unlink(missing_ok=True)


def finish(unfinished: Path, path: Path) -> None:
    """Give a file its name, after all of it is on disk."""
    _flush(unfinished)
    unfinished.replace(path)
    with suppress(PermissionError):  # Windows cannot open a folder
        _flush(path.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
