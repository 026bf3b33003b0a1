"""A time limit for work that must not be cancelled."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def in_time(work: Coroutine[Any, Any, T], seconds: float) -> T:
    """The result, if there is one within so many seconds; raises TimeoutError otherwise, and the work goes on.

    To cancel a statement, psycopg asks its server, which takes ten seconds if that is frozen. Left alone, the statement ends
    by itself sooner, and what it learned about the server helps the next caller.
    """
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait((task,), timeout=seconds)
    if not done:
        task.add_done_callback(_forget)
        raise TimeoutError
    return task.result()


def _forget(task: asyncio.Task[Any]) -> None:
    """Nobody waits for its error."""
    if not task.cancelled():
        task.exception()
