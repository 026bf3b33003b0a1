"""The database as a revision left it (ADR 6)."""

import datetime
from bisect import bisect_right
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, select

from app.database.models import Revision, RevisionHead
from app.database.scans import Places
from app.database.servers import Server
from app.errors.reading import InvalidParameters
from app.values.dates import moment

P = ParamSpec("P")
T = TypeVar("T")


def revision_at(connection: Connection, as_of: str) -> int:
    """The revision that ``as_of`` names, or the newest one recorded by the time that it names.

    Raises InvalidParameters for a revision that does not exist yet, and for a time before the first: an empty response would look
    as if sources stated nothing about it.
    """
    newest = connection.execute(select(RevisionHead.newest)).scalar_one()
    wanted = moment(as_of)
    if isinstance(wanted, int):
        if wanted > newest:
            message = f"there is no revision {wanted} yet; the newest is {newest}"
            raise InvalidParameters.on("as_of", message)
        return wanted
    # Revisions are recorded in the order of their numbers, so a binary search finds the time.
    found = bisect_right(range(1, newest + 1), wanted, key=lambda number: _recorded_at(connection, number))
    if newest and not found:
        began = f"{_recorded_at(connection, 1):%Y-%m-%dT%H:%M:%SZ}"
        message = f"the log begins later, with revision 1 at {began}; as_of=0 is the state before it"
        raise InvalidParameters.on("as_of", message)
    return found


def _recorded_at(connection: Connection, number: int) -> datetime.datetime:
    return connection.execute(select(Revision.recorded_at).where(Revision.number == number)).scalar_one()


class DatabaseAsOf:
    """The database as a revision left it. Queries run unchanged: the names of the tables stand for the rows of that revision."""

    def __init__(self, server: Server, revision: int) -> None:
        self._server = server
        self._revision = revision

    @property
    def exports(self) -> Places:
        return self._server.exports

    def stream(self) -> Connection:
        return self._server.history_engine.connect().execution_options(profiles_as_of=self._revision)

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._server.scan(self.stream, query, *args, **kwargs)

    async def scan(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._server.scan(self.stream, query, *args, **kwargs)
