"""The site of docs/operate/failover.md on this machine: etcd, three Patroni nodes, HAProxy, PgBouncer, and the program twice."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psycopg

from tests.cli.processes import serving
from tests.failover.documented import NODES, Places, files, statements
from tests.postgresql import PostgresServer, memory_folder
from tests.programs import free_ports
from tests.scaling.cluster import SECONDS, wait_until

_USER = "nobody" if os.geteuid() == 0 else None
"""PostgreSQL and PgBouncer refuse to run as root."""
_PROGRAMS = {"etcd": "etcd-server", "haproxy": "haproxy", "pgbouncer": "pgbouncer"}
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


class Missing(Exception):
    """A program that is not installed."""


def _program(name: str) -> str:
    found = shutil.which(name, path=_PATH)
    if found is None:
        raise Missing(f"install Debian's package {_PROGRAMS[name]}")
    return found


def _python() -> tuple[str, str]:
    """A Python that the servers' user may run, and where it finds Patroni."""
    patroni = find_spec("patroni")
    if patroni is None or patroni.origin is None:
        raise Missing("install tests/failover/requirements.txt with pip")
    modules = str(Path(patroni.origin).parents[1])
    version = f"python3.{sys.version_info.minor}"
    for python in (sys.executable, *(f"{folder}/{version}" for folder in ("/usr/local/bin", "/usr/bin"))):
        with suppress(OSError, subprocess.CalledProcessError):
            check = [python, "-c", "import patroni.__main__, psycopg"]
            subprocess.run(check, check=True, user=_USER, cwd="/", env={"PYTHONPATH": modules}, capture_output=True)
            return python, modules
    raise Missing(f"no {version} that {_USER} may run")


class Part:
    """A program of the site, with a folder of its own. It can be stopped, killed and frozen."""

    def __init__(self, folder: Path, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._command = command
        self._environment = {"PATH": _PATH, "HOME": str(folder), "LANG": "C.UTF-8", **environment}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command, user=_USER, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd="/", env=self._environment
            )

    def processes(self) -> list[int]:
        """The first starts the others."""
        return [] if self._process is None else [self._process.pid]

    def send(self, number: signal.Signals) -> None:
        """Twice: what the first round stopped starts no others."""
        for process in (pid for _ in range(2) for pid in self.processes()):
            with suppress(ProcessLookupError):
                os.kill(process, number)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        self.send(signal.SIGSTOP)
        try:
            yield
        finally:
            self.send(signal.SIGCONT)

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        self._wait()

    def stop(self) -> None:
        self.send(signal.SIGCONT)
        if self._process is not None:
            self._process.terminate()
            self._wait()

    def _wait(self) -> None:
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(SECONDS)


class Node(Part):
    """Patroni and the PostgreSQL that it runs."""

    def __init__(self, name: str, places: Places, python: str, modules: str) -> None:
        self.name = name
        self.port = places.postgresql[name]
        self.patroni = f"http://127.0.0.1:{places.patroni[name]}"
        folder = made(places.folder / name)
        file = folder / "patroni.yml"
        file.write_text(places.patroni_of(name), encoding="utf-8")
        super().__init__(folder, [python, "-m", "patroni", str(file)], {"PYTHONPATH": modules})

    def processes(self) -> list[int]:
        found = super().processes()
        with suppress(OSError, ValueError, IndexError):
            main = int((self._folder / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])
            children = Path(f"/proc/{main}/task/{main}/children").read_text(encoding="ascii").split()
            found += [main, *map(int, children)]
        return found

    def is_(self, role: str) -> bool:
        """What Patroni says: ``primary``, ``replica``, ``quorum``."""
        with suppress(httpx.HTTPError):
            return httpx.get(f"{self.patroni}/{role}", timeout=1).status_code == 200
        return False

    def execute(self, statement: str, database: str = "postgres") -> None:
        url = f"postgresql://postgres:change-me@127.0.0.1:{self.port}/{database}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement.encode())


def made(folder: Path) -> Path:
    """A folder of the servers' user."""
    folder.mkdir()
    if _USER is not None:
        account = pwd.getpwnam(_USER)
        os.chown(folder, account.pw_uid, account.pw_gid)
    return folder


class Site:
    """All parts. ``urls`` are those of the program: ``pooled`` and ``direct``."""

    def __init__(self, folder: Path) -> None:
        ports = iter(free_ports(2 * len(NODES) + 4))
        binaries = PostgresServer(folder).binaries
        postgresql, patroni = ({node: next(ports) for node in NODES} for _ in range(2))
        self.places = places = Places(folder, binaries, postgresql, patroni, *ports)
        python, modules = _python()
        self.etcd = Part(made(folder / "etcd"), [_program("etcd")], places.etcd_environment())
        self.nodes = [Node(name, places, python, modules) for name in NODES]
        self.haproxy = self._configured("haproxy", "haproxy.cfg", places.haproxy_cfg(), "-db", "-f")
        users = made(folder / "pgbouncer") / "userlist.txt"
        users.write_text(files()["/etc/pgbouncer/userlist.txt"], encoding="utf-8")
        self.pgbouncer = self._configured("pgbouncer", "pgbouncer.ini", places.pgbouncer_ini(users))
        self.urls: dict[str, str] = {}

    def _configured(self, program: str, name: str, text: str, *options: str) -> Part:
        folder = self.places.folder / program
        if not folder.exists():
            made(folder)
        (folder / name).write_text(text, encoding="utf-8")
        return Part(folder, [_program(program), *options, str(folder / name)], {})

    @property
    def primary(self) -> Node:
        wait_until(lambda: any(node.is_("primary") for node in self.nodes), "a primary")
        return next(node for node in self.nodes if node.is_("primary"))

    @property
    def standbys(self) -> list[Node]:
        primary = self.primary
        return [node for node in self.nodes if node is not primary]

    def wait_until_whole(self) -> None:
        """Until one node is the primary and both others are standbys that it waits for."""
        wait_until(lambda: sum(node.is_("primary") for node in self.nodes) == 1, "one primary")
        wait_until(lambda: sum(node.is_("quorum") for node in self.nodes) == len(NODES) - 1, "two standbys that are waited for")

    @contextmanager
    def running(self) -> Iterator[None]:
        with ExitStack() as stack:
            for part in (self.etcd, *self.nodes, self.haproxy, self.pgbouncer):
                stack.callback(part.stop)
                part.start()
                if part is self.nodes[0]:
                    wait_until(lambda: self.nodes[0].is_("primary"), f"the first node: see {self.places.folder}")
            self.wait_until_whole()
            for statement in statements():
                self.primary.execute(statement)
            for name in ("direct", "pooled"):
                settings = self.places.program(name)
                served = stack.enter_context(serving(made(self.places.folder / name), **settings))
                self.urls[name] = served.url
                wait_until(partial(_is_ready, served.url), f"{name} is ready")
            yield


def _is_ready(url: str) -> bool:
    """Whether its workers respond, of which the kernel chooses one for each connection."""
    with suppress(httpx.HTTPError):
        return all(httpx.get(f"{url}/health/ready", timeout=5).status_code == 200 for _ in range(10))
    return False


@contextmanager
def running_site() -> Iterator[Site]:
    with TemporaryDirectory(prefix="company-profiles-", dir=memory_folder(), ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        site = Site(folder)
        with site.running():
            yield site
