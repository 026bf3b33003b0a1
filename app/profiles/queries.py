"""The SQL of profiles: one statement for everything about a company."""

from sqlalchemy import (
    Connection,
    Select,
    SQLColumnExpression,
    bindparam,
    func,
    literal,
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


def _part(number: int, document: SQLColumnExpression[str], *order: SQLColumnExpression[object]) -> Select[tuple[int, int, str]]:
    position = func.row_number().over(order_by=order)
    return select(literal(number).label("part"), position.label("position"), document.label("document"))


def _limited(part: Select[tuple[int, int, str]]) -> Select[tuple[int, int, str]]:
    """SQLite takes no LIMIT within a union unless it is in a subquery."""
    return select(part.order_by(literal_column("position")).limit(MOST_FACTS + 1).subquery())


_CITED = union(
    select(Citation.source_id).where(Citation.company_id == _COMPANY_ID),
    select(Citation.source_id).join(Milestone, Citation.milestone_id == Milestone.id).where(Milestone.company_id == _COMPANY_ID),
    select(Citation.source_id).join(Product, Citation.product_id == Product.id).where(Product.company_id == _COMPANY_ID),
    select(Citation.source_id).join(Metric, Citation.metric_id == Metric.id).where(Metric.company_id == _COMPANY_ID),
)
_ALL_PARTS = union_all(
    _part(0, Company.document, Company.id).where(Company.slug == bindparam("company")),
    _limited(
        _part(1, Milestone.document, first_day(Milestone.earliest, Milestone.latest), Milestone.id).where(
            Milestone.company_id == _COMPANY_ID
        )
    ),
    _limited(_part(2, Product.document, Product.name_key, Product.id).where(Product.company_id == _COMPANY_ID)),
    _limited(
        _part(3, Metric.document, Metric.metric, first_day(Metric.earliest, Metric.latest), Metric.id).where(
            Metric.company_id == _COMPANY_ID
        )
    ),
    _limited(_part(4, Source.document, Source.slug).where(Source.id.in_(_CITED))),
).subquery()
_PROFILE = (
    select(_ALL_PARTS, RevisionHead.dataset, RevisionHead.newest)
    .join_from(_ALL_PARTS, RevisionHead, true())
    .order_by(_ALL_PARTS.c.part, _ALL_PARTS.c.position)
)


def read_profile(connection: Connection, company: str) -> tuple[bytes, Stamp]:
    """The profile as JSON. Raises NotFound with the nearest slugs."""
    rows = connection.execute(_PROFILE, {"company": company}).all()
    if not rows:
        require_company(connection, company)
        raise NotFound(f"There is no company {company!r}.")
    documents: list[list[str]] = [[] for _ in _PARTS]
    for part, _, document, _, _ in rows:
        documents[part].append(document)
    members = [f'"company":{documents[0][0]}']
    for name, found in zip(_PARTS[1:], documents[1:], strict=True):
        address = "/v1/sources" if name == "sources" else f"/v1/companies/{company}/{name}"
        more = f'"{address}"' if len(found) > MOST_FACTS else "null"
        members.append(f'"{name}":{{"items":[{",".join(found[:MOST_FACTS])}],"more":{more}}}')
    return f"{{{','.join(members)}}}".encode(), Stamp.of_newest(rows[0].dataset, rows[0].newest)
