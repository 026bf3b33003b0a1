"""What happens to a site, one fault after the other, while clients write and read."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from tests.failover.clients import Clients, Noted, first_success, longest_pause
from tests.failover.site import Node, Site
from tests.scaling.cluster import wait_until

BEFORE, AFTER = 3.0, 8.0
AWAY = 30.0
"""Seconds of what ends by itself: a frozen standby, an etcd that is away."""


@dataclass(frozen=True)
class Figures:
    """What clients of one route saw of a fault. Times are in seconds; None where no other node was promoted."""

    fault: str
    route: str
    promoted: float | None
    writes_away: float
    writes_back: float | None
    reads_away: float
    longest: float
    responses: int
    refused: int


def switch_over(site: Site) -> None:
    primary, candidate = site.primary, site.standbys[0]
    body = {"leader": primary.name, "candidate": candidate.name}
    httpx.post(f"{primary.patroni}/switchover", json=body, timeout=60).raise_for_status()


def kill_the_primary(site: Site) -> None:
    primary = site.primary
    primary.kill()
    _wait_for_another(site, primary)
    time.sleep(AFTER)
    primary.start()


def freeze_the_primary(site: Site) -> None:
    primary = site.primary
    with primary.frozen():
        _wait_for_another(site, primary)
        time.sleep(AFTER)


def freeze_a_standby(site: Site) -> None:
    """That from which the program reads: the first in its URL."""
    with site.standbys[0].frozen():
        time.sleep(AWAY)


def stop_etcd(site: Site) -> None:
    site.etcd.kill()
    time.sleep(AWAY)
    site.etcd.start()


FAULTS: dict[str, Callable[[Site], None]] = {
    "switchover": switch_over,
    "`kill -9` of the primary": kill_the_primary,
    "frozen primary": freeze_the_primary,
    "frozen standby": freeze_a_standby,
    "etcd away": stop_etcd,
}


def _wait_for_another(site: Site, primary: Node) -> None:
    others = [node for node in site.nodes if node is not primary]
    wait_until(lambda: any(node.is_("primary") for node in others), "another primary")


class _Promotion:
    """Notes when another node is the primary. It asks the standbys only: a frozen node does not answer."""

    def __init__(self, site: Site) -> None:
        self._standbys = site.standbys
        self.at: float | None = None
        self.is_over = False

    def watch(self) -> None:
        while not self.is_over and self.at is None:
            if any(node.is_("primary") for node in self._standbys):
                self.at = time.monotonic()
            time.sleep(0.05)


def run(site: Site, clients: Clients, fault: str) -> list[Figures]:
    """One fault from a site that is whole to one that is whole again. What the clients saw, for each route."""
    clients.noted.clear()
    promotion = _Promotion(site)
    watcher = threading.Thread(target=promotion.watch)
    with clients.working():
        time.sleep(BEFORE)
        watcher.start()
        at = time.monotonic()
        FAULTS[fault](site)
        site.wait_until_whole()
        time.sleep(AFTER)
    promotion.is_over = True
    watcher.join()
    return [
        _figures(fault, route, [one for one in clients.noted if one.route == route], at, promotion.at) for route in clients.urls
    ]


def _figures(fault: str, route: str, noted: list[Noted], at: float, promoted: float | None) -> Figures:
    writes, reads = ([one for one in noted if one.kind == kind] for kind in ("write", "read"))
    return Figures(
        fault=fault,
        route=route,
        promoted=None if promoted is None else promoted - at,
        writes_away=longest_pause(writes, at),
        writes_back=None if promoted is None else first_success(writes, promoted),
        reads_away=longest_pause(reads, at),
        longest=max(one.ended - one.started for one in noted),
        responses=len(noted),
        refused=sum(one.status == 503 for one in noted),
    )
