"""For load balancers and monitors: whether the process runs, and whether it can answer."""

import asyncio
from typing import Annotated, Literal, NamedTuple

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from app import __version__
from app.database.database import Database
from app.database.diagnostics import write_obstacle
from app.database.failures import DATABASE_ERRORS
from app.database.models import RevisionHead
from app.database.reasons import explained, reason
from app.database.schema_version import current_version, schema_fault
from app.database.servers import is_replica
from app.errors.problem import Problem
from app.errors.reading import AddressTooLong, DatabaseUnavailable, InternalError, MalformedRequest
from app.http.openapi import Responses, problem_responses

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
    cannot_write: Annotated[
        str | None,
        Field(max_length=500, description="Why nothing can be changed now; null where changes are taken.", examples=[None]),
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
    """Answers 200 where the database answers and has the schema that this version needs or a newer one, otherwise 503.

    A newer schema is what the next version brings the database to while this one still runs.
    It is 200 too while reads are answered and nothing can be changed, as where only the primary is away, the database is
    read-only or its disk is full: `cannot_write` says so.
    """
    response.headers["Cache-Control"] = "no-store"
    if not database.has_replicas:
        with explained():
            return await _state(database)
    with explained():
        state, primary = await asyncio.gather(_state(database), _primary_state(database))
    return state.model_copy(update=primary._asdict())


async def _state(database: Database) -> Readiness:
    """Asked again where the connection turns out to have been closed since the last time."""
    try:
        return await database.read(_read_state)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        return await database.read(_read_state)


def _read_state(connection: Connection) -> Readiness:
    fault = schema_fault(connection)
    if fault is not None:
        raise DatabaseUnavailable(fault)
    side: Literal["primary", "standby"] = "standby" if is_replica(connection) else "primary"
    revision, obstacle = _read_primary(connection)
    return Readiness(
        revision=revision,
        schema_version=current_version(connection) or "none",
        read_from=side,
        primary_revision=revision,
        cannot_write=obstacle,
    )


class _Primary(NamedTuple):
    """What of the answer is about the primary."""

    primary_revision: int | None
    cannot_write: str | None


def _read_primary(connection: Connection) -> tuple[int, str | None]:
    revision = connection.execute(select(RevisionHead.newest)).scalar_one_or_none()
    if revision is None:
        raise DatabaseUnavailable("The database lacks the row that names its newest revision; restore it from a backup.")
    return revision, write_obstacle(connection)


async def _primary_state(database: Database) -> _Primary:
    """What the primary says, if it does so soon."""
    try:
        async with asyncio.timeout(_SECONDS):
            return _Primary(*await database.primary.read(_read_primary))
    except TimeoutError:
        return _Primary(None, "The primary does not answer in time.")
    except DATABASE_ERRORS as error:
        return _Primary(None, f"The primary is away. {reason(error)}")
