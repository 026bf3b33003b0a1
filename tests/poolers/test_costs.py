"""What a session's settings cost: no round trip of a read."""

import asyncio
from contextlib import ExitStack

import pytest
from sqlalchemy import Connection, text

from app.database.database import Database
from tests.databases import DatabasesOn, settings_for
from tests.editing.round_trips import watched
from tests.poolers.pgbouncer import PROGRAM, running_pgbouncer
from tests.postgresql import PostgresServer

needs_pgbouncer = pytest.mark.skipif(PROGRAM is None, reason="needs Debian's package pgbouncer")


def ask(connection: Connection) -> None:
    connection.execute(text("SELECT newest FROM revision_head")).all()


@pytest.mark.parametrize("is_pooled", [False, pytest.param(True, marks=needs_pgbouncer)], ids=["direct", "pooled"])
def test_a_read_takes_one_round_trip_and_one_in_a_snapshot_four(
    postgres: PostgresServer, databases_on: DatabasesOn, *, is_pooled: bool
) -> None:
    """In a snapshot: whether the connection is still open, the beginning with the settings, the statement, the end."""
    databases = databases_on("postgresql")
    url = databases.copy(databases.seeded)

    async def count(database: Database) -> list[int]:
        counted = []
        for read in (database.read, database.scan):
            for _ in range(8):  # connects, and prepares what is repeated
                await read(ask)
            before = len(wire.requests)
            await read(ask)
            counted.append(len(wire.requests) - before)
        await database.close()
        return counted

    with ExitStack() as stack:
        port = postgres.port
        if is_pooled:
            port = int(stack.enter_context(running_pgbouncer(port)).rpartition(":")[2])
        port, wire = stack.enter_context(watched(port, delay=0.02))
        database = Database(settings_for(url.replace(f":{postgres.port}/", f":{port}/")), statement_seconds=2.5)
        counted = asyncio.run(count(database))
    databases.drop(url)
    assert counted == [1, 4]
