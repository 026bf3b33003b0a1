"""Damage of SQLite's write-ahead log, which SQLite itself does not report.

If a frame is damaged, SQLite discards it and everything after it when it opens the file, because a crash before a commit leaves
such a frame too. But if commits of the same generation follow it, it was complete once. The log must be read before SQLite opens
it, which overwrites or deletes it. The format: https://sqlite.org/fileformat2.html#walformat
"""

import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from sqlalchemy.engine import URL

from app.database.dialects import SQLITE

_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}
"""The byte order of the checksums."""
_PAGE_SIZES = frozenset(1 << power for power in range(9, 17))
_HEADER, _FRAME_HEADER = 32, 24
_PAUSE_SECONDS = 0.2
_MASK = 0xFFFFFFFF


class Loss(NamedTuple):
    """What SQLite discards: everything from a frame on, with this number of commits. Frame 0 is the header, which hides it."""

    file: Path
    frame: int
    commits: int

    def __str__(self) -> str:
        if not self.frame:
            return f"the write-ahead log {self.file} has a damaged header: SQLite discards all of it"
        return (
            f"the write-ahead log {self.file} is damaged at frame {self.frame}: SQLite discards it from there on, "
            f"with {self.commits} committed transactions"
        )


class _Frame(NamedTuple):
    salts: bytes
    is_commit: bool
    is_valid: bool


def lost_commits(url: URL) -> Loss | None:
    """What the next connection to an SQLite file will discard, though it was committed.

    While another process writes, a frame may be read that is half-written. So the log must not change between two looks: the one
    that writes has it open, and SQLite found it whole.
    """
    if url.get_backend_name() != SQLITE or not url.database:
        return None
    file = Path(f"{url.database}-wal").resolve()
    before = _written(file)
    found = _loss(file)
    if found is None:
        return None
    time.sleep(_PAUSE_SECONDS)
    return found if _loss(file) == found and _written(file) == before else None


def _written(file: Path) -> tuple[int, int] | None:
    """When the log was last written, and its size."""
    try:
        state = file.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size


def _loss(file: Path) -> Loss | None:
    try:
        with file.open("rb") as log:
            return _discarded(file, log)
    except OSError:
        return None  # it does not exist, or SQLite will report why it cannot be read


def _discarded(file: Path, log: BinaryIO) -> Loss | None:
    header = log.read(_HEADER)
    if len(header) < _HEADER:
        return None
    order, size = _MAGIC.get(_number(header)), _number(header[8:])
    if order is None or size not in _PAGE_SIZES or _checksum(header[:24], order, (0, 0)) != _sums(header[24:]):
        return Loss(file, 0, 0) if log.read(1) else None
    first, commits = 0, []
    for number, frame in enumerate(_frames(log, size, order, _sums(header[24:])), start=1):
        is_of_log = frame.salts == header[16:24]
        if not first and not (is_of_log and frame.is_valid):
            first = number
        if first and is_of_log and frame.is_commit:
            commits.append(number)
    # The last commit alone may have been under way when the process was killed: its frame is written in two parts.
    return Loss(file, first, len(commits)) if commits and commits != [first] else None


def _frames(log: BinaryIO, size: int, order: str, sums: tuple[int, int]) -> Iterator[_Frame]:
    """The complete frames. A checksum continues that of the frame before, so the first wrong one is the last that is computed."""
    is_valid = True
    while len(frame := log.read(_FRAME_HEADER + size)) == _FRAME_HEADER + size:
        if is_valid:
            sums = _checksum(frame[:8] + frame[_FRAME_HEADER:], order, sums)
            is_valid = sums == _sums(frame[16:])
        yield _Frame(frame[8:16], _number(frame[4:]) != 0, is_valid)


def _checksum(content: bytes, order: str, sums: tuple[int, int]) -> tuple[int, int]:
    first, second = sums
    for one, other in struct.iter_unpack(f"{order}II", content):
        first = (first + one + second) & _MASK
        second = (second + other + first) & _MASK
    return first, second


def _number(content: bytes) -> int:
    return int.from_bytes(content[:4], "big")


def _sums(content: bytes) -> tuple[int, int]:
    return _number(content), _number(content[4:])
