"""What the processes of one test run share: a folder, in memory if it has room, a PostgreSQL server and template databases."""

import fcntl
import os
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
    """Excludes the other processes until the end of the block."""
    with file.open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def once(file: Path, make: Callable[[], str]) -> str:
    """Calls ``make`` in the first process that needs its result, and passes the result to the others in the file."""
    with locked(file.with_suffix(".lock")):
        if not file.exists():
            file.write_text(make(), encoding="utf-8")
        return file.read_text(encoding="utf-8")


class SharedFolder:
    """The folder of a run. The main process creates and removes it; the workers of pytest-xdist receive its path."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def make(cls) -> "SharedFolder":
        """Creates a folder, and removes those of killed runs, which would fill the memory."""
        made = cls(Path(tempfile.mkdtemp(prefix=_PREFIX, dir=memory_folder())))
        made.path.chmod(0o755)  # PostgreSQL may run as another user
        made.hold()
        if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):  # otherwise each of the many processes compiles the program again
            os.environ["PYTHONPYCACHEPREFIX"] = str(made.path / "bytecode")
        for path in made.path.parent.glob(f"{_PREFIX}*"):
            other = cls(path)
            if (path / _HELD).exists() and other.hold():
                other.remove()
        return made

    def hold(self) -> bool:
        """Locks the folder while this object lives. Returns False if the process that created it still runs."""
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
        """The server. The first process that needs it starts it."""
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
            with suppress(subprocess.CalledProcessError):  # it is not running
                PostgresServer(self.path / "postgres").stop()
        shutil.rmtree(self.path, ignore_errors=True)
        self._held.close()
