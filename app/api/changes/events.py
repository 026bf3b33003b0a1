"""Server-sent events (WHATWG HTML, section 9.2): each change as it is committed, for as long as the client listens.

FastAPI writes the events. The loop is our own, since one pause serves both: it waits for the next revision, and when it
ends without one it is time for a comment that keeps the connection alive. Between two pages nothing is held but a
number: no connection to the database, and no change that a slow client has not taken yet.
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
from app.errors.reading import InvalidParameters
from app.http.conditional import Stamp
from app.revisions.current import CurrentRevision

logger = logging.getLogger("app")

PAGE = 50
"""Changes that are read at a time."""
PING_SECONDS = 15.0
"""The standard's advice: proxies drop connections on which nothing comes."""
RETRY_SECONDS = 2.0
"""After which a client shall connect again, and the server asks a database again that was away."""


async def change_events(
    database: Database, current: CurrentRevision, filters: StreamParameters, start: Stamp
) -> AsyncIterator[bytes]:
    """Every change after a revision, until the server ends or the dataset is replaced by another one.

    The first event names the dataset; its id is the revision to start after, so that a client whose connection breaks
    before the first change does not miss what comes meanwhile.
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
        except InvalidParameters:
            return  # a backup was restored, and the newest revision is older than what was sent
        except (DBAPIError, PoolTimeout) as error:
            _require_transient(error)
            yield KEEPALIVE_COMMENT
            await asyncio.sleep(RETRY_SECONDS)


def _require_transient(error: DBAPIError | PoolTimeout) -> None:
    """A stream that has begun cannot become a problem: it outlasts a database that is away. Raises any other error."""
    if isinstance(error, DBAPIError) and not (is_transient(error) or timed_out(error)):
        raise error
    logger.warning("database unavailable for a stream of changes: %s", type(getattr(error, "orig", error)).__name__)
