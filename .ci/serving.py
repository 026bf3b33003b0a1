"""Starts a server by the given command line, reads its main pages as a person would, and stops it.

    python serving.py [--seconds N] [--then CHECK] COMMAND

bash runs COMMAND, one argument, in the current folder with PROFILES_PORT set to a free port, and CHECK while it serves.
The exit code is non-zero if the server is not ready within N seconds, a page is wrong, or SIGTERM doesn't end it with 0.
"""

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

STOP_SECONDS = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as response:  # noqa: S310 - always the loopback server started here
        body: bytes = response.read()
    if not body:
        raise SystemExit(f"{url} is empty")
    return body.decode()


def wait_until_ready(server: subprocess.Popen[bytes], base: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SystemExit(f"the server ended by itself with exit code {server.returncode}")
        try:
            fetch(f"{base}/health/ready")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"the server was not ready within {seconds:g} s")


def read_pages(base: str) -> None:
    companies = json.loads(fetch(f"{base}/v1/companies"))["items"]
    if not companies:
        raise SystemExit("a new database serves no company")
    fetch(f"{base}/")
    fetch(f"{base}/openapi.json")
    fetch(f"{base}/guide/api/overview")
    for page in ("/docs", "/redoc"):
        assets = re.findall(r"""(?:src|href)=["']([^"']+\.(?:js|css)(?:\?[^"']*)?)["']""", fetch(base + page))
        if not assets:
            raise SystemExit(f"{page} names no asset")
        for asset in assets:
            address = urljoin(base + page, asset)
            if not address.startswith(base):
                raise SystemExit(f"{page} loads {asset} from another host")
            fetch(address)
    sys.stdout.write(f"{len(companies)} companies, the docs and their assets served\n")


def served_process(shell: int) -> int:
    """The process that bash waits for, or bash's own number if it became the server."""
    children = Path(f"/proc/{shell}/task/{shell}/children").read_text().split()
    return int(children[0]) if children and Path(f"/proc/{shell}/comm").read_text() == "bash\n" else shell


def stop(server: subprocess.Popen[bytes]) -> None:
    os.kill(served_process(server.pid), signal.SIGTERM)
    code = server.wait(STOP_SECONDS)
    if code != 0:
        raise SystemExit(f"SIGTERM ended the server with exit code {code}, not 0")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--then", help="a further command, run while the server serves; it must exit 0")
    parser.add_argument("command")
    arguments = parser.parse_args()
    port = free_port()
    environment = os.environ | {"PROFILES_PORT": str(port)}
    server = subprocess.Popen(["bash", "-c", arguments.command], env=environment, stdin=subprocess.DEVNULL)
    try:
        wait_until_ready(server, f"http://127.0.0.1:{port}", arguments.seconds)
        read_pages(f"http://127.0.0.1:{port}")
        if arguments.then:
            subprocess.run(["bash", "-c", arguments.then], env=environment, check=True)
        stop(server)
    finally:
        if server.poll() is None:
            os.kill(served_process(server.pid), signal.SIGKILL)
            server.kill()


if __name__ == "__main__":
    main()
