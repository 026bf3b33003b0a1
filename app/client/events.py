"""Server-sent events (WHATWG HTML, section 9.2): a stream that continues where it broke off."""

import json
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from typing import Any, NamedTuple

import httpx

from .models import Change
from .problems import Problem
from .session import Session, pause

_SILENCE_SECONDS = 45.0
"""The server sends a line every 15 seconds. A connection that is silent for longer is lost."""


class DatasetReplaced(Exception):
    """The server has another dataset than when the stream began: discard what you built from the former one, and begin again."""


class Event(NamedTuple):
    name: str
    id: str
    data: str


class EventReader:
    """Splits the bytes of a stream into events."""

    def __init__(self) -> None:
        self._rest = b""

    def read(self, part: bytes) -> Iterator[Event]:
        *blocks, self._rest = (self._rest + part).replace(b"\r\n", b"\n").split(b"\n\n")
        for block in blocks:
            fields: dict[str, str] = {}
            for line in block.decode().split("\n"):
                name, _, value = line.partition(":")
                fields[name] = f"{fields[name]}\n{value.removeprefix(' ')}" if name in fields else value.removeprefix(" ")
            if "data" in fields:
                yield Event(fields.get("event", "message"), fields.get("id", ""), fields["data"])


class ChangeStream:
    """The stream of changes: where it is, and of which dataset."""

    def __init__(self, session: Session, filters: Mapping[str, Any]) -> None:
        self._session = session
        self._filters = filters
        self._last = self._dataset = ""
        self._attempt = 0

    async def changes(self) -> AsyncGenerator[Change, None]:
        """Every change, forever. Once the stream has begun, only a refusal of the server ends it."""
        while True:
            try:
                async with aclosing(self._connected()) as changes:
                    async for change in changes:
                        yield change
            except (httpx.TransportError, Problem) as error:
                refused = isinstance(error, Problem) and error.status < 500 and error.status != 429
                if refused or not self._last:
                    raise
            self._attempt += 1
            await self._session.transport.sleep(pause(self._attempt))

    async def _connected(self) -> AsyncGenerator[Change, None]:
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": self._last} if self._last else {})
        request = self._session.request("GET", "v1/changes/stream", self._filters, headers, timeout=_SILENCE_SECONDS)
        reader = EventReader()
        async with aclosing(self._session.transport.parts(await self._session.send(request, stream=True))) as parts:
            async for part in parts:
                for event in reader.read(part):
                    self._attempt, self._last = 0, event.id or self._last
                    if event.name == "start":
                        former, self._dataset = self._dataset, json.loads(event.data)["dataset"]
                        if former not in ("", self._dataset):
                            raise DatasetReplaced(f"The dataset {former} was replaced by {self._dataset}.")
                    elif event.name in ("create", "update", "delete"):
                        yield Change.model_validate_json(event.data)
