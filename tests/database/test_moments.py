"""A time is stored and served as the point in time that it is, whatever the time zone of the session."""

import datetime
from collections.abc import Mapping

import httpx
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection

from tests.databases import Databases, settings_for
from tests.editing.conftest import key_of
from tests.faults.running import database_of
from tests.faults.wholeness import opened
from tests.server import running_server


def move(session: DBAPIConnection, _record: object) -> None:
    """To where the day begins, as a pooler may that gives a session to another program first."""
    cursor = session.cursor()
    cursor.execute("SET TIME ZONE 'Pacific/Kiritimati'")
    cursor.close()
    session.commit()


def test_the_time_zone_of_a_session_changes_nothing(databases: Databases) -> None:
    url = databases.copy(databases.migrated)
    with opened(url) as database:
        headers = {"Authorization": f"Bearer {key_of(database)}"}
    with running_server(settings_for(url)) as running, httpx.Client(base_url=running.url, headers=headers, timeout=60) as client:
        for engine in database_of(running).engines if databases.engine == "postgresql" else ():
            event.listen(engine, "connect", move)
        created = client.post("/v1/companies", json={"slug": "lumen", "name": "Lumen"}, headers={"Idempotency-Key": "one"})
        again = client.post("/v1/companies", json={"slug": "lumen", "name": "Lumen"}, headers={"Idempotency-Key": "one"})
        renamed = client.patch(
            "/v1/companies/lumen",
            json={"name": "Lumen AS"},
            headers={"If-Match": "*", "Content-Type": "application/merge-patch+json"},
        )
        recorded_at = renamed.json()["updated_at"]
        history: Mapping[str, list[dict[str, str]]] = client.get("/v1/companies/lumen/history").json()
        changes = client.get("/v1/changes?since=1").json()
        stats = client.get("/v1/stats").json()
        at_that_time = client.get("/v1/companies/lumen", params={"as_of": recorded_at}).json()

    age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(recorded_at)
    assert datetime.timedelta(0) <= age < datetime.timedelta(minutes=10)
    assert (created.status_code, again.status_code, again.headers["idempotency-replayed"]) == (201, 201, "true")
    assert history["items"][0]["recorded_at"] == recorded_at
    assert changes["items"][0]["recorded_at"] == recorded_at
    assert stats["updated_at"] == recorded_at
    assert at_that_time["name"] == "Lumen AS"
