"""When keys were last used, written beside the requests and never in their way."""

import datetime
import logging
from concurrent.futures import ThreadPoolExecutor

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from app.auth.key import KeyRecord
from app.auth.queries import note_use
from app.database.database import Database
from app.settings import Settings

EVERY = datetime.timedelta(minutes=1)
_WAIT_SECONDS = 0.05
"""For the lock of the row or of the file: a writer of facts goes first. PostgreSQL would take 0 for no limit."""

logger = logging.getLogger("app")


class KeyUses:
    """Writes the last use of each key, at most once a minute, in one thread of its own.

    It is as exact as that can be: where the database is busy, away or may only be read from, the use is not written and the
    next one after a minute may be. The connection is made for the write and closed after it.
    """

    def __init__(self, settings: Settings) -> None:
        hasty = settings.model_copy(update={"database_pool_size": 1, "database_wait_seconds": _WAIT_SECONDS})
        self._database = Database(hasty)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="key-uses")
        self._tried: dict[str, datetime.datetime] = {}

    def note(self, key: KeyRecord, now: datetime.datetime) -> None:
        """Take down that a key is used now. Returns at once."""
        known = [time for time in (key.last_used_at, self._tried.get(key.id)) if time is not None]
        if all(now - time >= EVERY for time in known):
            self._tried[key.id] = now
            self._thread.submit(self._write, key.id, now)

    def _write(self, identity: str, now: datetime.datetime) -> None:
        try:
            with self._database.writing() as connection:
                note_use(connection, identity, now, EVERY)
        except SQLAlchemyError as error:
            logger.debug("the use of key %s was not noted: %s", identity, type(error).__name__)
        finally:
            self._database.engine.dispose()

    async def close(self) -> None:
        """Finish what is under way."""
        await to_thread.run_sync(self._thread.shutdown)
        await self._database.close()
