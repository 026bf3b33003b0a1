"""The SQL of profiles: one statement for everything about a company."""

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    SQLColumnExpression,
    bindparam,
    literal_column,
    select,
    true,
    union_all,
)

from app.api.companies.schemas import MOST_FACTS
from app.api.facts.filters import OWNER_COLUMN
from app.api.facts.queries import require_company
from app.database.functions import joined_lines
from app.database.models import Citation, Company, Metric, Milestone, Product, RevisionHead, Source
from app.database.prepared import PreparedStatement
from app.errors.reading import NotFound
from app.http.conditional import Stamp
from app.http.lists.sorting import first_day
from app.http.responses import json_items

_COMPANY_ID = select(Company.id).where(Company.slug == bindparam("company")).scalar_subquery()
"""Looked up for each part: both engines push a bound condition into the history tables, but not a correlated one."""
_PARTS = ("milestones", "products", "metrics", "sources")
_MOST: ColumnElement[int] = literal_column(str(MOST_FACTS + 1))


def _documents(
    table: type[Milestone | Product | Metric | Source], condition: ColumnElement[bool], *order: SQLColumnExpression[object]
) -> ScalarSelect[str | None]:
    """The first documents of a table as the lines of one text, which takes half the time of as many rows.

    The keys are selected so that SQLite pushes the condition into both parts of a history union. Stored JSON has no line break.
    Both engines aggregate the rows of a limited subquery in its order.
    """
    keys = [*order, table.id]
    rows = select(table.document, *keys).where(condition).order_by(*keys).limit(_MOST)
    return select(joined_lines(rows.subquery().c.document)).scalar_subquery()


_CITED = union_all(
    select(Citation.source_id).where(Citation.company_id == _COMPANY_ID),
    *(
        select(Citation.source_id).join(table, owner == table.id).where(table.company_id == _COMPANY_ID)
        for table, owner in OWNER_COLUMN.items()
    ),
)
_PROFILE = PreparedStatement(
    select(
        Company.document,
        RevisionHead.dataset,
        RevisionHead.newest,
        _documents(Milestone, Milestone.company_id == _COMPANY_ID, first_day(Milestone.earliest, Milestone.latest)),
        _documents(Product, Product.company_id == _COMPANY_ID, Product.name_key),
        _documents(Metric, Metric.company_id == _COMPANY_ID, Metric.metric, first_day(Metric.earliest, Metric.latest)),
        _documents(Source, Source.id.in_(_CITED), Source.slug),
    )
    .join_from(Company, RevisionHead, true())
    .where(Company.slug == bindparam("company"))
)


def read_profile(connection: Connection, company: str) -> tuple[bytes, Stamp]:
    """The profile as JSON. Raises NotFound with the nearest slugs."""
    found = _PROFILE.rows(connection, {"company": company})
    if not found:
        require_company(connection, company)
        raise NotFound(f"There is no company {company!r}.")
    document, dataset, newest, *parts = found[0]
    members = [f'"company":{document}']
    for name, text in zip(_PARTS, parts, strict=True):
        lines, more = text or "", "null"
        if lines.count("\n") >= MOST_FACTS:
            lines = lines[: lines.rindex("\n")]
            more = '"/v1/sources"' if name == "sources" else f'"/v1/companies/{company}/{name}"'
        members.append(f'"{name}":{{"items":[{json_items(lines)}],"more":{more}}}')
    return f"{{{','.join(members)}}}".encode(), Stamp.of_newest(dataset, newest)
