"""For load balancers and monitors: whether the process runs, and whether it can answer."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from app import __version__
from app.db import Database
from app.dialects import DATABASE_ERRORS
from app.errors import AddressTooLong, DatabaseUnavailable, InternalError, MalformedRequest, Problem
from app.models import RevisionHead
from app.openapi import Responses, problem_responses
from app.schema import current_version, newest_version
from app.sides import is_standby

_SECONDS = 2.0
"""For the primary to answer, where standbys answer reads."""


def _problems(*problems: type[Problem]) -> Responses:
    """Those, and what any address gives that cannot be read."""
    return problem_responses(MalformedRequest, AddressTooLong, *problems)


async def get_health_database(request: Request) -> Database:
    """The database over connections of its own, so that a check waits for no request."""
    database: Database = request.app.state.health_database
    return database


HealthDatabase = Annotated[Database, Depends(get_health_database)]

router = APIRouter(prefix="/health", tags=["health"])


class Health(BaseModel):
    """The process runs."""

    status: Literal["ok"] = "ok"
    version: Annotated[str, Field(max_length=40, examples=[__version__])] = __version__


class Readiness(Health):
    """The process can answer."""

    revision: Annotated[int, Field(ge=0, le=2**53 - 1, description="Number of the newest revision.", examples=[64])]
    schema_version: Annotated[str, Field(max_length=40, description="Version of the database's schema.", examples=["0001"])]
    read_from: Annotated[
        Literal["primary", "standby"], Field(description="The side that answered, as it does other reads.", examples=["primary"])
    ]
    primary_revision: Annotated[
        int | None,
        Field(ge=0, le=2**53 - 1, description="As `revision`, on the primary; null while that is away.", examples=[64]),
    ]


@router.get("/live", operation_id="get_liveness", summary="Is the process alive?", responses=_problems(InternalError))
async def get_liveness() -> Health:
    """Always answers while the process runs; looks at nothing else."""
    return Health()


@router.get(
    "/ready",
    operation_id="get_readiness",
    summary="Can it answer?",
    responses=_problems(InternalError, DatabaseUnavailable),
)
async def get_readiness(database: HealthDatabase, response: Response) -> Readiness:
    """Answers 200 where the database answers and has the schema that this version needs, otherwise 503 with the reason.

    Where standbys answer reads, it is 200 too while only the primary is away: then nothing can be changed.
    """
    response.headers["Cache-Control"] = "no-store"
    if not database.has_standbys:
        return await _state(database)
    state, primary_revision = await asyncio.gather(_state(database), _primary_revision(database))
    return state.model_copy(update={"primary_revision": primary_revision})


async def _state(database: Database) -> Readiness:
    """Asked again where the connection turns out to have been closed since the last time."""
    try:
        return await database.read(_read_state)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        return await database.read(_read_state)


def _read_state(connection: Connection) -> Readiness:
    version, needed = current_version(connection) or "none", newest_version()
    if version != needed:
        raise DatabaseUnavailable(f"The database has schema version {version}, this program needs {needed}.")
    revision = _read_newest(connection)
    side: Literal["primary", "standby"] = "standby" if is_standby(connection) else "primary"
    return Readiness(revision=revision, schema_version=version, read_from=side, primary_revision=revision)


def _read_newest(connection: Connection) -> int:
    return connection.execute(select(RevisionHead.newest)).scalar_one()


async def _primary_revision(database: Database) -> int | None:
    """The newest revision on the primary; None where it does not say so soon."""
    try:
        async with asyncio.timeout(_SECONDS):
            return await database.primary.read(_read_newest)
    except (TimeoutError, *DATABASE_ERRORS):
        return None
