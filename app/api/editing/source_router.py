"""The addresses that write sources."""

from fastapi import APIRouter, Response

from app.api.editing.changes import Target, create, patch, remove_resource, replace
from app.api.editing.openapi import body_of, change_responses, creation_responses, deletion_responses, patch_of
from app.api.editing.requests import ChangeDependency, CreationDependency
from app.http.dependencies import DatabaseDependency, SourcePath
from app.records.source import Source

router = APIRouter(prefix="/v1/sources", tags=["sources"])


@router.post(
    "",
    operation_id="create_source",
    summary="Create a source",
    status_code=201,
    response_model=Source,
    responses=creation_responses(),
    openapi_extra=body_of("source"),
)
async def post_source(database: DatabaseDependency, change: CreationDependency) -> Response:
    """Create a source, with its text where you may publish that, or with the length and digest of a text that you hold.

    With an `Idempotency-Key` the request may be sent again after a lost answer: it creates one source.
    """
    return await database.write(create, change, Target("source"))


@router.put(
    "/{source}",
    operation_id="replace_source",
    summary="Replace a source",
    response_model=Source,
    responses=change_responses(),
    openapi_extra=body_of("source"),
)
async def put_source(source: SourcePath, database: DatabaseDependency, change: ChangeDependency) -> Response:
    """Put what the body describes in the place of the source. What you leave out becomes null or its default.

    Send what you have read, with your changes: fields as they were served count as unchanged. `If-Match` must name the
    version that you have read. Another `slug` gives it another address; the old one redirects there. A text
    stays unless another is given; what cites the source is checked against it.
    """
    return await database.write(replace, change, Target("source", slug=source))


@router.patch(
    "/{source}",
    operation_id="change_source",
    summary="Change fields of a source",
    response_model=Source,
    responses=change_responses(),
    openapi_extra=patch_of("source"),
)
async def patch_source(source: SourcePath, database: DatabaseDependency, change: ChangeDependency) -> Response:
    """Change only the fields that the body names (a JSON Merge Patch, RFC 7396); null takes a field away.

    Fields are those of a dataset's source. `If-Match` must name the version that you have read.
    """
    return await database.write(patch, change, Target("source", slug=source))


@router.delete(
    "/{source}",
    operation_id="delete_source",
    summary="Delete a source",
    status_code=204,
    response_class=Response,
    responses=deletion_responses(),
)
async def delete_source(source: SourcePath, database: DatabaseDependency, change: ChangeDependency) -> Response:
    """Delete a source that nothing cites any more. The history stays, and `as_of` still shows what was."""
    return await database.write(remove_resource, change, Target("source", slug=source))
