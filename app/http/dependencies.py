"""Dependencies of endpoints: the database and path parameters."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Path, Request

from app.database.database import Database
from app.errors.reading import InvalidParameters
from app.values.resources import FactKind
from app.values.text import SEGMENT_PATTERN

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
        raise InvalidParameters.on(MINIMUM_REVISION, "expected the number of a revision, such as 64")
    return int(revision)


DatabaseDependency = Annotated[Database, Depends(get_database)]


def _slug(of: str, example: str, called: str = "") -> Any:  # noqa: ANN401 - as Path itself is declared
    """The title is the name of the parameter in the components of the OpenAPI document."""
    description = f"Slug of the {called or of}."
    # Any segment is looked up, so that a misspelt slug is a 404 that suggests the closest match.
    return Path(
        title=f"{of} slug", min_length=1, max_length=200, description=description, examples=[example], pattern=SEGMENT_PATTERN
    )


CompanyPath = Annotated[str, _slug("company", "baidu")]
SourcePath = Annotated[str, _slug("source", "chinas-sci-tech-is-going-global")]
FACT_SLUGS: Mapping[FactKind, Any] = {
    "milestone": _slug("milestone", "founded", called="fact"),
    "product": _slug("product", "baidu-ai-cloud", called="fact"),
    "metric": _slug("metric", "search-queries", called="fact"),
}
"""What is declared of the last segment of a fact's URL, by the kind of the fact."""
