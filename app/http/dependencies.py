"""Dependencies of endpoints: the database and path parameters."""

import re
from typing import Annotated

from fastapi import Depends, Path, Request

from app.database.database import Database
from app.errors.problem import FieldError
from app.errors.reading import InvalidParameters

MINIMUM_REVISION = "Profiles-Minimum-Revision"
"""A revision that the client has seen: the response must not be older. The response to a change names it."""
_REVISION = re.compile("[0-9]{1,15}")


async def get_database(request: Request) -> Database:
    """The database, read from a server that has everything the client may have seen. Clients with a key read from the primary.

    An async function, because the framework would run a plain one in a thread, which costs as much as the query.
    """
    database: Database = request.app.state.database
    if not database.has_replicas:
        return database
    if "authorization" in request.headers:
        return database.primary
    revision = request.headers.get(MINIMUM_REVISION)
    return database if revision is None else database.at_least(_number(revision))


def _number(revision: str) -> int:
    if _REVISION.fullmatch(revision) is None:
        raise InvalidParameters.of([FieldError(field=MINIMUM_REVISION, message="expected the number of a revision, such as 64")])
    return int(revision)


SEGMENT = r"^[^/\x00-\x1f\x7f-\x9f]+$"
"""Anything else is looked up, so that a misspelt slug is a 404 that suggests the closest match."""

DatabaseDependency = Annotated[Database, Depends(get_database)]

CompanyPath = Annotated[
    str, Path(min_length=1, max_length=200, description="Slug of the company.", examples=["baidu"], pattern=SEGMENT)
]
SourcePath = Annotated[
    str,
    Path(
        min_length=1,
        max_length=200,
        description="Slug of the source.",
        examples=["chinas-sci-tech-is-going-global"],
        pattern=SEGMENT,
    ),
]
FactPath = Annotated[
    str, Path(min_length=1, max_length=200, description="Slug of the fact.", examples=["founded"], pattern=SEGMENT)
]
MilestonePath = FactPath
ProductPath = Annotated[FactPath, Path(examples=["baidu-ai-cloud"])]
MetricPath = Annotated[FactPath, Path(examples=["search-queries"])]
