"""Liveness and readiness, for load balancers and monitors."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal, NamedTuple

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app import __version__
from app.database.database import Database
from app.database.diagnostics import may_lack_revisions, write_obstacle
from app.database.explain import reason
from app.database.failures import DATABASE_ERRORS
from app.database.models import RevisionHead
from app.database.schema_version import current_version, schema_fault
from app.database.servers import is_replica
from app.errors.reading import DatabaseUnavailable, MalformedRequest
from app.http.in_time import in_time
from app.http.openapi_problems import problem_responses

_SECONDS = 3.0
"""Time limit of readiness. A server that does not respond is left after 2.5 seconds (app/database/hosts.py), so that the next
one may answer within it."""


async def get_health_database(request: Request) -> Database:
    """The database over separate connections, so that a check never waits for a request."""
    database: Database = request.app.state.health_database
    return database


HealthDatabase = Annotated[Database, Depends(get_health_database)]

router = APIRouter(prefix="/health", tags=["health"])


class Health(BaseModel, json_schema_serialization_defaults_required=True):
    """The process runs."""

    status: Literal["ok"] = "ok"
    version: Annotated[str, Field(max_length=40, examples=[__version__])] = __version__


class Readiness(Health):
    """The process is ready to serve requests."""

    revision: Annotated[int, Field(ge=0, le=2**53 - 1, description="Number of the newest revision.", examples=[64])]
    schema_version: Annotated[str, Field(max_length=40, description="Version of the database's schema.", examples=["0001"])]
    read_from: Annotated[
        Literal["primary", "standby"],
        Field(description="The server that serves reads.", examples=["primary"]),
    ]
    primary_revision: Annotated[
        int | None,
        Field(ge=0, le=2**53 - 1, description="`revision` of the primary; null while it is unavailable.", examples=[64]),
    ]
    cannot_write: Annotated[
        str | None,
        Field(max_length=500, description="Why changes are not possible now; null if they are.", examples=[None]),
    ]
    may_lack_revisions: Annotated[
        bool,
        Field(
            description="Whether a standby was promoted after the newest revision, so that later ones may be lost. "
            "The next change then renames the dataset.",
            examples=[False],
        ),
    ]


@router.get("/live", operation_id="get_liveness", summary="Is the process alive?", responses=problem_responses(MalformedRequest))
async def get_liveness() -> Health:
    """Always responds while the process runs; checks nothing else."""
    return Health()


@router.get(
    "/ready",
    operation_id="get_readiness",
    summary="Is the service ready?",
    responses=problem_responses(MalformedRequest, DatabaseUnavailable),
)
async def get_readiness(database: HealthDatabase, response: Response) -> Readiness:
    """Returns 200 if the database responds in time and has the schema that this version needs, or a newer one; otherwise 503.

    During an upgrade the next version migrates the schema while this version still runs.
    The status is 200 even if reads work and changes do not: if only the primary is unavailable, the database is read-only
    or its disk is full. `cannot_write` then says why.
    """
    response.headers["Cache-Control"] = "no-store"
    if not database.has_replicas:
        with _explained():
            return await in_time(_state(database), _SECONDS)
    with _explained():
        state, primary = await asyncio.gather(in_time(_state(database), _SECONDS), _primary_state(database))
    return state.model_copy(update=primary._asdict())


@contextmanager
def _explained() -> Iterator[None]:
    """Turn the errors of a database that is unavailable or broken into the problem that says why."""
    try:
        yield
    except DBAPIError as error:
        raise DatabaseUnavailable(reason(error)) from error
    except PoolTimeout as error:
        raise DatabaseUnavailable("All database connections of this process are in use.") from error
    except TimeoutError as error:
        raise DatabaseUnavailable("The database server does not respond in time.") from error


async def _state(database: Database) -> Readiness:
    """Tried again if the connection was closed since the last check."""
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
    server: Literal["primary", "standby"] = "standby" if is_replica(connection) else "primary"
    revision, obstacle, may_lack = _read_primary(connection)
    return Readiness(
        revision=revision,
        schema_version=current_version(connection) or "none",
        read_from=server,
        primary_revision=revision,
        cannot_write=obstacle,
        may_lack_revisions=may_lack,
    )


class _Primary(NamedTuple):
    """The part of the response that is about the primary."""

    primary_revision: int | None
    cannot_write: str | None
    may_lack_revisions: bool


def _read_primary(connection: Connection) -> tuple[int, str | None, bool]:
    revision = connection.execute(select(RevisionHead.newest)).scalar_one_or_none()
    if revision is None:
        raise DatabaseUnavailable("The row that names the newest revision is missing. Restore the database from a backup.")
    return revision, write_obstacle(connection), may_lack_revisions(connection)


async def _primary_state(database: Database) -> _Primary:
    """The state of the primary, if it responds in time."""
    try:
        return _Primary(*await in_time(database.primary.read(_read_primary), _SECONDS))
    except TimeoutError:
        return _Primary(None, "The primary does not respond in time.", may_lack_revisions=False)
    except DATABASE_ERRORS as error:
        return _Primary(None, f"The primary is unavailable. {reason(error)}", may_lack_revisions=False)
