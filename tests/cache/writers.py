"""Ways in which somebody changes the name of the company ``alpha``, each as a function from the new name."""

import json
import sqlite3
from pathlib import Path

import httpx
import psycopg

from app.auth.credentials import Key
from app.auth.key import Scope
from app.auth.queries import create_key
from app.database.database import Database
from app.values.dates import now
from tests.cli.processes import run, serving

_BY_HAND = """
UPDATE revision_head SET newest = newest + 1;
INSERT INTO revisions (number, recorded_at, actor, reason, action, kind, resource_id, url, document)
    SELECT newest, '2026-11-25 12:00:00', 'psql', 'By hand', 'update', 'company', companies.id, '/v1/companies/alpha',
        replace(document, '"name":"Before"', '"name":"{name}"')
    FROM revision_head, companies;
UPDATE companies SET name = '{name}', name_key = '{name}',
    document = (SELECT document FROM revisions ORDER BY number DESC LIMIT 1),
    revision = (SELECT newest FROM revision_head)
"""
"""What a hand at the database's own shell may do: whatever changes something appends a revision."""


def make_key(database: Database) -> Key:
    with database.writing() as connection:
        scopes = [Scope.READ, Scope.WRITE]
        return create_key(connection, name="editor", scopes=scopes, expires_at=None, now=now().replace(microsecond=0))


def patch(client: httpx.Client, key: Key, name: str) -> int:
    """Changes the name over HTTP, and returns the revision that did."""
    headers = {"Authorization": f"Bearer {key.text}", "If-Match": "*", "Content-Type": "application/merge-patch+json"}
    answer = client.patch("/v1/companies/alpha", content=json.dumps({"name": name}), headers=headers)
    assert answer.status_code == 200, answer.text
    return int(answer.headers["profiles-revision"])


def by_another_server(folder: Path, url: str, key: Key, name: str) -> None:
    with (
        serving(folder, "--workers", "2", database_url=url, seed="false") as served,
        httpx.Client(base_url=served.url, timeout=60) as client,
    ):
        patch(client, key, name)


def by_the_command_line(folder: Path, url: str, name: str) -> None:
    (folder / "dataset.yaml").write_text(f"companies: [{{slug: alpha, name: {name}}}]\n", encoding="utf-8")
    result = run(folder, "load", "dataset.yaml", database_url=url)
    assert result.returncode == 0, result.stderr.decode()


def by_hand(url: str, name: str) -> None:
    """Past the program, with the engine's own driver."""
    script = _BY_HAND.format(name=name)
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        connection.executescript(f"BEGIN; {script}; COMMIT")
        connection.close()
    else:
        with psycopg.connect(url.replace("+psycopg", "")) as session:
            session.execute(script.encode())
