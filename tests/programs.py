"""Other programs that tests run: their files as the documentation shows them, free ports, and the wait until they listen."""

import re
import socket
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

SECONDS = 20
_SHOWN_FILE = re.compile(r"^`(/etc/[^`]+)`(?:(?!^```).)*?^```[a-z]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def shown_files(page: str) -> dict[str, str]:
    """The text of each file of ``/etc`` that a page of ``docs/operate`` shows, by its path: the block that follows its name."""
    path = Path(__file__).parents[1] / "docs" / "operate" / page
    return dict(_SHOWN_FILE.findall(path.read_text(encoding="utf-8")))


def free_ports(count: int) -> list[int]:
    """Different ports of loopback on which nothing listens."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def free_port() -> int:
    return free_ports(1)[0]


def wait_until_listening(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Returns when a process accepts connections. Fails with its log if it ends, or takes longer than 20 seconds."""
    deadline = time.monotonic() + SECONDS
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.02)
