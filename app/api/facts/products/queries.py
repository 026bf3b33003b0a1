"""The SQL of products."""

from typing import Annotated

from pydantic import Field
from sqlalchemy import ColumnElement

from app.api.facts.filters import FactParameters, FactsAcrossParameters
from app.api.facts.queries import list_facts
from app.database.models import Product
from app.http.lists.listing import Listing
from app.http.lists.sorting import by_date, by_text
from app.http.parameters import sort_documentation, sortable
from app.records.product import Category
from app.records.product import Product as ProductDocument

Categories = Annotated[
    list[Category], Field(max_length=20, description="Only products of one of these categories.", examples=[["platform"]])
]
COLUMNS = ("name", "category", "launched.edtf", "launched.text", "launched.earliest", "launched.latest", "description")


class CompanyProductsParameters(FactParameters):
    """Filters of one company's products."""

    category: Categories = []
    sort: Annotated[str, sortable("name", "launched", "slug"), sort_documentation("name", "launched", "slug")] = "name"


class ProductsParameters(FactsAcrossParameters):
    """Filters of products across companies."""

    category: Categories = []
    sort: Annotated[
        str, sortable("name", "launched", "company", "slug"), sort_documentation("name", "launched", "company", "slug")
    ] = "name"


def list_products(parameters: CompanyProductsParameters | ProductsParameters, company: str | None = None) -> Listing:
    conditions: list[ColumnElement[bool]] = [Product.category.in_(parameters.category)] if parameters.category else []
    sort_keys = {"name": by_text(Product.name_key), "launched": by_date(Product.earliest, Product.latest)}
    return list_facts(
        Product, parameters, *conditions, sort_keys=sort_keys, model=ProductDocument, columns=COLUMNS, company=company
    )
