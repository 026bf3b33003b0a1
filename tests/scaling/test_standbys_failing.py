"""Servers stop, are killed and replaced; the machines go on, and nothing that was acknowledged is lost."""

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from tests.scaling.cluster import wait_until
from tests.scaling.site import COMPANIES, Machine, Site, names_in, revision_of

pytestmark = pytest.mark.slow


@dataclass
class Reader(threading.Thread):
    """Reads one list from one machine all the time: the revision and the names of each answer, and what failed."""

    machine: Machine
    ended: threading.Event
    answers: list[tuple[int, frozenset[str]]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        with httpx.Client(base_url=self.machine.url, timeout=30) as client:
            while not self.ended.is_set():
                answer = client.get(COMPANIES)
                if answer.status_code == 200:
                    self.answers.append((revision_of(answer), frozenset(names_in(answer))))
                else:
                    self.failures.append(answer.text)
                time.sleep(0.005)


@dataclass
class Writer(threading.Thread):
    """Gives both companies one name after the other, each until it is acknowledged, through all machines in turn."""

    site: Site
    ended: threading.Event
    acknowledged: int = 0
    refusals: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        machines = itertools.cycle(self.site.machines)
        while not self.ended.is_set():
            answer = self.site.send(next(machines), f"Name {self.acknowledged + 1}")
            if answer.status_code == 200:
                self.acknowledged += 1
            else:
                self.refusals.append(answer.status_code)
                time.sleep(0.1)

    def wait_for_more(self) -> None:
        """Until writes go on."""
        reached = self.acknowledged
        wait_until(lambda: self.acknowledged > reached + 2, "writes go on")


@contextmanager
def busy(site: Site) -> Iterator[tuple[Writer, list[Reader]]]:
    """The site with a writer and a reader of each machine, who stop at the end of the block."""
    site.write(site.machines[0], "Name 0")
    for machine in site.machines:
        machine.wait_for("Name 0")
    ended = threading.Event()
    writer, readers = Writer(site, ended), [Reader(machine, ended) for machine in site.machines]
    for thread in (writer, *readers):
        thread.start()
    try:
        writer.wait_for_more()
        yield writer, readers
    finally:
        ended.set()
        for thread in (writer, *readers):
            thread.join()


def require_right_answers(site: Site, readers: list[Reader]) -> None:
    """Each answer is whole, and is what its revision left; every reader saw many."""
    for reader in readers:
        assert reader.failures == []
        assert len({revision for revision, _ in reader.answers}) > 2
        assert {len(names) for _, names in reader.answers} == {1}
        known = [(revision, names) for revision, names in reader.answers if revision in site.written]
        assert known
        assert all(names == {site.written[revision]} for revision, names in known)


def test_while_all_is_well_answers_are_whole_and_never_go_back(site: Site) -> None:
    with busy(site) as (writer, readers):
        for _ in range(5):
            writer.wait_for_more()

    require_right_answers(site, readers)
    assert writer.refusals == []
    for reader in readers:
        revisions = [revision for revision, _ in reader.answers]
        assert revisions == sorted(revisions)


def test_a_standby_that_stops_is_not_noticed_and_is_read_from_again(site: Site) -> None:
    node = site.cluster.standbys[0]
    with busy(site) as (writer, readers):
        node.stop()
        writer.wait_for_more()
        node.start_again()
        wait_until(lambda: node.is_asked, "the standby is read from again")
        writer.wait_for_more()

    require_right_answers(site, readers)
    assert writer.refusals == []


def test_without_a_standby_the_primary_answers(site: Site) -> None:
    site.write(site.machines[0], "Kept")
    for node in site.cluster.standbys:
        node.stop()
    reported = [machine.get("/health/ready").json() for machine in site.machines]
    names = [machine.names() for machine in site.machines]
    for node in site.cluster.standbys:
        node.start_again()

    assert [answer["read_from"] for answer in reported] == ["primary"] * 3
    assert names == [{"Kept"}] * 3


def test_without_any_server_it_is_said_when_to_come_again(site: Site) -> None:
    site.write(site.machines[0], "Kept")
    for node in site.cluster.nodes:
        node.stop()
    answers = [machine.get(address) for machine in site.machines for address in (COMPANIES, "/v1/stats", "/health/ready")]
    site.cluster.primary.start_again()
    for node in site.cluster.standbys:
        node.start_again()

    assert [(answer.status_code, answer.headers.get("retry-after")) for answer in answers] == [(503, "2")] * 9
    for machine in site.machines:
        machine.wait_for("Kept")


def test_a_standby_takes_the_place_of_a_killed_primary_and_nothing_acknowledged_is_lost(site: Site) -> None:
    killed = site.cluster.primary
    with busy(site) as (writer, readers):
        killed.stop()
        reported = [machine.get("/health/ready") for machine in site.machines]
        read = [len(reader.answers) for reader in readers]
        wait_until(lambda: all(len(reader.answers) > n for reader, n in zip(readers, read, strict=True)), "reads go on")
        acknowledged = writer.acknowledged
        site.cluster.fail_over()
        writer.wait_for_more()
        survived = {name for (name,) in site.cluster.primary.execute("SELECT document::json ->> 'name' FROM revisions")}
        site.cluster.rejoin(killed)
        writer.wait_for_more()

    assert [(answer.status_code, answer.json()["primary_revision"]) for answer in reported] == [(200, None)] * 3
    assert all(answer.json()["cannot_write"].startswith("The primary is unavailable. ") for answer in reported)
    assert {f"Name {number}" for number in range(acknowledged + 1)} <= survived
    require_right_answers(site, readers)
    assert set(writer.refusals) <= {503}
    site.write(site.machines[0], "Name at last")
    for machine in site.machines:
        machine.wait_for("Name at last")
