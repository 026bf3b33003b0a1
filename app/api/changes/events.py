"""Server-sent events (WHATWG HTML, section 9.2): each change as it is committed, for as long as the client listens.

FastAPI writes the events. The loop is our own, because one wait serves two purposes: it ends with the next revision, or it is
time for a comment that keeps the connection alive. Between two pages only a number is held: no database connection, and no
change that a slow client has not read yet.
"""

import asyncio
import logging
from collections.abc import AsyncIterator

import orjson
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.api.changes.parameters import StreamParameters
from app.api.changes.queries import find_changes
from app.database.database import Database
from app.database.failures import is_transient, timed_out
from app.database.scans import CallerLeft
from app.errors.limits import Overloaded, QueryTimeout
from app.errors.reading import InvalidParameters
from app.http.conditional import Stamp
from app.revisions.current import CurrentRevision

logger = logging.getLogger("app")

PAGE = 50
"""Changes read at a time."""
PING_SECONDS = 15.0
"""As the standard recommends: proxies drop idle connections."""
RETRY_SECONDS = 2.0
"""Delay before a client reconnects, and before the server retries a database that was unavailable."""


async def change_events(
    database: Database, current: CurrentRevision, filters: StreamParameters, start: Stamp
) -> AsyncIterator[bytes]:
    """Every change after a revision, until the server ends or the dataset is replaced by another one.

    The first event names the dataset; its id is the revision to start after, so that a client whose connection breaks
    before the first change misses nothing.
    """
    data = orjson.dumps({"dataset": start.dataset, "since": start.revision}).decode()
    yield format_sse_event(event="start", data_str=data, id=str(start.revision), retry=round(RETRY_SECONDS * 1000))
    since = start.revision
    while not current.ended:
        try:
            changes = await find_changes(database, filters, since, PAGE)
            if changes.stamp.dataset != start.dataset:
                return
            for item in changes.items:
                yield format_sse_event(event=item.action, data_str=item.json, id=str(item.number))
            since = changes.reached
            if changes.complete and await current.after(since, PING_SECONDS) == since:
                yield KEEPALIVE_COMMENT
        except CallerLeft:
            return
        except InvalidParameters:
            return  # a backup was restored, and the newest revision is older than the last one sent
        except (DBAPIError, PoolTimeout, Overloaded, QueryTimeout) as error:
            _require_transient(error)
            yield KEEPALIVE_COMMENT
            await asyncio.sleep(RETRY_SECONDS)


def _require_transient(error: Exception) -> None:
    """A stream that has started cannot return a problem: it survives an unavailable or busy database. Raises any other error."""
    if isinstance(error, Overloaded | QueryTimeout):
        return
    if isinstance(error, DBAPIError) and not (is_transient(error) or timed_out(error)):
        raise error
    logger.warning("database unavailable for a stream of changes: %s", type(getattr(error, "orig", error)).__name__)
