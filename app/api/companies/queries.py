"""The SQL of companies and their profiles."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Connection, bindparam, exists, or_, select, true

from app.api.companies.parameters import CompaniesParameters
from app.api.facts.filters import in_range
from app.api.facts.queries import require_company
from app.database.models import Company, CompanyIdentifier, CompanyName, RevisionHead
from app.database.prepared import PreparedStatement
from app.errors.reading import NotFound
from app.http.conditional import Stamp
from app.http.lists.listing import Listing
from app.http.lists.pages import kept_page
from app.http.lists.parameters import DEFAULT_LIMIT
from app.http.lists.sorting import SortOrder, by_date, by_optional_text, by_text
from app.records.company import Company as CompanyDocument
from app.values.text import fold

COLUMNS = (
    "slug", "name", "other_names", "country",
    "founded.edtf", "founded.text", "founded.earliest", "founded.latest",
    "summary", "identifiers", "note", "citations", "url", "revision", "updated_at",
)  # fmt: skip

_COMPANY = PreparedStatement(
    select(Company.document, RevisionHead.dataset, Company.revision, RevisionHead.newest)
    .join(RevisionHead, true())
    .where(Company.slug == bindparam("company"))
)


def list_companies(parameters: CompaniesParameters) -> Listing:
    """Companies in pages. The statement is kept by its shape: making it takes longer than running it."""
    values = _values(parameters)
    page = None if parameters.total else _PageShape(parameters.limit or DEFAULT_LIMIT, parameters.cursor is not None)
    shape = _Shape(frozenset(values), parameters.certain, parameters.dated, parameters.sort, page, parameters)
    return _listing(shape)._replace(values=values)


class _PageShape(NamedTuple):
    """How long a page is, and whether it starts after a cursor."""

    limit: int
    is_continued: bool


@dataclass(frozen=True)
class _Shape:
    """What the text of a statement hangs on, and parameters that make such a one.

    ``page`` is None where the statement of the page is not kept.
    """

    given: frozenset[str]
    certain: bool
    dated: bool | None
    sort: str
    page: _PageShape | None
    parameters: CompaniesParameters = field(compare=False)


@lru_cache(maxsize=256)
def _listing(shape: _Shape) -> Listing:
    parameters = shape.parameters
    given: dict[str, BindParameter[object]] = {name: bindparam(name, value) for name, value in _values(parameters).items()}
    rows = select(Company.document).where(*in_range(Company, parameters))
    countries = [bound for name, bound in given.items() if name.startswith(_COUNTRY)]
    if countries:
        rows = rows.where(Company.country.in_(countries))
    if "name_key" in given:
        rows = rows.where(_named(given["name_key"]))
    if "scheme" in given:
        registered = exists().where(
            CompanyIdentifier.company_id == Company.id,
            CompanyIdentifier.scheme == given["scheme"],
            CompanyIdentifier.value == given["value"],
        )
        rows = rows.where(registered)
    order = SortOrder.parse(parameters.sort, _SORT_KEYS, Company.id)
    page = shape.page and kept_page(rows, order, shape.page.limit, is_continued=shape.page.is_continued)
    return Listing("companies", rows, order, (CompanyDocument,), COLUMNS, page=page)


_COUNTRY = "country_"


def _values(parameters: CompaniesParameters) -> dict[str, object]:
    """What the parameters of the statement are given: those alone that it has."""
    scheme, _, value = (parameters.identifier or "").partition(":")
    values = {
        "range_from": parameters.from_,
        "range_to": parameters.to,
        "name_key": None if parameters.name is None else fold(parameters.name),
        "scheme": None if parameters.identifier is None else scheme,
        "value": None if parameters.identifier is None else value,
        **{f"{_COUNTRY}{number}": country for number, country in enumerate(parameters.country)},
    }
    return {name: given for name, given in values.items() if given is not None}


_SORT_KEYS = {
    "name": by_text(Company.name_key),
    "slug": by_text(Company.slug),
    "country": by_optional_text(Company.country),
    "founded": by_date(Company.earliest, Company.latest),
}


def _named(key: BindParameter[object]) -> ColumnElement[bool]:
    also = exists().where(CompanyName.company_id == Company.id, CompanyName.name_key == key)
    return or_(Company.name_key == key, also)


def one_company(connection: Connection, company: str) -> tuple[str, Stamp]:
    """The document of a company. Raises NotFound with the nearest slugs."""
    for document, dataset, revision, newest in _COMPANY.rows(connection, {"company": company}):
        return document, Stamp(dataset, revision, newest)
    require_company(connection, company)
    raise NotFound(f"There is no company {company!r}.")
