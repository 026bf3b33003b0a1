"""PgBouncer on loopback, in front of a PostgreSQL server, from Debian's package ``pgbouncer``."""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.programs import free_port, wait_until_listening

SECONDS = 20
PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
_UNPRIVILEGED = "nobody"
"""PgBouncer refuses to run as root."""


def version() -> tuple[int, ...]:
    """Of the installed program."""
    if PROGRAM is None:
        return ()
    output = subprocess.run([PROGRAM, "--version"], check=True, capture_output=True, text=True).stdout
    found = re.search(r"PgBouncer (\d+)\.(\d+)", output)
    return tuple(int(part) for part in found.groups()) if found else ()


@contextmanager
def running_pgbouncer(server_port: int, **settings: str) -> Iterator[str]:
    """Runs until the end of the block. Yields what stands before the database's name in a URL."""

    def configuration(port: int, _folder: Path) -> str:
        written = {
            "listen_addr": "127.0.0.1",
            "listen_port": str(port),
            "unix_socket_dir": "",
            "auth_type": "any",
            "pool_mode": "transaction",
            "default_pool_size": "4",
            "log_connections": "0",
            "log_disconnections": "0",
            **settings,
        }
        lines = [f"{key} = {value}" for key, value in written.items()]
        databases = f"* = host=127.0.0.1 port={server_port} user=postgres"
        return "\n".join(["[databases]", databases, "[pgbouncer]", *lines, ""])

    with running_pgbouncer_with(configuration) as port:
        yield f"postgresql://postgres@127.0.0.1:{port}"


@contextmanager
def running_pgbouncer_with(configuration: Callable[[int, Path], str]) -> Iterator[int]:
    """Runs with the text of pgbouncer.ini that belongs to a port and a folder, until the end of the block. Yields the port."""
    assert PROGRAM is not None
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="company-profiles-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        file = folder / "pgbouncer.ini"
        file.write_text(configuration(port, folder), encoding="utf-8")
        user = pwd.getpwnam(_UNPRIVILEGED).pw_uid if os.geteuid() == 0 else None
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([PROGRAM, str(file)], user=user, stdout=log, stderr=log, cwd="/")
        try:
            wait_until_listening(port, process, folder / "log")
            yield port
        finally:
            process.terminate()
            process.wait(SECONDS)
