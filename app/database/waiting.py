"""Connections of psycopg that do not wait for ever: one time for each round trip, whatever it is for."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Any, Self, TypeVar

from psycopg import AsyncConnection, Connection, Error, OperationalError
from psycopg.abc import PQGen
from psycopg.errors import ConnectionTimeout
from psycopg.pq.abc import PGconn

from app.database.hosts import HOSTS, RESPONSE_SECONDS, Host

SILENT_SECONDS = 0.5
"""How long a connection hears nothing before its host is asked."""

T = TypeVar("T")


class _Watch:
    """The waits of one connection."""

    def __init__(self, pgconn: PGconn, host: Host, parameters: Mapping[str, object], seconds: float) -> None:
        self.seconds = seconds
        self._pgconn = pgconn
        self._host = host
        self._opened_at = monotonic()
        self._parameters = {name: value for name, value in parameters.items() if isinstance(value, str | int)} | {
            "connect_timeout": RESPONSE_SECONDS,
            "application_name": "company-profiles: does the server respond?",
        }

    def over(self, generator: PQGen[T]) -> PQGen[T]:
        """psycopg's generator of one round trip, which ends with an error if the server says nothing for too long.

        psycopg resumes it when something has arrived, and otherwise ten times a second.
        """
        if HOSTS.is_left(self._host, self._opened_at):
            self._give_up("does not respond")
        heard = monotonic()
        try:
            state = next(generator)
            while True:
                ready = yield state
                if ready:
                    heard = monotonic()
                else:
                    self._look(heard)
                state = generator.send(ready)
        except StopIteration as end:
            result: T = end.value
            return result

    def _look(self, heard: float) -> None:
        silent = monotonic() - heard
        if HOSTS.is_left(self._host, heard):
            self._give_up("does not respond")
        if self.seconds and silent >= self.seconds:
            self._give_up(f"said nothing for {self.seconds:g} seconds")
        if HOSTS.is_over:
            self._give_up("did not answer before this process ended")
        if silent >= SILENT_SECONDS:
            HOSTS.ask(self._host, self._parameters)

    def _give_up(self, why: str) -> None:
        """Close the connection, so that its pool drops it. The server is not waited for."""
        self._pgconn.finish()
        raise ConnectionTimeout(f"timeout expired: the server {why}")


class _Attempts:
    """Tries one host after the other, as libpq does, but those last that did not respond."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self._parameters = parameters
        self._errors: list[Error] = []

    def __iter__(self) -> Iterator[tuple[Host, dict[str, Any]]]:
        if HOSTS.is_closed:
            raise ConnectionTimeout("timeout expired: this process ends")
        yield from HOSTS.in_order(self._parameters)
        raise type(self._errors[-1])("\n".join(map(str, self._errors)))

    @contextmanager
    def trying(self, host: Host) -> Iterator[None]:
        try:
            yield
            HOSTS.find(host)
        except OperationalError as error:
            self._errors.append(error)
            if isinstance(error, ConnectionTimeout):
                HOSTS.avoid(host)


class WatchedConnection(Connection[Any]):
    """A connection of psycopg that does not wait for ever."""

    watch: _Watch | None = None

    @classmethod
    def open(cls, seconds: float, **parameters: Any) -> Self:  # noqa: ANN401 - psycopg's
        """Connect. In a round trip the server may say nothing for so many seconds; 0 means no limit while its host responds."""
        attempts = _Attempts(parameters)
        for host, alone in attempts:
            with attempts.trying(host):
                connection = cls.connect("", **alone)
                connection.watch = _Watch(connection.pgconn, host, alone, seconds)
                return connection
        raise AssertionError("the attempts end with an error")

    def wait(self, gen: PQGen[T], *args: Any, **kwargs: Any) -> T:  # noqa: ANN401 - psycopg's
        return super().wait(gen if self.watch is None else self.watch.over(gen), *args, **kwargs)


class WatchedAsyncConnection(AsyncConnection[Any]):
    """The same on the event loop."""

    watch: _Watch | None = None

    @classmethod
    async def open(cls, seconds: float, **parameters: Any) -> Self:  # noqa: ANN401 - psycopg's
        """Connect, as ``WatchedConnection.open`` does."""
        attempts = _Attempts(parameters)
        for host, alone in attempts:
            with attempts.trying(host):
                connection = await cls.connect("", **alone)
                connection.watch = _Watch(connection.pgconn, host, alone, seconds)
                return connection
        raise AssertionError("the attempts end with an error")

    async def wait(self, gen: PQGen[T], *args: Any, **kwargs: Any) -> T:  # noqa: ANN401 - psycopg's
        return await super().wait(gen if self.watch is None else self.watch.over(gen), *args, **kwargs)

    def __del__(self, *_: object) -> None:
        """Close the connection of a wait that nobody finishes: no pool has it, and the event loop may have ended."""
        if getattr(self, "pgconn", None) is not None:
            self.pgconn.finish()
