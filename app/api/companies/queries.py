"""The SQL of companies."""

from sqlalchemy import Connection, bindparam, exists, or_, select, true

from app.api.companies.parameters import CompaniesParameters
from app.api.facts.filters import in_range
from app.api.facts.queries import require_company
from app.database.models import Company, CompanyIdentifier, CompanyName, RevisionHead
from app.database.prepared import PreparedStatement
from app.errors.reading import NotFound
from app.http.conditional import Stamp
from app.http.lists.listing import Listing
from app.http.lists.pages import ListStatements, one_of, prepared, values_of
from app.http.lists.sorting import SortOrder, by_date, by_optional_text, by_text
from app.records.company import Company as CompanyDocument
from app.records.company import one_form
from app.values.text import fold

COLUMNS = (
    "slug", "name", "other_names", "country",
    "founded.edtf", "founded.text", "founded.earliest", "founded.latest",
    "summary", "identifiers", "note", "citations", "url", "revision", "updated_at",
)  # fmt: skip

_SORT_KEYS = {
    "name": by_text(Company.name_key),
    "slug": by_text(Company.slug),
    "country": by_optional_text(Company.country),
    "founded": by_date(Company.earliest, Company.latest),
}
_COMPANY = PreparedStatement(
    select(Company.document, RevisionHead.dataset, Company.revision, RevisionHead.newest)
    .join(RevisionHead, true())
    .where(Company.slug == bindparam("company"))
)


def list_companies(parameters: CompaniesParameters) -> Listing:
    """Companies in pages."""
    values = values_of(parameters)
    if parameters.name is not None:
        values["name"] = fold(parameters.name)
    if parameters.identifier is not None:
        scheme, _, value = parameters.identifier.partition(":")
        values |= {"scheme": scheme, "value": one_form(scheme, value), "given": value}
    return Listing("companies", prepared(_statements, parameters), values, (CompanyDocument,), COLUMNS)


def _statements(parameters: CompaniesParameters) -> ListStatements:
    rows = select(Company.document).where(*in_range(Company, parameters))
    if parameters.country:
        rows = rows.where(one_of(Company.country, "country", parameters.country))
    if parameters.name is not None:
        key = bindparam("name", type_=Company.name_key.type)
        also = exists().where(CompanyName.company_id == Company.id, CompanyName.name_key == key)
        rows = rows.where(or_(Company.name_key == key, also))
    if parameters.identifier is not None:
        registered = exists().where(
            CompanyIdentifier.company_id == Company.id,
            CompanyIdentifier.scheme == bindparam("scheme"),
            # As given, because an identifier that was stored before its scheme had one form keeps its form until it is written.
            CompanyIdentifier.value.in_([bindparam("value"), bindparam("given")]),
        )
        rows = rows.where(registered)
    return ListStatements(rows, SortOrder.parse(parameters.sort, _SORT_KEYS, Company.id))


def one_company(connection: Connection, company: str) -> tuple[str, Stamp]:
    """The document of a company. Raises NotFound with the nearest slugs."""
    for document, dataset, revision, newest in _COMPANY.rows(connection, {"company": company}):
        return document, Stamp(dataset, revision, newest)
    require_company(connection, company)
    raise NotFound(f"There is no company {company!r}.")
