"""The endpoints that write companies."""

from fastapi import APIRouter, Response

from app.api.editing.changes import Target, create, patch, remove_resource, replace
from app.api.editing.merging import merge
from app.api.editing.openapi import body_of, change_responses, creation_responses, deletion_responses, patch_of
from app.api.editing.requests import ChangeDependency, CreationDependency, DeletionDependency, MergeDependency
from app.http.dependencies import CompanyPath, DatabaseDependency
from app.records.company import Company

router = APIRouter(prefix="/v1/companies", tags=["companies"])


@router.post(
    "",
    operation_id="create_company",
    summary="Create a company",
    status_code=201,
    response_model=Company,
    responses=creation_responses(),
    openapi_extra=body_of("company"),
)
async def post_company(database: DatabaseDependency, change: CreationDependency) -> Response:
    """Create a company. Create its facts at their own endpoints, or load the company with its facts as a dataset.

    With an `Idempotency-Key` you can repeat the request if the response was lost: it creates one company.
    """
    return await database.write(create, change, Target("company"))


@router.put(
    "/{company}",
    operation_id="replace_company",
    summary="Replace a company",
    response_model=Company,
    responses=change_responses(),
    openapi_extra=body_of("company"),
)
async def put_company(company: CompanyPath, database: DatabaseDependency, change: ChangeDependency) -> Response:
    """Replace the company with the body. Fields that you leave out become null or their default.

    Send the resource as you read it, with your changes: fields that still have their served value count as unchanged.
    `If-Match` must name the version that you read. A new `slug` changes the URL, and the old URL redirects to it.
    """
    return await database.write(replace, change, Target("company", slug=company))


@router.patch(
    "/{company}",
    operation_id="change_company",
    summary="Change fields of a company",
    response_model=Company,
    responses=change_responses(),
    openapi_extra=patch_of("company"),
)
async def patch_company(company: CompanyPath, database: DatabaseDependency, change: ChangeDependency) -> Response:
    """Change only the fields in the body, a JSON Merge Patch (RFC 7396). null removes a field.

    The fields are those of a company in a dataset. `If-Match` must name the version that you read.
    """
    return await database.write(patch, change, Target("company", slug=company))


@router.delete(
    "/{company}",
    operation_id="delete_company",
    summary="Delete a company",
    status_code=204,
    response_class=Response,
    responses=deletion_responses(),
)
async def delete_company(company: CompanyPath, database: DatabaseDependency, deletion: DeletionDependency) -> Response:
    """Delete a company that has no facts. With `with_facts=true`, delete its facts too.

    The deletion is a revision: the history stays, `as_of` still shows the company, and `company-profiles undo` restores it.
    """
    target = Target("company", slug=company)
    return await database.write(remove_resource, deletion.change, target, with_facts=deletion.with_facts)


@router.post(
    "/{company}/merge",
    operation_id="merge_company",
    summary="Merge a company into another",
    response_model=Company,
    responses=change_responses(),
)
async def post_merge(company: CompanyPath, database: DatabaseDependency, merging: MergeDependency) -> Response:
    """Move every fact, name, identifier and URL of the company to the company named by `into`, and return that one.

    `If-Match` must name the version of the company that is merged away. If the other company has a fact with the same
    slug, the slug of the merged company is appended. Every old URL redirects.
    """
    return await database.write(merge, merging.change, company, merging.into)
