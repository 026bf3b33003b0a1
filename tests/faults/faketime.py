"""The wall clock of processes that are started later, set by a file: libfaketime, from Debian's package ``faketime``."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

_LIBRARY = "*/faketime/libfaketimeMT.so.1"


def find_library() -> Path:
    found = next(itertools.chain(Path("/usr/lib").glob(_LIBRARY), Path("/usr/lib").glob(_LIBRARY.removeprefix("*/"))), None)
    assert found is not None, "install libfaketime: apt-get install faketime"
    return found


class WallClock:
    """Its distance from the real one, such as +2h or -3y. The monotonic clock stays as it is."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.set("+0")

    def set(self, distance: str) -> None:
        self.file.write_text(distance, encoding="ascii")

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(find_library()),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }


@pytest.fixture
def wall_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WallClock]:
    """The clock of every process that the test starts from here on."""
    clock = WallClock(tmp_path / "clock")
    with monkeypatch.context() as patched:
        for name, value in clock.environment.items():
            patched.setenv(name, value)
        yield clock
