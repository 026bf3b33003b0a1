"""Endpoints of products."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from app.api.facts.products.parameters import CompanyProductsParameters, ProductsParameters
from app.api.facts.products.queries import list_products
from app.api.facts.router import add_fact_endpoint
from app.errors.reading import NotFound
from app.http.dependencies import CompanyPath, DatabaseDependency
from app.http.lists.listing import PageLinks, respond_list
from app.http.openapi import list_responses
from app.records.product import Product

router = APIRouter(prefix="/v1", tags=["products"])


class ProductPage(PageLinks):
    """A page of products."""

    items: Annotated[list[Product], Field(max_length=200)]


@router.get(
    "/products", operation_id="list_products", summary="List products", response_model=ProductPage, responses=list_responses()
)
async def get_products(
    request: Request, database: DatabaseDependency, parameters: Annotated[ProductsParameters, Query()]
) -> Response:
    """Products of all companies, or of those that you filter for, by name.

    `category` distinguishes products, services, platforms, business lines, technologies and revenue streams.
    `from` and `to` filter by launch date.
    """
    return await respond_list(request, await database.as_of(parameters.as_of), list_products(parameters), parameters)


@router.get(
    "/companies/{company}/products",
    operation_id="list_company_products",
    summary="List a company's products",
    response_model=ProductPage,
    responses=list_responses(NotFound),
)
async def get_company_products(
    request: Request,
    company: CompanyPath,
    database: DatabaseDependency,
    parameters: Annotated[CompanyProductsParameters, Query()],
) -> Response:
    """One company's products, by name."""
    return await respond_list(request, await database.as_of(parameters.as_of), list_products(parameters, company), parameters)


add_fact_endpoint(router, "product", Product)
