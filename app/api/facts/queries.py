"""The SQL of facts: one fact, and lists of facts."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Connection, bindparam, select, true

from app.api.facts.filters import FactTable, fact_conditions
from app.api.facts.parameters import FactParameters, FactsAcrossParameters
from app.database.models import Company, Metric, Milestone, Product, RevisionHead, Source
from app.database.prepared import PreparedStatement
from app.database.similar_slugs import near_slugs
from app.errors.problem import FieldError
from app.errors.reading import InvalidParameters, NotFound
from app.http.conditional import Stamp
from app.http.lists.listing import Listing
from app.http.lists.pages import ListStatements, prepared, values_of
from app.http.lists.sorting import SortKeyMaker, SortOrder, by_date, by_text
from app.revisions.former_addresses import follow

CITATION_COLUMNS = ("note", "citations", "url", "revision", "updated_at")

_PLURALS: Mapping[FactTable, str] = {Milestone: "milestones", Product: "products", Metric: "metrics"}
_ONE = {
    table: PreparedStatement(
        select(table.document, RevisionHead.dataset, table.revision, RevisionHead.newest)
        .join(Company, table.company_id == Company.id)
        .join(RevisionHead, true())
        .where(Company.slug == bindparam("company"), table.slug == bindparam("slug"))
    )
    for table in _PLURALS
}


def one_fact(connection: Connection, table: FactTable, company: str, slug: str) -> tuple[str, Stamp]:
    """The document of one fact. Raises NotFound with the nearest slugs of that company."""
    for document, dataset, revision, newest in _ONE[table].rows(connection, {"company": company, "slug": slug}):
        return document, Stamp(dataset, revision, newest)
    base = f"/v1/companies/{company}/{_PLURALS[table]}"
    follow(connection, f"{base}/{slug}")
    require_company(connection, company)
    siblings = select(table.slug).join(Company, table.company_id == Company.id).where(Company.slug == company)
    near = near_slugs(connection, siblings, table.slug, slug)
    raise NotFound(f"{company} has no {table.__tablename__[:-1]} {slug[:100]!r}.", suggestions=[f"{base}/{s}" for s in near])


def require_company(connection: Connection, company: str) -> int:
    """The row number of a company. Raises NotFound with the nearest slugs, Moved or Gone, if the company doesn't exist."""
    identity = connection.execute(select(Company.id).where(Company.slug == company)).scalar()
    if identity is None:
        follow(connection, f"/v1/companies/{company}")
        near = near_slugs(connection, select(Company.slug), Company.slug, company)
        raise NotFound(f"There is no company {company[:100]!r}.", suggestions=[f"/v1/companies/{slug}" for slug in near])
    return identity


def require_named(connection: Connection, *, companies: Sequence[str] = (), sources: Sequence[str] = ()) -> None:
    """Raises InvalidParameters, with the nearest slugs, if a company or source that a filter names doesn't exist."""
    errors = []
    for field, column, slugs in (("source", Source.slug, sources), ("company", Company.slug, companies)):
        known = set(connection.scalars(select(column).where(column.in_(slugs)))) if slugs else set()
        for slug in slugs:
            if slug not in known:
                near = near_slugs(connection, select(column), column, slug)
                errors.append(FieldError(field=field, message=f"There is no {field} {slug!r}", suggestion=next(iter(near), None)))
    if errors:
        raise InvalidParameters.of(errors)


def _check(connection: Connection, parameters: FactParameters, company: str | None) -> None:
    if company is not None:
        require_company(connection, company)
    companies = parameters.company if isinstance(parameters, FactsAcrossParameters) else ()
    require_named(connection, companies=companies, sources=parameters.source)


def list_facts(
    table: FactTable,
    parameters: FactParameters,
    build: Callable[..., ListStatements],
    *,
    model: type[BaseModel],
    columns: Sequence[str],
    company: str | None = None,
) -> Listing:
    """Facts of one kind, of one company or across companies. ``build`` calls ``fact_statements``."""
    return Listing(
        name=_PLURALS[table] if company is None else f"{company}-{_PLURALS[table]}",
        statements=prepared(build, parameters, company is not None),
        values=values_of(parameters) | {"of_company": company},
        models=(model,),
        columns=("company", "slug", *columns, *CITATION_COLUMNS),
        check=partial(_check, parameters=parameters, company=company),
    )


def fact_statements(
    table: FactTable,
    parameters: FactParameters,
    *conditions: ColumnElement[bool],
    sort_keys: Mapping[str, SortKeyMaker],
    of_one: bool,
) -> ListStatements:
    """The statements of a list of facts, of one company or across companies."""
    rows = select(table.document).where(*fact_conditions(table, parameters), *conditions)
    known = {"slug": by_text(table.slug), "date": by_date(table.earliest, table.latest), **sort_keys}
    if of_one:
        company_id = select(Company.id).where(Company.slug == bindparam("of_company", type_=Company.slug.type))
        rows = rows.where(table.company_id == company_id.scalar_subquery())
    elif "company" in parameters.sort:
        rows = rows.join(Company, table.company_id == Company.id)
        known["company"] = by_text(Company.slug)
    return ListStatements(rows, SortOrder.parse(parameters.sort, known, table.id))
