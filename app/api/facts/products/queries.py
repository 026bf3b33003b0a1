"""The SQL of products."""

from app.api.facts.products.parameters import CompanyProductsParameters, ProductsParameters
from app.api.facts.queries import fact_statements, list_facts
from app.database.models import Product
from app.http.lists.listing import Listing
from app.http.lists.pages import ListStatements, one_of
from app.http.lists.sorting import by_date, by_text
from app.records.product import Product as ProductDocument

COLUMNS = ("name", "category", "launched.edtf", "launched.text", "launched.earliest", "launched.latest", "description")


def list_products(parameters: CompanyProductsParameters | ProductsParameters, company: str | None = None) -> Listing:
    return list_facts(Product, parameters, _statements, model=ProductDocument, columns=COLUMNS, company=company)


def _statements(parameters: CompanyProductsParameters | ProductsParameters, of_one: bool) -> ListStatements:  # noqa: FBT001 - part of a key
    conditions = [one_of(Product.category, "category", parameters.category)] if parameters.category else []
    sort_keys = {"name": by_text(Product.name_key), "launched": by_date(Product.earliest, Product.latest)}
    return fact_statements(Product, parameters, *conditions, sort_keys=sort_keys, of_one=of_one)
