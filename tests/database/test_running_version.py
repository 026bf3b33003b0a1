"""A server that runs while another version brings its database to another schema."""

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import text

from app.database.database import Database
from app.database.schema_version import NEWEST_VERSION
from app.operations.migrate import migrate
from tests.databases import settings_for
from tests.history.conftest import key_of, url_of
from tests.server import running_server

COMPANY = {"slug": "fern", "name": "Fern"}


@pytest.fixture
def client(database: Database) -> Iterator[httpx.Client]:
    """Who may write, at a server on an empty database."""
    headers = {"Authorization": f"Bearer {key_of(database)}"}
    with (
        running_server(settings_for(url_of(database))) as running,
        httpx.Client(base_url=running.url, headers=headers, timeout=30) as client,
    ):
        yield client


def test_after_the_next_version_has_migrated_it_is_ready_and_goes_on_reading_and_writing(
    client: httpx.Client, database: Database
) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'next'"))
        connection.execute(text("ALTER TABLE companies ADD COLUMN motto TEXT"))

    ready = client.get("/health/ready")
    assert (ready.status_code, ready.json()["schema_version"]) == (200, "next")
    assert client.post("/v1/companies", json=COMPANY).status_code == 201
    assert client.get("/v1/companies/fern").json()["name"] == "Fern"


@pytest.mark.parametrize(
    ("version", "reason"),
    [("0002", f"schema version 0002, this program needs {NEWEST_VERSION}"), ("base", "no schema yet")],
)
def test_on_an_older_schema_it_is_not_ready_and_says_why(
    client: httpx.Client, database: Database, version: str, reason: str
) -> None:
    migrate(database, version, may_drop=True)

    refused = client.get("/health/ready")

    assert refused.status_code == 503
    assert refused.json()["detail"] == f"The database has {reason}. Run company-profiles migrate."
