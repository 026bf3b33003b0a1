"""Long poll: a response that waits for the next change."""

import asyncio

from fastapi import Request

from app.api.changes.parameters import ChangesParameters
from app.api.changes.queries import Changes, find_changes
from app.database.database import Database
from app.http.request_state import request_state
from app.revisions.current import CurrentRevision


async def wait_for_changes(
    request: Request, database: Database, current: CurrentRevision, parameters: ChangesParameters
) -> Changes:
    """The changes after a revision as soon as there are any, or none at the end of the wait.

    Changes that the filters exclude are examined once: the search continues from where it was.
    """
    state = request_state(request.scope)
    changes = await find_changes(database, parameters, parameters.since, parameters.limit)
    end = asyncio.get_running_loop().time() + (0 if state.is_head else parameters.wait)
    while not changes.items and changes.complete:
        left = end - asyncio.get_running_loop().time()
        if left <= 0:
            break
        state.begin_waiting()
        if not await _is_another(request, current, changes.reached, left):
            break
        changes = await find_changes(database, parameters, changes.reached, parameters.limit)
    return changes


async def _is_another(request: Request, current: CurrentRevision, number: int, seconds: float) -> bool:
    """Whether the current revision became another than ``number`` while the client was still connected."""
    waiting = asyncio.ensure_future(current.after(number, seconds))
    leaving = asyncio.ensure_future(_leaving(request))
    try:
        await asyncio.wait((waiting, leaving), return_when=asyncio.FIRST_COMPLETED)
        return waiting.done() and await waiting != number
    finally:
        waiting.cancel()
        leaving.cancel()
        await asyncio.gather(waiting, leaving, return_exceptions=True)


async def _leaving(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass  # the empty body of a GET
