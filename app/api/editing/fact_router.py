"""The endpoints that write facts."""

from fastapi import APIRouter, Response

from app.api.editing.changes import Target, create, patch, remove_resource, replace
from app.api.editing.openapi import body_of, change_responses, creation_responses, deletion_responses, patch_of
from app.api.editing.requests import ChangeDependency, CreationDependency
from app.http.dependencies import CompanyPath, DatabaseDependency, MetricPath, MilestonePath, ProductPath
from app.records.metric import Metric
from app.records.milestone import Milestone
from app.records.product import Product

router = APIRouter(prefix="/v1/companies/{company}")


@router.post(
    "/milestones",
    operation_id="create_milestone",
    summary="Create a milestone",
    tags=["milestones"],
    status_code=201,
    response_model=Milestone,
    responses=creation_responses(of_company=True),
    openapi_extra=body_of("milestone"),
)
async def post_milestone(company: CompanyPath, database: DatabaseDependency, change: CreationDependency) -> Response:
    """Create a milestone of the company, with at least one citation of an existing source."""
    return await database.write(create, change, Target("milestone", company))


@router.put(
    "/milestones/{slug}",
    operation_id="replace_milestone",
    summary="Replace a milestone",
    tags=["milestones"],
    response_model=Milestone,
    responses=change_responses(),
    openapi_extra=body_of("milestone"),
)
async def put_milestone(
    company: CompanyPath, slug: MilestonePath, database: DatabaseDependency, change: ChangeDependency
) -> Response:
    """Replace the milestone with the body. Fields that you leave out become null or their default.

    Send the resource as you read it, with your changes: fields that still have their served value count as unchanged.
    `If-Match` must name the version that you read. A new `slug` changes the URL, and the old URL redirects to it.
    """
    return await database.write(replace, change, Target("milestone", company, slug))


@router.patch(
    "/milestones/{slug}",
    operation_id="change_milestone",
    summary="Change fields of a milestone",
    tags=["milestones"],
    response_model=Milestone,
    responses=change_responses(),
    openapi_extra=patch_of("milestone"),
)
async def patch_milestone(
    company: CompanyPath, slug: MilestonePath, database: DatabaseDependency, change: ChangeDependency
) -> Response:
    """Change only the fields in the body, a JSON Merge Patch (RFC 7396). null removes a field.

    The fields are those of a milestone in a dataset. `If-Match` must name the version that you read.
    """
    return await database.write(patch, change, Target("milestone", company, slug))


@router.delete(
    "/milestones/{slug}",
    operation_id="delete_milestone",
    summary="Delete a milestone",
    tags=["milestones"],
    status_code=204,
    response_class=Response,
    responses=deletion_responses(),
)
async def delete_milestone(
    company: CompanyPath, slug: MilestonePath, database: DatabaseDependency, change: ChangeDependency
) -> Response:
    """Delete a milestone. Its history stays, and `as_of` still shows it."""
    return await database.write(remove_resource, change, Target("milestone", company, slug))


@router.post(
    "/products",
    operation_id="create_product",
    summary="Create a product",
    tags=["products"],
    status_code=201,
    response_model=Product,
    responses=creation_responses(of_company=True),
    openapi_extra=body_of("product"),
)
async def post_product(company: CompanyPath, database: DatabaseDependency, change: CreationDependency) -> Response:
    """Create a product of the company, with at least one citation of an existing source."""
    return await database.write(create, change, Target("product", company))


@router.put(
    "/products/{slug}",
    operation_id="replace_product",
    summary="Replace a product",
    tags=["products"],
    response_model=Product,
    responses=change_responses(),
    openapi_extra=body_of("product"),
)
async def put_product(
    company: CompanyPath, slug: ProductPath, database: DatabaseDependency, change: ChangeDependency
) -> Response:
    """Replace the product with the body. Fields that you leave out become null or their default.

    Send the resource as you read it, with your changes: fields that still have their served value count as unchanged.
    `If-Match` must name the version that you read. A new `slug` changes the URL, and the old URL redirects to it.
    """
    return await database.write(replace, change, Target("product", company, slug))


@router.patch(
    "/products/{slug}",
    operation_id="change_product",
    summary="Change fields of a product",
    tags=["products"],
    response_model=Product,
    responses=change_responses(),
    openapi_extra=patch_of("product"),
)
async def patch_product(
    company: CompanyPath, slug: ProductPath, database: DatabaseDependency, change: ChangeDependency
) -> Response:
    """Change only the fields in the body, a JSON Merge Patch (RFC 7396). null removes a field.

    The fields are those of a product in a dataset. `If-Match` must name the version that you read.
    """
    return await database.write(patch, change, Target("product", company, slug))


@router.delete(
    "/products/{slug}",
    operation_id="delete_product",
    summary="Delete a product",
    tags=["products"],
    status_code=204,
    response_class=Response,
    responses=deletion_responses(),
)
async def delete_product(
    company: CompanyPath, slug: ProductPath, database: DatabaseDependency, change: ChangeDependency
) -> Response:
    """Delete a product. Its history stays, and `as_of` still shows it."""
    return await database.write(remove_resource, change, Target("product", company, slug))


@router.post(
    "/metrics",
    operation_id="create_metric",
    summary="Create a metric",
    tags=["metrics"],
    status_code=201,
    response_model=Metric,
    responses=creation_responses(of_company=True),
    openapi_extra=body_of("metric"),
)
async def post_metric(company: CompanyPath, database: DatabaseDependency, change: CreationDependency) -> Response:
    """Create a metric of the company, with at least one citation of an existing source."""
    return await database.write(create, change, Target("metric", company))


@router.put(
    "/metrics/{slug}",
    operation_id="replace_metric",
    summary="Replace a metric",
    tags=["metrics"],
    response_model=Metric,
    responses=change_responses(),
    openapi_extra=body_of("metric"),
)
async def put_metric(company: CompanyPath, slug: MetricPath, database: DatabaseDependency, change: ChangeDependency) -> Response:
    """Replace the metric with the body. Fields that you leave out become null or their default.

    Send the resource as you read it, with your changes: fields that still have their served value count as unchanged.
    `If-Match` must name the version that you read. A new `slug` changes the URL, and the old URL redirects to it.
    """
    return await database.write(replace, change, Target("metric", company, slug))


@router.patch(
    "/metrics/{slug}",
    operation_id="change_metric",
    summary="Change fields of a metric",
    tags=["metrics"],
    response_model=Metric,
    responses=change_responses(),
    openapi_extra=patch_of("metric"),
)
async def patch_metric(
    company: CompanyPath, slug: MetricPath, database: DatabaseDependency, change: ChangeDependency
) -> Response:
    """Change only the fields in the body, a JSON Merge Patch (RFC 7396). null removes a field.

    The fields are those of a metric in a dataset. `If-Match` must name the version that you read.
    """
    return await database.write(patch, change, Target("metric", company, slug))


@router.delete(
    "/metrics/{slug}",
    operation_id="delete_metric",
    summary="Delete a metric",
    tags=["metrics"],
    status_code=204,
    response_class=Response,
    responses=deletion_responses(),
)
async def delete_metric(
    company: CompanyPath, slug: MetricPath, database: DatabaseDependency, change: ChangeDependency
) -> Response:
    """Delete a metric. Its history stays, and `as_of` still shows it."""
    return await database.write(remove_resource, change, Target("metric", company, slug))
