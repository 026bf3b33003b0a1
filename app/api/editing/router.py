"""The endpoints that write records: create, replace, change and delete, the same four for every kind."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from app.api.editing.changes import Target, create, patch, remove_resource, replace
from app.api.editing.merging import merge
from app.api.editing.openapi import body_of, change_responses, creation_responses, deletion_responses, patch_of
from app.api.editing.requests import (
    ChangeDependency,
    ChangeRequest,
    CreationDependency,
    get_change,
    get_deletion,
    get_merging,
)
from app.http.dependencies import FACT_SLUGS, CompanyPath, DatabaseDependency, SourcePath
from app.http.openapi_problems import Responses
from app.http.request_body import REFUSED_BY_FRAMEWORK
from app.records.company import Company
from app.records.metric import Metric
from app.records.milestone import Milestone
from app.records.product import Product
from app.records.source import Source
from app.values.resources import PLURALS, FactKind, Kind

router = APIRouter(prefix="/v1", max_body_size=REFUSED_BY_FRAMEWORK)

_TEXTS = {
    "replace": """Replace the {kind} with the body. Fields that you leave out become null or their default.

Send the resource as you read it, with your changes: fields that still have their served value count as unchanged.
`If-Match` must name the version that you read. A new `slug` changes the URL, and the old URL redirects to it.""",
    "change": """Change only the fields in the body, a JSON Merge Patch (RFC 7396). null removes a field.

The fields are those of a {kind} in a dataset. `If-Match` must name the version that you read.""",
}
"""The descriptions that are the same for every kind."""
_FACT_TEXTS = {
    "create": "Create a {kind} of the company, with at least one citation of an existing source.",
    "delete": "Delete a {kind}. Its history stays, and `as_of` still shows it.",
}
_COMPANY_TEXTS = {
    "create": """Create a company. Create its facts at their own endpoints, or load the company with its facts as a dataset.

With an `Idempotency-Key` you can repeat the request if the response was lost: it creates one company.""",
    "delete": """Delete a company that has no facts. With `with_facts=true`, delete its facts too.

The deletion is a revision: the history stays, `as_of` still shows the company, and an undo restores it.""",
}
_SOURCE_TEXTS = {
    "create": """Create a source with its text, if you may publish it, or with the length and digest of a text that you hold.

With an `Idempotency-Key` you can repeat the request if the response was lost: it creates one source.""",
    "replace": _TEXTS["replace"]
    + """ If you
leave out the text, it stays. Everything that cites the source is checked against it.""",
    "delete": "Delete a source that nothing cites. Its history stays, and `as_of` still shows it.",
}


async def _new_company() -> Target:
    return Target("company")


async def _company(company: CompanyPath) -> Target:
    return Target("company", slug=company)


async def _new_source() -> Target:
    return Target("source")


async def _source(source: SourcePath) -> Target:
    return Target("source", slug=source)


def _add_endpoints(
    kind: Kind,
    model: type[BaseModel],
    path: str,
    targets: tuple[Callable[..., Any], Callable[..., Any]],
    texts: dict[str, str],
    *,
    get_deletion: Callable[..., Any] = get_change,
) -> None:
    """Add the four endpoints of a kind. ``targets`` read the paths of a new record and of an existing one."""
    collection, (new, existing) = path.rpartition("/")[0], targets
    Existing = Annotated[Target, Depends(existing)]  # noqa: N806 - it is a type

    def about(verb: str, summary: str, responses: Responses) -> dict[str, Any]:
        texts_of_kind = {"summary": f"{summary} a {kind}", "description": (_TEXTS | texts)[verb].format(kind=kind)}
        return {"operation_id": f"{verb}_{kind}", "tags": [PLURALS[kind]], "responses": responses, **texts_of_kind}

    created = about("create", "Create", creation_responses(of_company="{company}" in collection))

    @router.post(collection, **created, status_code=201, response_model=model, openapi_extra=body_of(kind))
    async def post(database: DatabaseDependency, change: CreationDependency, target: Annotated[Target, Depends(new)]) -> Response:
        return await database.write(create, change, target)

    @router.put(path, **about("replace", "Replace", change_responses()), response_model=model, openapi_extra=body_of(kind))
    async def put(database: DatabaseDependency, change: ChangeDependency, target: Existing) -> Response:
        return await database.write(replace, change, target)

    @router.patch(
        path, **about("change", "Change fields of", change_responses()), response_model=model, openapi_extra=patch_of(kind)
    )
    async def patch_fields(database: DatabaseDependency, change: ChangeDependency, target: Existing) -> Response:
        return await database.write(patch, change, target)

    @router.delete(path, **about("delete", "Delete", deletion_responses()), status_code=204, response_class=Response)
    async def delete(
        database: DatabaseDependency, change: Annotated[ChangeRequest, Depends(get_deletion)], target: Existing
    ) -> Response:
        return await database.write(remove_resource, change, target)


def _add_fact_endpoints(kind: FactKind, model: type[BaseModel]) -> None:
    async def new(company: CompanyPath) -> Target:
        return Target(kind, company)

    async def existing(company: CompanyPath, slug: Annotated[str, FACT_SLUGS[kind]]) -> Target:
        return Target(kind, company, slug)

    _add_endpoints(kind, model, f"/companies/{{company}}/{PLURALS[kind]}/{{slug}}", (new, existing), _FACT_TEXTS)


_add_endpoints("company", Company, "/companies/{company}", (_new_company, _company), _COMPANY_TEXTS, get_deletion=get_deletion)


@router.post(
    "/companies/{company}/merge",
    operation_id="merge_company",
    summary="Merge a company into another",
    tags=["companies"],
    response_model=Company,
    responses=change_responses(),
)
async def post_merge(
    database: DatabaseDependency,
    change: Annotated[ChangeRequest, Depends(get_merging)],
    target: Annotated[Target, Depends(_company)],
) -> Response:
    """Move every fact, name, identifier and URL of the company to the company named by `into`, and return that one.

    `If-Match` must name the version of the company that is merged away. If the other company has a fact with the same
    slug, the slug of the merged company is appended. Reads of every old URL are redirected.
    """
    return await database.write(merge, change, target)


_add_fact_endpoints("milestone", Milestone)
_add_fact_endpoints("product", Product)
_add_fact_endpoints("metric", Metric)
_add_endpoints("source", Source, "/sources/{source}", (_new_source, _source), _SOURCE_TEXTS)
