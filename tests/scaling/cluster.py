"""A PostgreSQL primary with two streaming standbys on loopback, of which any may be stopped, killed or promoted."""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from tests.postgresql import PostgresServer

SECONDS = 60
_SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=remote_apply",
    "hot_standby_feedback=on",
    "max_standby_streaming_delay=100ms",
    "wal_retrieve_retry_interval=200ms",
    "wal_keep_size=64MB",
    "max_connections=100",
    "shared_buffers=32MB",
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
)
NAME = "profiles"


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Waits for what must come to hold, generously."""
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.05)


class Node(PostgresServer):
    """One server of the cluster."""

    def start_again(self) -> None:
        options = " ".join(f"-c {setting}" for setting in (*_SETTINGS, f"port={self.port}"))
        self._run("pg_ctl", "start", "--wait", "--options", options, "--log", str(self._data / "log"))

    def clear(self) -> None:
        """Deletes its data; the folder stays, since the server's user may not make it."""
        for path in self._data.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()

    def configure(self, **settings: str) -> None:
        """Writes settings that hold from the next start or reload on."""
        with (self._data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    def reload(self) -> None:
        self._run("pg_ctl", "reload")

    def start_as_standby_of(self, primary: PostgresServer, conninfo: str) -> None:
        """Copies the primary and follows it, or whichever server is in its place by then."""
        source = f"host=127.0.0.1 port={primary.port} user=postgres"
        self._run("pg_basebackup", "--dbname", source, "--checkpoint=fast", "--no-sync", "--write-recovery-conf")
        self.configure(primary_conninfo=conninfo, synchronous_standby_names="ANY 1 (*)")
        self.start_again()

    def promote(self) -> None:
        self._run("pg_ctl", "promote", "--wait")

    @property
    def is_running(self) -> bool:
        return (self._data / "postmaster.pid").exists()

    def execute(self, statement: str, name: str = NAME) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    @property
    def is_receiving(self) -> bool:
        return bool(self.execute("SELECT 1 FROM pg_stat_wal_receiver WHERE status = 'streaming'"))

    def received(self) -> int:
        """How far the log of the primary has come."""
        return int(str(self.execute("SELECT pg_last_wal_receive_lsn() - '0/0'::pg_lsn")[0][0]))

    @property
    def is_sleeping(self) -> bool:
        """Whether a query asked it to sleep."""
        return bool(self.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"))

    @property
    def is_asked(self) -> bool:
        """Whether the application has connections to it."""
        return bool(self.execute("SELECT 1 FROM pg_stat_activity WHERE application_name = 'company-profiles'"))


class Cluster:
    """Three servers; the first is the primary at the start. ``remote_apply``: what is acknowledged is seen on a standby."""

    def __init__(self, folder: Path) -> None:
        self.nodes: Sequence[Node] = [Node(self._folder(folder, name)) for name in ("a", "b", "c")]
        self.primary, *self.standbys = self.nodes

    @staticmethod
    def _folder(parent: Path, name: str) -> Path:
        folder = parent / name
        folder.mkdir()
        return folder

    def start(self) -> None:
        self.primary.start()
        self.primary.create_database(NAME)
        for standby in self.standbys:
            standby.start_as_standby_of(self.primary, self._conninfo)
        self.primary.configure(synchronous_standby_names="ANY 1 (*)")
        self.primary.reload()

    @property
    def _conninfo(self) -> str:
        """Whichever server is the primary."""
        hosts, ports = ",".join("127.0.0.1" for _ in self.nodes), ",".join(str(node.port) for node in self.nodes)
        return f"host={hosts} port={ports} user=postgres target_session_attrs=read-write"

    def url(self, nodes: Sequence[Node], options: str = "") -> str:
        """One URL for several servers, as libpq takes it."""
        return f"postgresql://postgres@{','.join(f'127.0.0.1:{node.port}' for node in nodes)}/{NAME}{options}"

    def wait_for_standbys(self) -> None:
        """Until both follow the primary."""
        streaming = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
        wait_until(lambda: self.primary.execute(streaming) == [(2,)], "both standbys follow")

    def fail_over(self) -> Node:
        """Promotes the standby that has more of the primary's log, after the primary is gone; the other follows it."""
        wait_until(lambda: not any(node.is_receiving for node in self.standbys), "what was sent has arrived")
        chosen, other = sorted(self.standbys, key=Node.received, reverse=True)
        chosen.promote()
        self.primary, self.standbys = chosen, [other]
        return chosen

    def rejoin(self, node: Node) -> None:
        """A former primary comes back as a standby, from a new copy: it may hold what the others never got."""
        node.clear()
        node.start_as_standby_of(self.primary, self._conninfo)
        self.standbys = [*self.standbys, node]


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Runs to the end of the block."""
    # Not under pytest's own folder, which only its user may enter: the servers may run as another one.
    with TemporaryDirectory(prefix="company-profiles-") as folder:
        Path(folder).chmod(0o755)
        cluster = Cluster(Path(folder))
        cluster.start()
        try:
            yield cluster
        finally:
            for node in cluster.nodes:
                if node.is_running:
                    node.stop()
