"""After a failover that may have lost revisions their numbers are given out again, so the dataset gets another name."""

import logging
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import text

from app.cli.check import find
from app.database.database import Database
from tests.databases import Databases, DatabasesOn, settings_for
from tests.history.conftest import key_of
from tests.scaling.cluster import Node, running_cluster
from tests.server import running_server

BAIDU = "/v1/companies/baidu"


@pytest.fixture
def url(databases_on: DatabasesOn) -> Iterator[str]:
    databases = databases_on("postgresql")
    copied = databases.copy(databases.seeded)
    yield copied
    databases.drop(copied)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(settings_for(url))
    yield opened
    opened.engine.dispose()


@pytest.fixture
def client(url: str, database: Database) -> Iterator[httpx.Client]:
    """A client with a key, whose reads are cached nowhere."""
    headers = {"Authorization": f"Bearer {key_of(database)}"}
    with running_server(settings_for(url)) as server, httpx.Client(base_url=server.url, headers=headers, timeout=30) as client:
        yield client


def fail_over(database: Database) -> None:
    """As if another server had written the newest revision."""
    with database.writing() as connection:
        connection.execute(text("UPDATE revision_head SET timeline = timeline + 1"))


def head(database: Database) -> tuple[int, str, int | None]:
    with database.reading() as connection:
        newest, dataset, timeline = connection.execute(text("SELECT newest, dataset, timeline FROM revision_head")).one()
        return newest, dataset, timeline


def failovers(database: Database) -> list[str]:
    return [finding.level for finding in find(settings_for(str(database.url)), database) if finding.area == "failover"]


def rename(client: httpx.Client, etag: str, name: str = "Renamed") -> httpx.Response:
    return client.patch(BAIDU, json={"name": name}, headers={"If-Match": etag})


def test_the_next_change_renames_the_dataset(client: httpx.Client, database: Database, caplog: pytest.LogCaptureFixture) -> None:
    etag = client.get(BAIDU).headers["etag"]
    newest, dataset, timeline = head(database)
    fail_over(database)
    assert client.get("/health/ready").json()["may_lack_revisions"] is True
    assert failovers(database) == ["warning"]

    with caplog.at_level(logging.WARNING, logger="app"):
        changed = rename(client, etag)

    assert changed.status_code == 200
    assert head(database)[0] == newest + 1
    assert head(database)[1] != dataset
    assert head(database)[2] == timeline
    assert head(database)[1] in changed.headers["etag"]
    assert client.get(BAIDU).headers["etag"] == changed.headers["etag"]
    assert client.get("/health/ready").json()["may_lack_revisions"] is False
    assert failovers(database) == []
    assert f"revisions after {newest} may be lost" in caplog.text


def test_what_clients_hold_of_the_former_primary_no_longer_matches(databases_on: DatabasesOn) -> None:
    """Two copies of one database: the first one is lost with a revision that the second one never received."""
    databases, etags = databases_on("postgresql"), []
    for is_promoted in (False, True):
        database = Database(settings_for(databases.copy(databases.seeded)))
        if is_promoted:
            fail_over(database)
        headers = {"Authorization": f"Bearer {key_of(database)}"}
        url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        database.engine.dispose()
        with running_server(settings_for(url)) as server, httpx.Client(base_url=server.url, headers=headers) as client:
            etags.append(rename(client, "*").headers["etag"])
            lost = etags[0]
            assert client.get(BAIDU, headers={"If-None-Match": lost}).status_code == (200 if is_promoted else 304)
            assert rename(client, lost, "Overwritten").status_code == (412 if is_promoted else 200)
    assert etags[0].split("-")[1:] == etags[1].split("-")[1:]


def test_a_refused_change_and_one_that_changes_nothing_leave_the_name(client: httpx.Client, database: Database) -> None:
    before = client.get(BAIDU)
    fail_over(database)
    named = head(database)

    assert rename(client, '"another"').status_code == 412
    same = rename(client, before.headers["etag"], before.json()["name"])
    assert (same.status_code, same.headers["etag"]) == (200, before.headers["etag"])
    assert head(database) == named
    assert rename(client, before.headers["etag"]).status_code == 200
    assert head(database)[1] != named[1]


def test_a_database_that_no_server_has_written_to_yet_keeps_its_name(client: httpx.Client, database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE revision_head SET timeline = NULL"))
    named = head(database)[1]

    rename(client, "*").raise_for_status()
    assert head(database)[1] == named
    assert head(database)[2] is not None


def test_sqlite_has_no_timelines(databases: Databases) -> None:
    url = databases.copy(databases.seeded)
    opened = Database(settings_for(url))
    assert (head(opened)[2] is None) is (databases.engine == "sqlite")
    assert failovers(opened) == []
    opened.engine.dispose()


@pytest.mark.slow
def test_a_promoted_standby_that_lacks_a_revision_gives_its_number_another_name() -> None:
    with running_cluster() as cluster:
        primary, standby = cluster.primary, cluster.standbys[0]
        database = Database(settings_for(cluster.url([primary, standby])))
        _prepare(database)
        headers = {"Authorization": f"Bearer {key_of(database)}"}
        settings = settings_for(cluster.url([primary, standby]))
        with running_server(settings) as server, httpx.Client(base_url=server.url, headers=headers, timeout=60) as client:
            kept = client.post("/v1/companies", json={"slug": "kept", "name": "Kept"})
            _leave_behind(cluster.standbys, primary)
            lost = client.post("/v1/companies", json={"slug": "lost", "name": "Lost"})
            primary.stop()
            standby.configure(synchronous_standby_names="")
            standby.start_again()
            standby.promote()
            again = _until_written(client)

        assert (kept.status_code, lost.status_code) == (201, 201)
        assert again.headers["profiles-revision"] == lost.headers["profiles-revision"]
        assert again.headers["etag"] != lost.headers["etag"].replace("lost", "again")
        assert again.headers["etag"].split("-")[0] != lost.headers["etag"].split("-")[0]
        database.engine.dispose()


def _prepare(database: Database) -> None:
    from app.server.setup import prepare  # noqa: PLC0415 - the everyday tests above don't need it

    prepare(database, with_seed=False)


def _leave_behind(standbys: list[Node], primary: Node) -> None:
    """Later changes reach no standby."""
    primary.configure(synchronous_standby_names="")
    primary.reload()
    for standby in standbys:
        standby.stop("fast")


def _until_written(client: httpx.Client) -> httpx.Response:
    for _ in range(20):
        response = client.post("/v1/companies", json={"slug": "again", "name": "Again"})
        if response.status_code != 503:
            return response
    raise AssertionError(response.text)
