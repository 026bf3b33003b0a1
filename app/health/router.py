"""For load balancers and monitors: whether the process runs, and whether it can answer."""

from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from sqlalchemy import Connection, select

from app import __version__
from app.dependencies import DatabaseDependency
from app.errors import AddressTooLong, DatabaseUnavailable, InternalError, MalformedRequest, Problem
from app.models import RevisionHead
from app.openapi import Responses, problem_responses
from app.schema import current_version, newest_version


def _problems(*problems: type[Problem]) -> Responses:
    """Those, and what any address gives that cannot be read."""
    return problem_responses(MalformedRequest, AddressTooLong, *problems)


router = APIRouter(prefix="/health", tags=["health"])


class Health(BaseModel):
    """The process runs."""

    status: Literal["ok"] = "ok"
    version: Annotated[str, Field(max_length=40, examples=[__version__])] = __version__


class Readiness(Health):
    """The process can answer."""

    revision: Annotated[int, Field(ge=0, le=2**53 - 1, description="Number of the newest revision.", examples=[64])]
    schema_version: Annotated[str, Field(max_length=40, description="Version of the database's schema.", examples=["0001"])]


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
async def get_readiness(database: DatabaseDependency, response: Response) -> Readiness:
    """Answers 200 where the database answers and has the schema that this version needs, otherwise 503 with the reason."""
    response.headers["Cache-Control"] = "no-store"
    return await database.scan(_read_state)


def _read_state(connection: Connection) -> Readiness:
    version, needed = current_version(connection) or "none", newest_version()
    if version != needed:
        raise DatabaseUnavailable(f"The database has schema version {version}, this program needs {needed}.")
    return Readiness(revision=connection.execute(select(RevisionHead.newest)).scalar_one(), schema_version=version)
