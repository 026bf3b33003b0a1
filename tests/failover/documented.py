"""The configuration files of docs/operate/failover.md, with the addresses and paths of one machine in place of theirs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.programs import shown_files

NODES = {"a": "10.0.0.1", "b": "10.0.0.2", "c": "10.0.0.3"}
ETCD = "10.0.0.11"
_FOREIGN = re.compile(r"10\.0\.0\.\d+|/(?:etc|var|usr)/\S*")


def files() -> dict[str, str]:
    return shown_files("failover.md")


@dataclass(frozen=True)
class Places:
    """The folder and the ports of this machine. Each node has a port for PostgreSQL and one for Patroni."""

    folder: Path
    binaries: Path
    postgresql: Mapping[str, int]
    patroni: Mapping[str, int]
    etcd: int
    etcd_peers: int
    haproxy: int
    pgbouncer: int

    def patroni_of(self, node: str) -> str:
        """``patroni.yml`` of a node. The page shows that of ``a`` and says what to change on the others."""
        here, folder = "127.0.0.1", self.folder / node
        return self._put(
            files()["/etc/patroni/patroni.yml"],
            {
                "name: a\n": f"name: {node}\n",
                f"{NODES['a']}:8008": f"{here}:{self.patroni[node]}",
                f"{NODES['a']}:5432": f"{here}:{self.postgresql[node]}",
                f"{ETCD}:2379": f"{here}:{self.etcd}",
                "10.0.0.0/24": f"{here}/32",
                "/usr/lib/postgresql/18/bin": str(self.binaries),
                "/var/lib/postgresql/profiles": str(folder / "data"),
                "/var/lib/postgresql/pgpass": str(folder / "pgpass"),
            },
        )

    def etcd_environment(self) -> dict[str, str]:
        changes = {
            f"{ETCD}:2379": f"127.0.0.1:{self.etcd}",
            f"{ETCD}:2380": f"127.0.0.1:{self.etcd_peers}",
            "/var/lib/etcd/profiles": str(self.folder / "etcd" / "data"),
        }
        return _variables(self._put(files()["/etc/default/etcd"], changes))

    def haproxy_cfg(self) -> str:
        checks = {
            f"{NODES[node]}:5432 check port 8008": f"127.0.0.1:{self.postgresql[node]} check port {self.patroni[node]}"
            for node in NODES
        }
        return self._put(files()["/etc/haproxy/haproxy.cfg"], {"bind 127.0.0.1:5000": f"bind 127.0.0.1:{self.haproxy}"} | checks)

    def pgbouncer_ini(self, users: Path) -> str:
        changes = {
            "port=5000": f"port={self.haproxy}",
            "listen_port = 6432": f"listen_port = {self.pgbouncer}",
            "/etc/pgbouncer/userlist.txt": str(users),
        }
        return self._put(files()["/etc/pgbouncer/pgbouncer.ini"], changes)

    def program(self, name: str) -> dict[str, str]:
        """The settings of the program, ``pooled`` or ``direct``, without the prefix of their names."""
        nodes = {f"{NODES[node]}:5432": f"127.0.0.1:{self.postgresql[node]}" for node in NODES}
        pooler = {"127.0.0.1:6432": f"127.0.0.1:{self.pgbouncer}"} if name == "pooled" else {}
        found = _variables(self._put(files()[f"/etc/company-profiles/{name}.env"], nodes | pooler))
        return {name.removeprefix("PROFILES_").lower(): value for name, value in found.items()}

    def _put(self, text: str, changes: Mapping[str, str]) -> str:
        """A text with each change made. Nothing of the page's own places may be left."""
        for before in changes:
            assert before in text, f"the page no longer has {before!r}"
        one_of = re.compile("|".join(map(re.escape, sorted(changes, key=len, reverse=True))))
        left = one_of.sub("", text)
        assert not (found := _FOREIGN.findall(left)), f"not of this machine: {found}"
        return one_of.sub(lambda match: changes[match[0]], text)


def _variables(text: str) -> dict[str, str]:
    return dict(_pairs(text))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        name, _, value = line.partition("=")
        yield name, value


def statements() -> list[str]:
    """Those that create the role and the database."""
    return [line for line in files()["/etc/patroni/roles.sql"].split(";\n") if line.strip()]
