"""The endpoints that write sources."""

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
    """Create a source with its text, if you may publish it, or with the length and digest of a text that you hold.

    With an `Idempotency-Key` you can repeat the request if the response was lost: it creates one source.
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
    """Replace the source with the body. Fields that you leave out become null or their default.

    Send the resource as you read it, with your changes: fields that still have their served value count as unchanged.
    `If-Match` must name the version that you read. A new `slug` changes the URL, and the old URL redirects to it. If you
    leave out the text, it stays. Everything that cites the source is checked against it.
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
    """Change only the fields in the body, a JSON Merge Patch (RFC 7396). null removes a field.

    The fields are those of a source in a dataset. `If-Match` must name the version that you read.
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
    """Delete a source that nothing cites. Its history stays, and `as_of` still shows it."""
    return await database.write(remove_resource, change, Target("source", slug=source))
