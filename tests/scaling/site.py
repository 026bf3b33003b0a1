"""What clients of a site do: read from one of its machines, and write with a key."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import httpx

from tests.scaling.cluster import Cluster, Node, wait_until

COMPANIES = "/v1/companies?country=AQ"


@dataclass
class Machine:
    """A process of the API, and the servers in the order in which it asks them."""

    url: str
    order: Sequence[Node]

    @cached_property
    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30)

    def get(self, address: str, **headers: str) -> httpx.Response:
        """An underscore in the name of a header stands for a hyphen."""
        return self.client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def names(self, **headers: str) -> set[str]:
        """The names of both companies."""
        answer = self.get(COMPANIES, **headers)
        assert answer.status_code == 200, answer.text
        return names_in(answer)

    def reads_from_a_standby(self) -> bool:
        answer = self.get("/health/ready")
        return answer.status_code == 200 and answer.json()["read_from"] == "standby"

    def wait_for(self, name: str) -> None:
        """Until both companies are read under a name."""
        wait_until(lambda: self.names() == {name}, f"{name} is read from {self.url}")


def names_in(answer: httpx.Response) -> set[str]:
    return {item["name"] for item in answer.json()["items"]}


def revision_of(answer: httpx.Response) -> int:
    return int(answer.headers["profiles-revision"])


@dataclass
class Site:
    """A cluster, the machines before it, and a key for writing."""

    cluster: Cluster
    machines: Sequence[Machine]
    key: str
    written: dict[int, str] = field(default_factory=dict)
    """The name that both companies have at a revision, as it was acknowledged."""

    @property
    def authorization(self) -> str:
        return f"Bearer {self.key}"

    def send(self, machine: Machine, name: str) -> httpx.Response:
        """Gives both companies a name, in one transaction of two revisions."""
        lines = [json.dumps({"kind": "company", "slug": slug, "name": name, "country": "AQ"}) for slug in ("north", "south")]
        headers = {"Authorization": self.authorization, "Content-Type": "application/x-ndjson"}
        answer = machine.client.post("/v1/datasets", content="\n".join(lines), headers=headers)
        if answer.status_code == 200:
            self.written[revision_of(answer)] = name
        return answer

    def write(self, machine: Machine, name: str) -> int:
        """A change that works, and its revision."""
        answer = self.send(machine, name)
        assert answer.status_code == 200, answer.text
        return revision_of(answer)

    def reader_of(self, node: Node) -> Machine:
        """The machine that reads from a standby while all servers run."""
        standbys = self.cluster.standbys
        return next(machine for machine in self.machines if next(one for one in machine.order if one in standbys) is node)

    def wait_until_read_from_standbys(self) -> None:
        for machine in self.machines:
            wait_until(machine.reads_from_a_standby, "every machine reads from a standby")
