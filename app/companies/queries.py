"""The SQL of companies and their profiles."""

from functools import lru_cache
from typing import Annotated

from pydantic import Field
from sqlalchemy import ColumnElement, Connection, bindparam, exists, or_, select, true

from app.companies.schemas import Company as CompanyDocument
from app.errors import NotFound
from app.facts.filters import in_range
from app.facts.queries import require_company
from app.fields import IDENTIFIER_PATTERN, CountryCode, Line, fold
from app.formats import Stamp
from app.lists import Listing
from app.models import Company, CompanyIdentifier, CompanyName, RevisionHead
from app.pagination import Order, by_date, by_optional_text, by_text
from app.parameters import AsOf, DatedListParameters, sort_documentation, sortable

COLUMNS = (
    "slug", "name", "other_names", "country",
    "founded.edtf", "founded.text", "founded.earliest", "founded.latest",
    "summary", "identifiers", "note", "citations", "url", "revision", "updated_at",
)  # fmt: skip

_COMPANY = (
    select(Company.document, RevisionHead.dataset, Company.revision, RevisionHead.newest)
    .join(RevisionHead, true())
    .where(Company.slug == bindparam("company"))
)


class CompaniesParameters(DatedListParameters):
    """Filters of companies. The date is that of the founding."""

    country: Annotated[
        list[CountryCode], Field(max_length=20, description="Only companies of one of these countries.", examples=[["CN"]])
    ] = []
    name: Annotated[
        Line | None,
        Field(
            min_length=1,
            max_length=300,
            description="Only companies with this name, whatever its case and accents.",
            examples=["Baidu"],
        ),
    ] = None
    identifier: Annotated[
        str | None,
        Field(
            max_length=361,
            pattern=IDENTIFIER_PATTERN,
            description="Only companies with this identifier, written scheme:value.",
            examples=["website:https://www.baidu.com"],
        ),
    ] = None
    as_of: AsOf = None
    sort: Annotated[
        str, sortable("name", "slug", "country", "founded"), sort_documentation("name", "slug", "country", "founded")
    ] = "name"


def list_companies(parameters: CompaniesParameters) -> Listing:
    rows = select(Company.document).where(*in_range(Company, parameters))
    if parameters.country:
        rows = rows.where(Company.country.in_(parameters.country))
    if parameters.name is not None:
        rows = rows.where(_named(fold(parameters.name)))
    if parameters.identifier is not None:
        scheme, _, value = parameters.identifier.partition(":")
        registered = exists().where(
            CompanyIdentifier.company_id == Company.id, CompanyIdentifier.scheme == scheme, CompanyIdentifier.value == value
        )
        rows = rows.where(registered)
    return Listing("companies", rows, _order(parameters.sort), (CompanyDocument,), COLUMNS)


_SORT_KEYS = {
    "name": by_text(Company.name_key),
    "slug": by_text(Company.slug),
    "country": by_optional_text(Company.country),
    "founded": by_date(Company.earliest, Company.latest),
}


@lru_cache(maxsize=64)
def _order(sort: str) -> Order:
    return Order.parse(sort, _SORT_KEYS, Company.id)


def _named(key: str) -> ColumnElement[bool]:
    also = exists().where(CompanyName.company_id == Company.id, CompanyName.name_key == key)
    return or_(Company.name_key == key, also)


def one_company(connection: Connection, company: str) -> tuple[str, Stamp]:
    """The document of a company. Raises NotFound with the nearest slugs."""
    row = connection.execute(_COMPANY, {"company": company}).one_or_none()
    if row is None:
        require_company(connection, company)
        raise NotFound(f"There is no company {company!r}.")
    return row[0], Stamp(*row[1:])
