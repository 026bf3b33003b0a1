"""nginx and HAProxy on loopback with TLS, run from the files that docs/operate/deployment.md shows."""

import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.programs import free_port, shown_files, wait_until_listening

PAGE = "deployment.md"
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
    port = free_port()
    certificate(folder)
    for path, text in shown_files(PAGE).items():
        here = text.replace("127.0.0.1:8000", f"127.0.0.1:{server_port}").replace("listen 443", f"listen 127.0.0.1:{port}")
        here = here.replace("bind :443", f"bind 127.0.0.1:{port}")
        (folder / Path(path).name).write_text(re.sub(r"/etc/(?:ssl|nginx)/", f"{folder}/", here))
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, user="user root;" if os.getuid() == 0 else ""))
    options = {"nginx": ["-c", f"{folder}/nginx.conf"], "haproxy": ["-db", "-f", f"{folder}/haproxy.cfg"]}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([str(PROGRAMS[name]), *options[name]], stdout=log, stderr=log)
    try:
        wait_until_listening(port, process, folder / "log")
        yield f"https://localhost:{port}"
    finally:
        process.terminate()
        process.wait(10)
