"""Server processes on loopback, each started here and ended by its own process id."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from tests.programs import free_port

ROOT: Final = Path(__file__).parents[2]
START_SECONDS: Final = 120


class ServerFailed(Exception):
    """A server ended, or never answered; the message has the end of what it said."""


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    url: str
    process: subprocess.Popen[bytes]


def environment(settings: dict[str, str]) -> dict[str, str]:
    """The surroundings without any setting of this program's but the given ones."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PROFILES_")}
    # One of its libraries looks for the folder that this names when it is imported.
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"} | settings


def api_settings(database_url: str, **more: str) -> dict[str, str]:
    settings = {"database_url": database_url, "seed": "false", "log_level": "warning", **more}
    return {f"PROFILES_{name.upper()}": value for name, value in settings.items()}


@contextmanager
def serving(folder: Path, module: str, arguments: Sequence[str], settings: dict[str, str], ready: str) -> Iterator[Server]:
    """Runs ``python -m module`` from when it answers ``ready`` with 200 to the end of the block.

    ``{port}`` in an argument stands for the port to listen on. Raises ServerFailed.
    """
    port = free_port()
    log = folder / f"{module}-{port}.log"
    command = [sys.executable, "-m", module, *(argument.format(port=port) for argument in arguments)]
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, cwd=folder, env=environment(settings), stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
    server = Server(f"http://127.0.0.1:{port}", process)
    try:
        _wait(server, ready, log)
        yield server
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(30)


def _wait(server: Server, ready: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    status = 0
    with httpx.Client(base_url=server.url, timeout=START_SECONDS, trust_env=False) as client:
        while status == 0 and time.monotonic() < deadline and server.process.poll() is None:
            try:
                status = client.get(ready).status_code
            except httpx.TransportError:
                time.sleep(0.005)
    if status == 200:
        return
    said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise ServerFailed(f"{server.process.args!r} answered {ready} with {status or 'nothing'}: {said}")


def memory(process_id: int, field: str = "VmRSS") -> int:
    """Bytes that a process holds now, or with ``VmHWM`` held at most; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{process_id}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{field}:")), 0)


def workers_of(server: Server) -> list[int]:
    """The process ids of a server's workers, where they are processes of their own."""
    main = server.process.pid
    children = Path(f"/proc/{main}/task/{main}/children").read_text(encoding="utf-8").split()
    commands = {int(child): Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
    return [child for child, command in commands.items() if b"spawn_main" in command]


def processor_seconds(process_id: int) -> float:
    """What a process has used of the processors since it started."""
    fields = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
