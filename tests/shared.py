"""What all processes of one test run share: a folder, in memory where it has room, with one PostgreSQL and template databases."""

import fcntl
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.postgresql import PostgresServer, memory_folder

_PREFIX = "company-profiles-tests-"
_HELD = "held.lock"


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Holds off the other processes until the end of the block."""
    with file.open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def once(file: Path, make: Callable[[], str]) -> str:
    """What ``make`` returned to the first process that came. The file passes it to the others."""
    with locked(file.with_suffix(".lock")):
        if not file.exists():
            file.write_text(make(), encoding="utf-8")
        return file.read_text(encoding="utf-8")


class SharedFolder:
    """The folder of a run. The process that makes it also ends it; the workers of pytest-xdist are given its path."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def make(cls) -> "SharedFolder":
        """Makes one, and removes those of runs that were killed: they would fill the memory."""
        made = cls(Path(tempfile.mkdtemp(prefix=_PREFIX, dir=memory_folder())))
        made.path.chmod(0o755)  # PostgreSQL may run as another user
        made.hold()
        for path in made.path.parent.glob(f"{_PREFIX}*"):
            other = cls(path)
            if (path / _HELD).exists() and other.hold():
                other.remove()
        return made

    def hold(self) -> bool:
        """Locks it for as long as this object lives; False if the process that made it still runs."""
        self._held = (self.path / _HELD).open("a")
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._held.close()
            return False
        return True

    @property
    def _postgres_port(self) -> Path:
        return self.path / "postgres.port"

    def postgres(self) -> PostgresServer:
        """The server, which the first process that needs it starts."""
        with locked(self.path / "postgres.lock"):
            (self.path / "postgres").mkdir(exist_ok=True)
            server = PostgresServer(self.path / "postgres")
            if self._postgres_port.exists():
                server.port = int(self._postgres_port.read_text())
            else:
                server.start()
                self._postgres_port.write_text(str(server.port))
        return server

    def remove(self) -> None:
        if self._postgres_port.exists():
            with suppress(subprocess.CalledProcessError):  # it has stopped already
                PostgresServer(self.path / "postgres").stop()
        shutil.rmtree(self.path, ignore_errors=True)
        self._held.close()
