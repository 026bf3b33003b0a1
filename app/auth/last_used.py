"""Records when each key was last used, without delaying requests."""

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
"""How long to wait for a lock: writers of facts have priority. For PostgreSQL, 0 would mean no limit."""

logger = logging.getLogger("app")


class KeyUses:
    """Writes the last use of each key, at most once a minute, in a separate thread.

    This is best effort: if the database is busy, unreachable or read-only, the use is not recorded; the next one after a
    minute may be. The connection is opened for the write and closed after it.
    """

    def __init__(self, settings: Settings) -> None:
        hasty = settings.model_copy(update={"database_pool_size": 1, "database_wait_seconds": _WAIT_SECONDS})
        self._database = Database(hasty)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="key-uses")
        self._tried: dict[str, datetime.datetime] = {}

    def note(self, key: KeyRecord, now: datetime.datetime) -> None:
        """Note that a key is used now. Returns immediately."""
        known = [time for time in (key.last_used_at, self._tried.get(key.id)) if time is not None]
        if all(abs(now - time) >= EVERY for time in known):
            self._tried[key.id] = now
            self._thread.submit(self._write, key.id, now)

    def _write(self, identity: str, now: datetime.datetime) -> None:
        try:
            with self._database.writing() as connection:
                note_use(connection, identity, now, EVERY)
        except SQLAlchemyError as error:
            logger.debug("the use of key %s was not recorded: %s", identity, type(error).__name__)
        finally:
            self._database.engine.dispose()

    async def close(self) -> None:
        """Finish the current write."""
        await to_thread.run_sync(self._thread.shutdown)
        await self._database.close()
