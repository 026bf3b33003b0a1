"""kill -9 of a command at a moment of its run."""

import subprocess
import time
from pathlib import Path

from tests.cli.processes import run, start


def seconds_of(folder: Path, *arguments: str, database_url: str) -> float:
    """How long a command takes that is not killed."""
    began = time.monotonic()
    ended = run(folder, *arguments, database_url=database_url)
    assert ended.returncode == 0, ended.stderr.decode()
    return time.monotonic() - began


def killed(folder: Path, *arguments: str, after: float, database_url: str) -> bool:
    """Starts a command and kills it so many seconds later. False if it had succeeded by then."""
    process = start(folder, *arguments, database_url=database_url)
    try:
        _, messages = process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return True
    assert process.returncode == 0, messages.decode()
    return False
