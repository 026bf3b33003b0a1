"""Requests that wait for a connection to PostgreSQL get one in the order in which they came."""

import asyncio

from sqlalchemy import Connection, text

from app.database.database import Database
from tests.databases import settings_for
from tests.postgresql import PostgresServer

CLIENTS, REQUESTS = 8, 5


def test_a_client_that_asks_again_at_once_waits_behind_the_others(postgres: PostgresServer) -> None:
    settings = settings_for(postgres.url("postgres")).model_copy(update={"database_pool_size": 1})
    answered: list[int] = []

    def answer(connection: Connection, client: int) -> None:
        connection.execute(text("SELECT 1"))
        answered.append(client)

    async def ask(database: Database, client: int) -> None:
        for _ in range(REQUESTS):
            await database.read(answer, client)

    async def scenario() -> None:
        database = Database(settings)
        await asyncio.gather(*(ask(database, client) for client in range(CLIENTS)))
        await database.close()

    asyncio.run(scenario())
    assert answered == [*range(CLIENTS)] * REQUESTS
