"""Watches the keys of requests under way, so that what was opened with a key ends when the key does."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.auth.key import KeyRecord
from app.auth.queries import find_keys
from app.database.database import Database
from app.database.failures import DATABASE_ERRORS
from app.values.dates import now

EVERY_SECONDS = 0.5


class KeysInUse:
    """Looks the watched keys up twice a second, all with one statement, while there are any.

    While the database is unavailable, keys can still expire, but their revocation is noticed only afterwards.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._watched: dict[asyncio.Future[None], KeyRecord] = {}
        self._watcher: asyncio.Task[None] | None = None

    @contextmanager
    def watching(self, key: KeyRecord) -> Iterator[asyncio.Future[None]]:
        """A future that is done once the key has expired or been revoked, for the time of the block."""
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watched[ended] = key
        if self._watcher is None or self._watcher.done():
            self._watcher = asyncio.create_task(self._watch())
        try:
            yield ended
        finally:
            del self._watched[ended]

    async def _watch(self) -> None:
        while self._watched:
            await asyncio.sleep(EVERY_SECONDS)
            keys = {key.id: key for key in self._watched.values()}
            self._end(keys, keys)
            try:
                self._end(keys, await self._database.primary.read(find_keys, keys))
            except (*DATABASE_ERRORS, PoolTimeout):
                continue

    def _end(self, asked: Mapping[str, KeyRecord], stored: Mapping[str, KeyRecord]) -> None:
        time = now()
        over = {identity for identity in asked if identity not in stored or stored[identity].state(time) != "active"}
        for ended, key in self._watched.items():
            if key.id in over and not ended.done():
                ended.set_result(None)

    async def close(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.wait((self._watcher,))
