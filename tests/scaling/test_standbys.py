"""Reads come from standbys, writes go to the primary, and a client that needs the newest revision gets it."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from anyio import to_thread
from pydantic import SecretStr
from sqlalchemy import Connection, text

from app.database.database import Database
from tests.cli.conftest import CommandLine
from tests.databases import settings_for
from tests.scaling.cluster import NAME, Cluster, Node, wait_until
from tests.scaling.site import Site, revision_of


@contextmanager
def paused(node: Node) -> Iterator[None]:
    """A standby that receives the log and does not show what is in it."""
    node.execute("SELECT pg_wal_replay_pause()")
    wait_until(lambda: node.execute("SELECT pg_get_wal_replay_pause_state()") == [("paused",)], "the replay pauses")
    yield
    node.execute("SELECT pg_wal_replay_resume()")


@pytest.fixture
def late(site: Site) -> Iterator[Node]:
    """A standby that lacks the newest revision; the other one has it."""
    site.write(site.machines[0], "Known everywhere")
    node = site.cluster.standbys[1]
    site.reader_of(node).wait_for("Known everywhere")
    with paused(node):
        yield node


@pytest.mark.slow
def test_every_machine_reads_from_a_standby_and_reports_both_servers(site: Site) -> None:
    site.write(site.machines[0], "Told of")

    for machine in site.machines:
        reported = machine.get("/health/ready").json()
        assert (reported["status"], reported["read_from"]) == ("ok", "standby")
        assert reported["primary_revision"] >= reported["revision"] > 0
        assert reported["cannot_write"] is None
    assert all(node.is_asked for node in site.cluster.standbys)


@pytest.mark.slow
def test_a_change_is_read_from_every_machine(site: Site) -> None:
    site.write(site.machines[1], "Changed")

    for machine in site.machines:
        machine.wait_for("Changed")


@pytest.mark.slow
def test_a_writer_reads_the_change_where_the_standby_has_not_got_it(site: Site, late: Node) -> None:
    site.write(site.machines[0], "Newest")
    reader = site.reader_of(late)

    assert reader.names() == {"Known everywhere"}
    assert reader.names(authorization=site.authorization) == {"Newest"}


@pytest.mark.slow
def test_a_client_that_names_a_revision_reads_it_where_the_standby_has_not_got_it(site: Site, late: Node) -> None:
    revision = site.write(site.machines[0], "Newest")
    reader = site.reader_of(late)

    assert reader.names() == {"Known everywhere"}
    for address in ("/v1/companies/north", "/v1/companies?total=true", "/v1/companies?format=ndjson", "/v1/stats"):
        seen = reader.get(address, profiles_minimum_revision=str(revision))
        assert (seen.status_code, revision_of(seen)) == (200, revision)
    assert reader.names(profiles_minimum_revision=str(revision)) == {"Newest"}


@pytest.mark.slow
def test_an_old_enough_revision_is_read_from_the_standby(site: Site, late: Node) -> None:
    known = revision_of(site.reader_of(late).get("/v1/companies/north"))
    newest = site.write(site.machines[0], "Newest")

    seen = site.reader_of(late).get("/v1/companies/south", profiles_minimum_revision=str(known))

    assert known == revision_of(seen) < newest


@pytest.mark.slow
@pytest.mark.parametrize("revision", ["-1", "x", "1.5", "", "9" * 16])
def test_what_is_no_revision_is_refused(site: Site, revision: str) -> None:
    answer = site.machines[0].get("/v1/companies", profiles_minimum_revision=revision)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Profiles-Minimum-Revision"


@pytest.mark.slow
@pytest.mark.parametrize("address", ["/v1/companies/north?as_of={}", "/v1/changes?since={}", "/v1/changes?since={}&kind=company"])
def test_a_revision_that_the_standby_lacks_is_not_taken_for_one_that_does_not_exist(site: Site, late: Node, address: str) -> None:
    revision = site.write(site.machines[0], "Newest")
    reader = site.reader_of(late)

    assert reader.get(address.format(revision)).status_code == 200
    assert reader.get(address.format(revision + 1)).status_code == 422


@pytest.mark.slow
def test_a_revoked_key_is_refused_where_the_standby_still_knows_it(site: Site, late: Node) -> None:
    primary = site.cluster.primary
    reader = site.reader_of(late)
    try:
        primary.execute("UPDATE api_keys SET revoked_at = now()")

        assert site.send(reader, "Refused").status_code == 401
    finally:
        primary.execute("UPDATE api_keys SET revoked_at = NULL")


@pytest.mark.slow
def test_a_query_that_stands_in_the_way_of_the_primary_is_asked_of_the_next_server(cluster: Cluster, database: Database) -> None:
    runs: list[int] = []

    def dawdle(connection: Connection) -> int:
        connection.execute(text("SELECT count(*) FROM companies"))
        runs.append(_port(connection))
        connection.execute(text(f"SELECT pg_sleep({60 if len(runs) == 1 else 0})"))
        return runs[-1]

    def lock(connection: Connection) -> None:
        connection.execute(text("LOCK TABLE companies IN ACCESS EXCLUSIVE MODE"))

    async def dawdle_and_lock() -> tuple[int, int]:
        query = asyncio.create_task(database.scan(dawdle))
        await to_thread.run_sync(wait_until, lambda: cluster.standbys[0].is_sleeping, "the query runs")
        await database.write(lock)
        answered_by, next_answered_by = await query, await database.scan(dawdle)
        await database.close()
        return answered_by, next_answered_by

    first, second = (node.port for node in cluster.standbys)
    assert asyncio.run(dawdle_and_lock()) == (second, first)


def test_a_host_that_says_nothing_is_left_for_the_next_one(cluster: Cluster) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        standby = cluster.standbys[0].port
        read_url = f"postgresql://postgres@127.0.0.1:{mute.getsockname()[1]},127.0.0.1:{standby}/{NAME}"
        settings = settings_for(cluster.url(cluster.nodes)).model_copy(update={"read_url": SecretStr(read_url)})

        async def ports() -> list[int]:
            database = Database(settings)
            found = [await database.read(_port), await database.scan(_port), await database.read(_port)]
            await database.close()
            return found

        assert asyncio.run(ports()) == [standby] * 3


def _port(connection: Connection) -> int:
    port: int = connection.execute(text("SELECT inet_server_port()")).scalar_one()
    return port


@pytest.mark.slow
def test_a_server_that_takes_no_writes_for_now_is_a_passing_state(site: Site) -> None:
    primary, machine = site.cluster.primary, site.machines[0]
    site.write(machine, "Before")
    primary.execute("ALTER SYSTEM SET default_transaction_read_only = on")
    primary.reload()
    wait_until(lambda: site.send(machine, "Refused").status_code == 503, "the server takes no writes")
    refused = site.send(machine, "Refused")
    read = machine.get("/v1/companies/north")
    primary.execute("ALTER SYSTEM RESET default_transaction_read_only")
    primary.reload()
    wait_until(lambda: site.send(machine, "After").status_code == 200, "writes go on")

    assert (refused.status_code, refused.headers["retry-after"], read.status_code) == (503, "2", 200)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "said"),
    [("", "is the primary"), ("?target_session_attrs=standby", "accepts writes, so reads skip it, as target_session_attrs asks")],
)
def test_the_health_report_does_not_warn_of_the_primary_among_the_standbys(site: Site, options: str, said: str) -> None:
    cluster = site.cluster
    everyone = cluster.url(cluster.nodes)
    result = CommandLine(everyone).under({"read_url": cluster.url(cluster.nodes, options)}, "check")

    assert result.exit_code == 0, result.output
    assert "warning     standby" not in result.stdout
    assert f"ok          standby      127.0.0.1:{cluster.primary.port} {said}" in result.stdout


@pytest.mark.slow
def test_the_health_report_says_how_far_each_standby_has_come(site: Site, late: Node) -> None:
    newest = site.write(site.machines[0], "Newest")
    cluster = site.cluster
    result = CommandLine(cluster.url(cluster.nodes)).under({"read_url": cluster.url(cluster.standbys)}, "check")

    assert result.exit_code == 0, result.output
    first, second = (line for line in result.stdout.splitlines() if "  standby  " in line)
    assert first.endswith(f"127.0.0.1:{cluster.standbys[0].port} has revision {newest}, the newest")
    assert second.startswith("warning")
    assert second.endswith(f"127.0.0.1:{late.port} is 2 revisions behind")
