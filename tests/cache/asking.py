"""Asking a server for exactly what is sent: the raw bytes and every header."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from app.database.database import Database
from app.middleware.cache import ResponseCache
from app.settings import Settings
from tests.databases import settings_for
from tests.server import RunningServer, running_server

OF_THE_MOMENT = frozenset({"date", "x-request-id"})
"""Headers that differ from one answer to the next."""
PLAIN = {"Host": "api.example", "Accept": "*/*", "Accept-Encoding": "identity"}
GZIP = {**PLAIN, "Accept-Encoding": "gzip"}


@dataclass(frozen=True)
class Answer:
    """What came: the headers in the order of their names, without those of the moment, and the body as it was sent."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return dict(self.headers)[name]

    @property
    def etag(self) -> str:
        return self.header("etag")

    @property
    def revision(self) -> int:
        return int(self.header("profiles-revision"))


def ask(client: httpx.Client, address: str, headers: Mapping[str, str] = PLAIN, method: str = "GET") -> Answer:
    with client.stream(method, address, headers=headers) as answer:
        body = b"".join(answer.iter_raw())
    kept = ((name, value) for name, value in answer.headers.multi_items() if name not in OF_THE_MOMENT)
    return Answer(answer.status_code, sorted(kept), body)


@dataclass(frozen=True)
class Served:
    """A client, and the cache that its server stands behind."""

    client: httpx.Client
    cache: ResponseCache

    def is_kept(self, address: str, headers: Mapping[str, str] = PLAIN, method: str = "GET") -> bool:
        """Whether the cache gives an answer that it was just asked for."""
        ask(self.client, address, headers, method)
        before = self.cache.hits
        ask(self.client, address, headers, method)
        return self.cache.hits > before


def cache_of(running: RunningServer) -> ResponseCache:
    assert isinstance(running.app, ResponseCache)
    return running.app


@contextmanager
def served_from(settings: Settings) -> Iterator[Served]:
    """A server of these settings, to the end of the block."""
    with running_server(settings) as running, httpx.Client(base_url=running.url, timeout=60) as client:
        yield Served(client, cache_of(running))


@contextmanager
def connected(url: str) -> Iterator[Database]:
    """A database, to the end of the block."""
    database = Database(settings_for(url))
    try:
        yield database
    finally:
        database.engine.dispose()
