"""The SQL of the front page and of the page for developers, and of the sources that a page's facts cite."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, ScalarSelect, func, select, union_all

from app.database.models import Company as CompanyRow
from app.database.models import Metric, Milestone, Product, Source
from app.records.company import Company
from app.records.metric import Metric as MetricRecord
from app.records.source import Source as SourceRecord

MOST_COMPANIES = 6
MOST_COUNTED = 10_000
"""Larger counts are shown as a lower bound, so the database need not count every row."""

_TABLES: dict[str, type[CompanyRow | Milestone | Product | Metric | Source]] = {
    "companies": CompanyRow,
    "milestones": Milestone,
    "products": Product,
    "metrics": Metric,
    "sources": Source,
}


@dataclass(frozen=True)
class Overview:
    """What the examples for developers name: a company with many facts, and a source."""

    company: Company | None
    source: str | None


def _count(table: type[CompanyRow | Milestone | Product | Metric | Source]) -> ScalarSelect[int]:
    return select(func.count()).select_from(select(table.id).limit(MOST_COUNTED + 1).subquery()).scalar_subquery()


_COUNTS = select(*(_count(table).label(name) for name, table in _TABLES.items()))
_FIRST = select(CompanyRow.document).order_by(CompanyRow.name_key, CompanyRow.id).limit(MOST_COMPANIES)
_FACTS = union_all(*(select(table.company_id) for table in (Milestone, Product, Metric))).subquery("facts")
_MOST_FACTS = (
    select(_FACTS.c.company_id, func.count().label("number"))
    .group_by(_FACTS.c.company_id)
    .order_by(func.count().desc(), _FACTS.c.company_id)
    .limit(MOST_COMPANIES)
    .subquery("most_facts")
)
_RICHEST = (
    select(CompanyRow.document)
    .outerjoin(_MOST_FACTS, _MOST_FACTS.c.company_id == CompanyRow.id)
    .order_by(func.coalesce(_MOST_FACTS.c.number, 0).desc(), CompanyRow.name_key, CompanyRow.id)
    .limit(MOST_COMPANIES)
)
_SOURCE = select(Source.slug).order_by(Source.title_key, Source.id).limit(1)


def count_all(connection: Connection) -> dict[str, int]:
    """How many resources of each kind there are; of those with more than MOST_COUNTED, that there are more."""
    return dict(connection.execute(_COUNTS).mappings().one())


def richest_companies(connection: Connection) -> list[str]:
    """The documents of the companies with the most facts. It reads all facts."""
    return list(connection.scalars(_RICHEST))


def first_companies(connection: Connection) -> list[str]:
    """The documents of the first companies by name."""
    return list(connection.scalars(_FIRST))


def read_overview(connection: Connection) -> Overview:
    """The data of the page for developers."""
    document = connection.scalar(_FIRST.limit(1))
    company = None if document is None else Company.model_validate_json(document)
    return Overview(company, connection.scalar(_SOURCE))


def cited_sources(connection: Connection, facts: Iterable[MetricRecord]) -> list[SourceRecord]:
    """The sources that facts cite."""
    cited = {citation.source for fact in facts for citation in fact.citations}
    documents = connection.scalars(select(Source.document).where(Source.slug.in_(cited)))
    return [SourceRecord.model_validate_json(document) for document in documents]
