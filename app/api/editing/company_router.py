"""The addresses that write companies."""

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
    """Create a company. Its facts are created at its own addresses, or together with it by a dataset.

    With an `Idempotency-Key` the request may be sent again after a lost answer: it creates one company.
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
    """Put what the body describes in the place of the company. What you leave out becomes null or its default.

    Send what you have read, with your changes: fields as they were served count as unchanged. `If-Match` must name the
    version that you have read. Another `slug` gives it another address; the old one redirects there.
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
    """Change only the fields that the body names (a JSON Merge Patch, RFC 7396); null takes a field away.

    Fields are those of a dataset's company. `If-Match` must name the version that you have read.
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
    """Delete a company that has no facts, or with `with_facts=true` the company and its facts.

    The deletion is a revision: the history stays, `as_of` still shows what was, and `company-profiles undo` takes it back.
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
    """Give every fact, name, identifier and address of the company to the one named by `into`, which is the answer.

    `If-Match` must name the version of the company that goes. A fact whose slug is taken there gets the company's slug
    after its own. Every old address redirects.
    """
    return await database.write(merge, merging.change, company, merging.into)
