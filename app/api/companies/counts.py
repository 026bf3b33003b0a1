"""How many facts and sources companies have."""

from collections.abc import Sequence

from sqlalchemy import Connection, Select, func, select, union

from app.api.facts.filters import FACT_TABLES, OWNER_COLUMN
from app.database.models import Citation, Company
from app.values.resources import PLURALS

_TABLES = {PLURALS[kind]: table for kind, table in FACT_TABLES.items()}


def count_facts(connection: Connection, slugs: Sequence[str]) -> dict[str, dict[str, int]]:
    """The numbers of facts of each kind, and of cited sources, by company. One statement each."""
    names = {row.id: row.slug for row in connection.execute(select(Company.id, Company.slug).where(Company.slug.in_(slugs)))}
    counts = {slug: dict.fromkeys((*_TABLES, "sources"), 0) for slug in slugs}
    for kind, table in _TABLES.items():
        numbers = select(table.company_id, func.count()).where(table.company_id.in_(names)).group_by(table.company_id)
        for identity, number in connection.execute(numbers):
            counts[names[identity]][kind] = number
    for identity, number in connection.execute(_number_of_sources(list(names))):
        counts[names[identity]]["sources"] = number
    return counts


def _number_of_sources(companies: Sequence[int]) -> Select[int, int]:
    own = select(Citation.company_id.label("company_id"), Citation.source_id).where(Citation.company_id.in_(companies))
    of_facts = (
        select(table.company_id, Citation.source_id).join(table, owner == table.id).where(table.company_id.in_(companies))
        for table, owner in OWNER_COLUMN.items()
    )
    cited = union(own, *of_facts).subquery("cited")
    return select(cited.c.company_id, func.count()).group_by(cited.c.company_id)
