"""The database as a revision left it (ADR 6)."""

import datetime
from bisect import bisect_right
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, select

from app.database.models import Revision, RevisionHead
from app.database.servers import Side
from app.errors.problem import FieldError
from app.errors.reading import InvalidParameters
from app.values.dates import moment

P = ParamSpec("P")
T = TypeVar("T")


def revision_at(connection: Connection, as_of: str) -> int:
    """The revision that ``as_of`` names, or the newest one recorded by the time that it names; 0 before the first.

    Raises InvalidParameters for a revision that there is not yet.
    """
    newest = connection.execute(select(RevisionHead.newest)).scalar_one()
    wanted = moment(as_of)
    if isinstance(wanted, int):
        if wanted > newest:
            message = f"there is no revision {wanted} yet; the newest is {newest}"
            raise InvalidParameters.of([FieldError(field="as_of", message=message)])
        return wanted
    # Revisions are recorded in the order of their numbers, so a time is found among them by halving.
    return bisect_right(range(1, newest + 1), wanted, key=lambda number: _recorded_at(connection, number))


def _recorded_at(connection: Connection, number: int) -> datetime.datetime:
    recorded_at = connection.execute(select(Revision.recorded_at).where(Revision.number == number)).scalar_one()
    return recorded_at.replace(tzinfo=datetime.UTC)


class Past:
    """The database as a revision left it. Every query runs as it is; its tables stand for the rows of that time."""

    def __init__(self, side: Side, revision: int) -> None:
        self._side = side
        self._revision = revision

    def connect(self) -> Connection:
        return self._side.past_engine.connect().execution_options(profiles_as_of=self._revision)

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._side.scan(self.connect, query, *args, **kwargs)

    async def scan(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._side.scan(self.connect, query, *args, **kwargs)
