"""A site: a cluster of PostgreSQL, and three processes of the API that read from its standbys."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.auth.key import Scope
from app.auth.queries import create_key
from app.database.database import Database
from app.values.dates import now
from tests.cli.processes import serving
from tests.databases import settings_for
from tests.scaling.cluster import Cluster, running_cluster
from tests.scaling.site import Machine, Site


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def running_site(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Each machine asks the servers in an order of its own, so that they do not all read from the same one."""
    a, b, c = cluster.nodes
    with ExitStack() as stack:
        machines = []
        for number, order in enumerate(((a, b, c), (c, b, a), (b, c, a))):
            folder: Path = tmp_path_factory.mktemp(f"machine-{number}")
            settings = {
                "database_url": cluster.url(cluster.nodes),
                "read_url": cluster.url(order, "?target_session_attrs=standby"),
                "database_wait_seconds": "6",
            }
            served = stack.enter_context(serving(folder, **settings))
            machines.append(Machine(served.url, order))
        key = _key(cluster)
        for machine in machines:
            stack.callback(machine.client.close)
        yield Site(cluster, machines, key)


def _key(cluster: Cluster) -> str:
    database = Database(settings_for(cluster.url(cluster.nodes)))
    with database.writing() as connection:
        key = create_key(connection, name="newsroom", scopes=[Scope.WRITE], expires_at=None, now=now().replace(microsecond=0))
    database.engine.dispose()
    return key.text


@pytest.fixture
def site(running_site: Site) -> Site:
    """The site with all its servers running, one as the primary and two that follow it."""
    running_site.cluster.wait_for_standbys()
    running_site.wait_until_read_from_standbys()
    return running_site


@pytest.fixture
def database(cluster: Cluster) -> Iterator[Database]:
    """The database as a process of the API has it, with both sides."""
    cluster.wait_for_standbys()
    settings = settings_for(cluster.url(cluster.nodes)).model_copy(update={"read_url": SecretStr(cluster.url(cluster.standbys))})
    database = Database(settings)
    yield database
    database.engine.dispose()
