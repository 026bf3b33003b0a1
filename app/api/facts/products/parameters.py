"""Query parameters of lists of products."""

from typing import Annotated

from pydantic import Field

from app.api.facts.parameters import FactParameters, FactsAcrossParameters
from app.http.lists.parameters import sort_documentation, sortable
from app.records.product import Category

Categories = Annotated[
    list[Category], Field(max_length=20, description="Only products of one of these categories.", examples=[["platform"]])
]


class CompanyProductsParameters(FactParameters):
    """Filters for one company's products."""

    category: Categories = []
    sort: Annotated[str, sortable("name", "launched", "slug"), sort_documentation("name", "launched", "slug")] = "name"


class ProductsParameters(FactsAcrossParameters):
    """Filters for products across companies."""

    category: Categories = []
    sort: Annotated[
        str, sortable("name", "launched", "company", "slug"), sort_documentation("name", "launched", "company", "slug")
    ] = "name"
