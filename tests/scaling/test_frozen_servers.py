"""Servers that are paused, not stopped: a standby is left for the next server, a primary for the one that is promoted."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from app.auth.key import Scope
from app.auth.queries import create_key
from app.operations.migrate import migrate
from app.values.dates import now
from tests.cli.processes import Serving, serving
from tests.faults.wholeness import opened
from tests.scaling.cluster import NAME, Node, wait_until

pytestmark = pytest.mark.slow

LONGEST = 15.0
"""Seconds. What is promised is a third of it; other tests may run beside this one."""


@pytest.fixture
def pair() -> Iterator[tuple[Node, Node]]:
    """A primary and a standby that follows it without being waited for."""
    with TemporaryDirectory(prefix="company-profiles-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        for part in ("a", "b"):
            (folder / part).mkdir()
        primary, standby = Node(folder / "a"), Node(folder / "b")
        primary.start()
        try:
            primary.create_database(NAME)
            standby.start_as_standby_of(primary, f"host=127.0.0.1 port={primary.port} user=postgres")
            standby.configure(synchronous_standby_names="")
            standby.reload()
            yield primary, standby
        finally:
            for node in (primary, standby):
                if node.is_running:
                    node.stop()


def url_of(*nodes: Node) -> str:
    return f"postgresql://postgres@{','.join(f'127.0.0.1:{node.port}' for node in nodes)}/{NAME}"


def prepared(*nodes: Node) -> dict[str, str]:
    """A database with the schema, and the header of a key that may write."""
    with opened(url_of(*nodes)) as database:
        migrate(database)
        with database.writing() as connection:
            at = now().replace(microsecond=0)
            key = create_key(connection, name="newsroom", scopes=[Scope.WRITE], expires_at=None, now=at)
    return {"Authorization": f"Bearer {key.text}"}


def client_of(served: Serving) -> httpx.Client:
    return httpx.Client(base_url=served.url, timeout=60)


def seconds_until_it_works(send: httpx.Request, client: httpx.Client, status: int) -> float:
    started = time.monotonic()
    wait_until(lambda: client.send(send).status_code == status, f"{send.method} works")
    return time.monotonic() - started


def test_a_frozen_standby_is_left_and_read_from_again(pair: tuple[Node, Node], tmp_path: Path) -> None:
    primary, standby = pair
    prepared(primary)
    with serving(tmp_path, database_url=url_of(primary), read_url=url_of(standby)) as served, client_of(served) as client:
        wait_until(lambda: client.get("/health/ready").json().get("read_from") == "standby", "the standby is read from")
        addresses = ["/v1/companies", "/v1/companies?limit=3", "/v1/stats", "/health/ready"] * 5
        assert {client.get(address).status_code for address in addresses} == {200}
        with standby.frozen(), ThreadPoolExecutor() as threads:
            started = time.monotonic()
            statuses = {answer.status_code for answer in threads.map(client.get, addresses)}
            took = time.monotonic() - started
            started = time.monotonic()
            statuses |= {client.get("/v1/companies").status_code for _ in range(20)}
            took_afterwards = time.monotonic() - started
        wait_until(lambda: client.get("/health/ready").json()["read_from"] == "standby", "the standby is read from again")

    assert statuses == {200}
    assert took < LONGEST
    assert took_afterwards < LONGEST


def test_a_frozen_primary_is_left_when_another_is_promoted(pair: tuple[Node, Node], tmp_path: Path) -> None:
    primary, standby = pair
    key = prepared(primary)
    with (
        serving(tmp_path, database_url=url_of(primary, standby)) as served,
        client_of(served) as client,
        ThreadPoolExecutor() as threads,
    ):

        def write(slug: str) -> httpx.Request:
            return client.build_request("POST", "/v1/companies", json={"slug": slug, "name": slug}, headers=key)

        read = client.build_request("GET", "/v1/companies")
        assert client.send(write("first")).status_code == 201
        wait_until(lambda: standby.execute("SELECT 1 FROM companies WHERE slug = 'first'") == [(1,)], "the standby has it")
        with primary.frozen():
            stuck = [threads.submit(client.send, request) for request in (write("second"), read, write("third"), read)]
            refused = {one.result().status_code for one in stuck}
            reported = client.get("/health/ready")
            standby.promote()
            writes = seconds_until_it_works(write("fourth"), client, 201)
            reads = seconds_until_it_works(read, client, 200)
            after = [client.get("/health/ready") for _ in range(2)][-1]

    assert refused == {503}
    assert reported.status_code == 503 or reported.json()["cannot_write"] is not None
    assert (after.status_code, after.json()["cannot_write"]) == (200, None)
    assert max(writes, reads) < LONGEST
    print(f"writes {writes:.1f} s, reads {reads:.1f} s")  # noqa: T201 - shown with -s
