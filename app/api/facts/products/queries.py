"""The SQL of products."""

from sqlalchemy import ColumnElement

from app.api.facts.products.parameters import CompanyProductsParameters, ProductsParameters
from app.api.facts.queries import list_facts
from app.database.models import Product
from app.http.lists.listing import Listing
from app.http.lists.sorting import by_date, by_text
from app.records.product import Product as ProductDocument

COLUMNS = ("name", "category", "launched.edtf", "launched.text", "launched.earliest", "launched.latest", "description")


def list_products(parameters: CompanyProductsParameters | ProductsParameters, company: str | None = None) -> Listing:
    conditions: list[ColumnElement[bool]] = [Product.category.in_(parameters.category)] if parameters.category else []
    sort_keys = {"name": by_text(Product.name_key), "launched": by_date(Product.earliest, Product.latest)}
    return list_facts(
        Product, parameters, *conditions, sort_keys=sort_keys, model=ProductDocument, columns=COLUMNS, company=company
    )
