"""The SQL of the front page."""

from dataclasses import dataclass

from sqlalchemy import Connection, ScalarSelect, func, select, true

from app.database.models import Company as CompanyRow
from app.database.models import Metric, Milestone, Product, RevisionHead, Source
from app.records.company import Company

MOST_COMPANIES = 12
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
    """The first companies by name, the number of resources of each kind, and the slug of the first source."""

    companies: list[Company]
    counts: dict[str, int]
    source: str | None


def _count(table: type[CompanyRow | Milestone | Product | Metric | Source]) -> ScalarSelect[int]:
    return select(func.count()).select_from(select(table.id).limit(MOST_COUNTED + 1).subquery()).scalar_subquery()


_FIRST = select(CompanyRow.document, CompanyRow.name_key, CompanyRow.id).order_by(CompanyRow.name_key, CompanyRow.id)
_COMPANIES = _FIRST.limit(MOST_COMPANIES).subquery()
_SOURCE = select(Source.slug).order_by(Source.title_key, Source.id).limit(1).scalar_subquery()
_OVERVIEW = (
    select(_COMPANIES.c.document, _SOURCE.label("source"), *(_count(table).label(name) for name, table in _TABLES.items()))
    .select_from(RevisionHead)
    .outerjoin(_COMPANIES, true())
    .order_by(_COMPANIES.c.name_key, _COMPANIES.c.id)
)


def read_overview(connection: Connection) -> Overview:
    """The data of the front page, read by one statement."""
    rows = connection.execute(_OVERVIEW).mappings().all()
    first = rows[0]
    return Overview(
        companies=[Company.model_validate_json(row["document"]) for row in rows if row["document"] is not None],
        counts={name: first[name] for name in _TABLES},
        source=first["source"],
    )
