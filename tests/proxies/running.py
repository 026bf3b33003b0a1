"""nginx and HAProxy on loopback with TLS, run from the files that docs/operate/deployment.md shows."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_PAGE = Path(__file__).parents[2] / "docs" / "operate" / "deployment.md"
_FILE = re.compile(r"^`(/etc/[^`]+)`\n\n```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
PROGRAMS = {name: shutil.which(name, path=_PATH) for name in ("nginx", "haproxy")}
_NGINX = """daemon off; pid {folder}/nginx.pid; error_log stderr; {user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/profiles.conf;
}}
"""
"""What Debian's own nginx.conf has around the files of conf.d."""


def documented() -> dict[str, str]:
    """The text of each file that the page shows, by its path."""
    return dict(_FILE.findall(_PAGE.read_text(encoding="utf-8")))


def certificate(folder: Path) -> None:
    """A certificate of this machine and its key, apart and in one file."""
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-keyout", f"{folder}/profiles.key", "-out", f"{folder}/profiles.crt"]
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run(["openssl", "req", "-x509", *key, *names, *files], check=True, capture_output=True)
    pair = [(folder / f"profiles.{kind}").read_text() for kind in ("crt", "key")]
    (folder / "profiles.pem").write_text("".join(pair))


def trusting(folder: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=folder / "profiles.crt")


@contextmanager
def running_proxy(name: str, server_port: int, folder: Path) -> Iterator[str]:
    """Runs until the end of the block. Yields the URL of its root."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    certificate(folder)
    for path, text in documented().items():
        here = text.replace("127.0.0.1:8000", f"127.0.0.1:{server_port}").replace("listen 443", f"listen 127.0.0.1:{port}")
        here = here.replace("bind :443", f"bind 127.0.0.1:{port}")
        (folder / Path(path).name).write_text(re.sub(r"/etc/(?:ssl|nginx)/", f"{folder}/", here))
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, user="user root;" if os.getuid() == 0 else ""))
    options = {"nginx": ["-c", f"{folder}/nginx.conf"], "haproxy": ["-db", "-f", f"{folder}/haproxy.cfg"]}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([str(PROGRAMS[name]), *options[name]], stdout=log, stderr=log)
    try:
        _wait_for(port, process, folder / "log")
        yield f"https://localhost:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(log.read_text())
        with closing(socket.socket()) as connection:
            if connection.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(log.read_text())
