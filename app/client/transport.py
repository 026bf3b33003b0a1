"""How both clients share their code: it is written as coroutines, which the blocking client runs without an event loop.

The coroutines await nothing but the methods of a transport. Those of ``Blocking`` never suspend: each blocks, and returns.
"""

from collections.abc import AsyncGenerator, Coroutine, Iterator
from contextlib import aclosing, closing
from time import sleep
from typing import Any, TypeVar, cast

import httpx
from anyio import sleep as async_sleep

T = TypeVar("T")


class Blocking:
    """Sends requests, and blocks until the responses are there."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    async def send(self, request: httpx.Request, *, stream: bool) -> httpx.Response:
        response = self.http.send(request, stream=stream)
        if response.is_error:
            response.read()
        return response

    async def parts(self, response: httpx.Response) -> AsyncGenerator[bytes, None]:
        with closing(response):
            for part in response.iter_bytes():
                yield part

    async def sleep(self, seconds: float) -> None:
        sleep(seconds)


class Awaiting:
    """The same for an event loop."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def send(self, request: httpx.Request, *, stream: bool) -> httpx.Response:
        response = await self.http.send(request, stream=stream)
        if response.is_error:
            await response.aread()
        return response

    async def parts(self, response: httpx.Response) -> AsyncGenerator[bytes, None]:
        async with aclosing(response):
            async for part in response.aiter_bytes():
                yield part

    async def sleep(self, seconds: float) -> None:
        await async_sleep(seconds)


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never suspends."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return cast("T", end.value)
    raise RuntimeError("a blocking transport has suspended")


def iterate(items: AsyncGenerator[T, None]) -> Iterator[T]:
    """The items of a generator that never suspends."""
    try:
        while True:
            try:
                item = run(items.__anext__())
            except StopAsyncIteration:
                return
            yield item
    finally:
        run(items.aclose())
