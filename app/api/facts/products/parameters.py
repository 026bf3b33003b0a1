"""Query parameters of lists of products."""

from typing import Annotated

from app.api.facts.parameters import FactParameters, FactsAcrossParameters
from app.http.lists.parameters import several, sort_by
from app.records.product import Category

Categories = Annotated[list[Category], several("Only products of one of these categories.", "platform", title="product category")]


class CompanyProductsParameters(FactParameters):
    """Filters for one company's products."""

    category: Categories = []
    sort: Annotated[str, sort_by("name", "launched", "slug")] = "name"


class ProductsParameters(FactsAcrossParameters):
    """Filters for products across companies."""

    category: Categories = []
    sort: Annotated[str, sort_by("name", "launched", "company", "slug")] = "name"
