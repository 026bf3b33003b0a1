"""Servers on fresh databases of both engines, the requests that each one gets, and a line for each answer."""

import datetime
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

from tests.cli.processes import run, serving
from tests.postgresql import PostgresServer, running_postgresql
from tests.recorded.exchanges import Steps, get, send
from tests.recorded.negotiating import origins
from tests.recorded.normalising import Normaliser
from tests.recorded.reading import reads
from tests.recorded.refusing import refusals, unauthorised
from tests.recorded.writing import afterwards, writes

ENGINES = ("sqlite", "postgresql")
_SEEN_SECONDS = 0.1
"""After a change: on PostgreSQL a cached answer may be 0.05 seconds late."""
_LONG = 2000
_LOG = {"log_level": "warning"}


class CommandFailed(Exception):
    """A command of the program's ended badly; the message is what it said."""


def record(out: TextIO, say: Callable[[str], None]) -> None:
    """Records every request on every engine."""
    os.environ["PYTHONHASHSEED"] = "0"
    start = datetime.datetime.now(datetime.UTC)
    for engine in ENGINES:
        with tempfile.TemporaryDirectory(prefix="company-profiles-") as folder, _database(engine) as url:
            recorder = Recorder(engine, Path(folder), out, start, {**_LOG, "database_url": url})
            recorder.run()
            say(f"{engine}: {recorder.number} requests")


@contextmanager
def _database(engine: str) -> Iterator[str]:
    if engine == "sqlite":
        yield "sqlite:///recorded.db"
        return
    with running_postgresql(PostgresServer) as server:
        yield server.create_database("recorded")


class Recorder:
    """One engine's part of the recording."""

    def __init__(self, engine: str, folder: Path, out: TextIO, start: datetime.datetime, settings: dict[str, str]) -> None:
        self.number = 0
        self._written: dict[str, int] = {}
        self._engine, self._folder, self._out, self._start, self._settings = engine, folder, out, start, settings

    def run(self) -> None:
        """Servers one after the other on one database: open, closed, without a cache, and with a limit."""
        self._served(_nobody_writes())
        reader, writer = self._key("reader", "read"), self._key("writer", "write")
        self._served(unauthorised(reader), writes(writer), reads())
        closed = {"reads_need_key": "true", "cors_origins": "https://app.example,https://b.example"}
        self._served(_closed(reader), unauthorised(reader), **closed)
        self._served(reads(), afterwards(), cache_megabytes="0")
        self._served(_too_many(reader), rate_limit="5/hour", key_rate_limit="7/day")

    def _key(self, name: str, scope: str) -> str:
        made = run(self._folder, "keys", "create", name, "--scope", scope, **self._settings)
        if made.returncode:
            raise CommandFailed(made.stderr.decode())
        return made.stdout.decode().strip()

    def _served(self, *parts: Steps, **settings: str) -> None:
        with serving(self._folder, **self._settings, **settings) as server:
            port = urlsplit(server.url).port or 0
            normaliser = Normaliser(port, self._start)
            for steps in parts:
                self._send(steps, port, normaliser)

    def _send(self, steps: Steps, port: int, normaliser: Normaliser) -> None:
        wanted = next(steps, None)
        while wanted is not None:
            answer = send(port, wanted)
            self.number += 1
            if wanted.method not in {"GET", "HEAD"} and answer.header("profiles-revision"):
                time.sleep(_SEEN_SECONDS)
            line = {"engine": self._engine, "number": self.number, **normaliser.record(wanted, answer)}
            line["body"] = self._once(line["body"])
            self._out.write(json.dumps(line, ensure_ascii=False) + "\n")
            try:
                wanted = steps.send(answer)
            except StopIteration:
                return

    def _once(self, body: str | dict[str, str]) -> str | dict[str, str] | dict[str, int]:
        """A long body that a line has already is not written again; the number of that line stands for it."""
        if not isinstance(body, str) or len(body) < _LONG:
            return body
        first = self._written.setdefault(body, self.number)
        return body if first == self.number else {"as": first}


def _nobody_writes() -> Steps:
    """On a new database without any key."""
    yield from reads()
    yield from refusals()
    yield from unauthorised()


def _closed(key: str) -> Steps:
    """Where reading needs a key, and pages of two origins may read."""
    addresses = (
        "/",
        "/docs",
        "/openapi.json",
        "/v1",
        "/health/ready",
        "/v1/companies",
        "/v1/companies/baidu",
        "/v1/none",
        "/reconcile",
    )
    for address in addresses:
        yield get(address)
        yield get(address, authorization=f"Bearer {key}")
        yield get(address, authorization=f"Bearer {key}", accept_encoding="gzip", if_none_match="*")
        yield from origins(address)


def _too_many(key: str) -> Steps:
    """More than the limit lets through, with a key and without."""
    for _ in range(7):
        yield get("/v1/companies?limit=1")
        yield get("/v1/stats", authorization=f"Bearer {key}")
        yield get("/v1/stats", authorization=f"Bearer {key}")
    yield get("/health/ready")
    yield get("/docs")
