"""The SQL of profiles: one statement for everything about a company."""

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Label,
    Select,
    SQLColumnExpression,
    String,
    bindparam,
    cast,
    literal_column,
    select,
    true,
    union,
    union_all,
)

from app.errors import NotFound
from app.facts.queries import require_company
from app.formats import Stamp
from app.models import Citation, Company, Metric, Milestone, Product, RevisionHead, Source
from app.pagination import first_day
from app.profiles.schemas import MOST_FACTS

_COMPANY_ID = select(Company.id).where(Company.slug == bindparam("company")).scalar_subquery()
_PARTS = ("company", "milestones", "products", "metrics", "sources")
_NO_KEY: SQLColumnExpression[str] = literal_column("''")


def _part(
    number: int,
    table: type[Company | Milestone | Product | Metric | Source],
    condition: ColumnElement[bool],
    *,
    text: SQLColumnExpression[str] = _NO_KEY,
    day: SQLColumnExpression[str] = _NO_KEY,
) -> Select[int, str, str, int, str]:
    """The first documents of a table in the order of a text, a day and the id, none of them null.

    SQLite takes no LIMIT within a union unless it is in a subquery.
    """
    text_key: Label[str] = text.label("text_key")
    day_key: Label[str] = day.label("day_key")
    part = literal_column(str(number), Integer).label("part")
    rows = select(part, text_key, day_key, table.id, table.document).where(condition)
    return select(rows.order_by(text_key, day_key, table.id).limit(MOST_FACTS + 1).subquery())


def _day(table: type[Milestone | Metric]) -> SQLColumnExpression[str]:
    return cast(first_day(table.earliest, table.latest), String)


_CITED = union(
    select(Citation.source_id).where(Citation.company_id == _COMPANY_ID),
    select(Citation.source_id).join(Milestone, Citation.milestone_id == Milestone.id).where(Milestone.company_id == _COMPANY_ID),
    select(Citation.source_id).join(Product, Citation.product_id == Product.id).where(Product.company_id == _COMPANY_ID),
    select(Citation.source_id).join(Metric, Citation.metric_id == Metric.id).where(Metric.company_id == _COMPANY_ID),
)
_ALL_PARTS = union_all(
    _part(0, Company, Company.slug == bindparam("company")),
    _part(1, Milestone, Milestone.company_id == _COMPANY_ID, day=_day(Milestone)),
    _part(2, Product, Product.company_id == _COMPANY_ID, text=Product.name_key),
    _part(3, Metric, Metric.company_id == _COMPANY_ID, text=Metric.metric, day=_day(Metric)),
    _part(4, Source, Source.id.in_(_CITED), text=Source.slug),
).subquery()
_PROFILE = select(*_ALL_PARTS.c, RevisionHead.dataset, RevisionHead.newest).join_from(_ALL_PARTS, RevisionHead, true())


def read_profile(connection: Connection, company: str) -> tuple[bytes, Stamp]:
    """The profile as JSON. Raises NotFound with the nearest slugs."""
    rows = connection.execute(_PROFILE, {"company": company}).all()
    if not rows:
        require_company(connection, company)
        raise NotFound(f"There is no company {company!r}.")
    dataset, newest = rows[0][-2:]
    documents: list[list[str]] = [[] for _ in _PARTS]
    # A union promises no order, and the engines' collations of its texts differ.
    for part, _, _, _, document, _, _ in sorted(map(tuple, rows)):
        documents[part].append(document)
    members = [f'"company":{documents[0][0]}']
    for name, found in zip(_PARTS[1:], documents[1:], strict=True):
        address = "/v1/sources" if name == "sources" else f"/v1/companies/{company}/{name}"
        more = f'"{address}"' if len(found) > MOST_FACTS else "null"
        members.append(f'"{name}":{{"items":[{",".join(found[:MOST_FACTS])}],"more":{more}}}')
    return f"{{{','.join(members)}}}".encode(), Stamp.of_newest(dataset, newest)
