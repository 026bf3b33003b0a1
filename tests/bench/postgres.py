"""A PostgreSQL whose data stays in a folder from one run of the bench to the next."""

import os
import pwd
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psycopg

from tests.postgresql import PostgresServer

SETTINGS: Final = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB",
    "max_connections": "200",
    # Only writes wait for the disk, and what the bench reads is written before.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
"""Beside these, PostgreSQL's own."""
DURABLE: Final = {name: value for name, value in SETTINGS.items() if value != "off"}
"""The same for writes, which do wait for the disk."""
_INITDB = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres", "--no-sync")


class KeptPostgres(PostgresServer):
    """A server on data that may be there already."""

    def __init__(self, binaries: Path, data: Path, settings: Mapping[str, str]) -> None:
        super().__init__(binaries)
        self._settings = settings
        self._data = data
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._user:
            account = pwd.getpwnam(self._user)
            os.chown(data, account.pw_uid, account.pw_gid)

    def start(self) -> None:
        if not (self._data / "PG_VERSION").exists():
            self._run("initdb", *_INITDB)
        here = {"port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        options = " ".join(f"-c {name}={value}" for name, value in {**self._settings, **here}.items())
        self._run("pg_ctl", "start", "--wait", "--timeout=600", "--options", options, "--log", str(self._data / "log"))

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "stop", "--wait", "--timeout=600", f"--mode={mode}")

    def execute(self, statement: str) -> list[tuple[object, ...]]:
        """Runs a statement outside any transaction, such as one that makes or drops a database."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def databases(self) -> set[str]:
        return {str(name) for (name,) in self.execute("SELECT datname FROM pg_database")}


@contextmanager
def kept_postgres(data: Path, settings: Mapping[str, str] = SETTINGS) -> Iterator[KeptPostgres]:
    """Runs to the end of the block."""
    with TemporaryDirectory(prefix="company-profiles-") as binaries:
        server = KeptPostgres(Path(binaries), data, settings)
        server.start()
        try:
            yield server
        finally:
            try:
                server.stop()
            except subprocess.CalledProcessError as error:
                raise RuntimeError(f"PostgreSQL did not stop; see {data / 'log'}") from error
