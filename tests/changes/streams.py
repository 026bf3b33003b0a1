"""Server-sent events as a client reads them."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import NamedTuple

import httpx


class Event(NamedTuple):
    id: int
    event: str
    data: str
    retry: str


def events(answer: httpx.Response) -> Iterator[Event]:
    """The events of a stream, without its comments (WHATWG HTML, section 9.2.6)."""
    fields: dict[str, str] = {}
    for line in answer.iter_lines():
        name, _, value = line.partition(": ")
        if name:
            fields[name] = value
        elif line == "" and "data" in fields:
            yield Event(int(fields["id"]), fields["event"], fields["data"], fields.get("retry", ""))
            fields = {}


@contextmanager
def listening(client: httpx.Client, query: str = "", last: int | None = None) -> Iterator[Iterator[Event]]:
    """The events of the stream, until the end of the block."""
    headers = {} if last is None else {"Last-Event-ID": str(last)}
    with client.stream("GET", f"/v1/changes/stream{query}", headers=headers) as answer:
        assert answer.status_code == 200, answer.read()
        yield events(answer)


def first(count: int, client: httpx.Client, query: str = "", last: int | None = None) -> list[Event]:
    """The first events of a stream, which is left then."""
    with listening(client, query, last) as coming:
        return list(islice(coming, count))
