"""The SQL of the statistics."""

from sqlalchemy import Connection, SQLColumnExpression, func, select

from app.api.stats.schemas import Counts, Facet, Facets, Stats
from app.database.models import Company, Metric, Milestone, Product, Revision, RevisionHead, Source
from app.http.conditional import Stamp
from app.http.lists.pages import newest_stamp
from app.records.shared_identifiers import shared_identifiers

MOST_VALUES = 100

_TABLES = {"companies": Company, "milestones": Milestone, "products": Product, "metrics": Metric, "sources": Source}
_FACETS: dict[str, SQLColumnExpression[str | None]] = {
    "countries": Company.country,
    "milestone_categories": Milestone.category,
    "product_categories": Product.category,
    "metrics": Metric.metric,
    "units": Metric.unit,
    "source_types": Source.type,
}


def read_stats(connection: Connection) -> tuple[Stats, Stamp]:
    """Counts of everything in one snapshot. It scans every table."""
    head = connection.execute(select(RevisionHead.dataset, RevisionHead.newest)).one()
    changed = connection.execute(select(Revision.recorded_at).where(Revision.number == head.newest)).scalar()
    counts = {name: connection.execute(select(func.count()).select_from(table)).scalar_one() for name, table in _TABLES.items()}
    facets = {name: _facet(connection, column) for name, column in _FACETS.items()}
    stats = Stats(
        revision=head.newest,
        updated_at=changed,
        counts=Counts(**counts),
        facets=Facets(**facets),
        shared_identifiers=shared_identifiers(connection),
    )
    return stats, Stamp.of_newest(head.dataset, head.newest)


def read_metric_keywords(connection: Connection) -> tuple[list[Facet], Stamp]:
    """The keywords of metrics, the most frequent first."""
    return _facet(connection, _FACETS["metrics"]), newest_stamp(connection)


def _facet(connection: Connection, column: SQLColumnExpression[str | None]) -> list[Facet]:
    count = func.count()
    statement = (
        select(column, count).where(column.is_not(None)).group_by(column).order_by(count.desc(), column).limit(MOST_VALUES)
    )
    return [Facet(value=str(value), count=number) for value, number in connection.execute(statement)]
