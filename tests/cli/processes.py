"""The commands as processes of their own, in a folder of the test's own and with no setting but the given ones."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS = 60
_ADDRESS = re.compile(r"Docs +(http://\S+)/docs")


def environment(settings: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PROFILES_")}
    given = {f"PROFILES_{name.upper()}": value for name, value in settings.items()}
    return kept | {"PYTHONPATH": str(ROOT)} | given


def start(folder: Path, *arguments: str, **settings: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "app", *arguments],
        cwd=folder,
        env=environment(settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def run(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
    process = start(folder, *arguments, **settings)
    output, messages = process.communicate(timeout=SECONDS)
    return subprocess.CompletedProcess(process.args, process.returncode, output, messages)


@dataclass
class Serving:
    """A server under way: where it answers, and all that it has said."""

    process: subprocess.Popen[bytes]
    log: Path
    url: str = ""

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_for_address(self) -> None:
        deadline = time.monotonic() + SECONDS
        while not (found := _ADDRESS.search(self.said)):
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.02)
        self.url = found[1]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(SECONDS)


@contextmanager
def serving(folder: Path, *arguments: str, program: Sequence[str] = ("-m", "app"), **settings: str) -> Iterator[Serving]:
    """``serve`` on a free port, from when it has said its address to the end of the block."""
    log = folder / "serve.log"
    with log.open("wb") as messages:
        process = subprocess.Popen(
            [sys.executable, *program, "serve", "--port", "0", *arguments],
            cwd=folder,
            env=environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=messages,
            stderr=messages,
        )
    try:
        served = Serving(process, log)
        served.wait_for_address()
        yield served
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(SECONDS)
