"""What the pages of a company and of a fact read: the documents of the API, in one snapshot."""

import datetime
from collections.abc import Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, bindparam, select, union_all

from app.api.companies.profile import read_profile
from app.api.companies.queries import one_company
from app.api.companies.schemas import Profile
from app.api.facts.filters import FACT_TABLES
from app.api.facts.metrics.growth import growths_of
from app.api.facts.metrics.parameters import CompanyMetricsParameters
from app.api.facts.metrics.queries import list_metrics
from app.api.facts.queries import one_fact
from app.api.history.parameters import HistoryParameters
from app.api.history.queries import Resource, read_history
from app.api.history.schemas import HistoryEntry
from app.api.sources.queries import one_source
from app.database.models import Company as CompanyRow
from app.database.models import Metric as MetricRow
from app.database.models import Milestone as MilestoneRow
from app.database.models import Product as ProductRow
from app.database.models import Revision
from app.database.snapshots import require_one_snapshot
from app.http.conditional import Stamp
from app.http.lists.pages import PageRequest, newest_stamp
from app.pages.sources.reading import held_text
from app.records.company import Company
from app.records.metric import Growth, Metric
from app.records.milestone import Milestone
from app.records.product import Product
from app.records.source import Source
from app.values.resources import FactKind, resource_url

MOST_CHANGES = 20
"""Resources whose newest change the page of a company lists."""
MOST_OTHER_VALUES = 50
Fact = Milestone | Product | Metric
_MODELS: dict[FactKind, type[Milestone] | type[Product] | type[Metric]] = {
    "milestone": Milestone,
    "product": Product,
    "metric": Metric,
}


class Change(NamedTuple):
    """A revision of a company or of one of its facts."""

    number: int
    recorded_at: datetime.datetime
    actor: str
    reason: str
    action: str
    url: str


class CompanyRead(NamedTuple):
    """A profile, the growth between its metrics, and the newest changes."""

    profile: Profile
    growths: list[Growth]
    changes: Sequence[Change]
    stamp: Stamp


class FactRead(NamedTuple):
    """A fact, its company, the sources that it cites, its history, and for a metric the other values of the same metric.

    ``texts`` are those of the sources that the server holds, by slug.
    """

    fact: Fact
    company: Company
    sources: list[Source]
    history: list[HistoryEntry]
    others: list[Metric]
    texts: dict[str, str]
    stamp: Stamp


def read_company_page(connection: Connection, company: str) -> CompanyRead:
    """Raises NotFound, Moved, Gone and SnapshotChanged."""
    body, stamp = read_profile(connection, company)
    profile = orjson.loads(body)
    growths = growths_of(connection, company, profile["metrics"]["items"])
    changes = _newest_changes(connection, company)
    require_one_snapshot(stamp, newest_stamp(connection))
    return CompanyRead(Profile.model_validate(profile), growths, changes, stamp)


_COMPANY_ID = select(CompanyRow.id).where(CompanyRow.slug == bindparam("company")).scalar_subquery()
_FACTS = (MilestoneRow, ProductRow, MetricRow)
_NEWEST_REVISIONS = union_all(
    select(CompanyRow.revision.label("number")).where(CompanyRow.slug == bindparam("company")),
    *(select(table.revision).where(table.company_id == _COMPANY_ID) for table in _FACTS),
).subquery()
_NEWEST_CHANGES = (
    select(Revision.number, Revision.recorded_at, Revision.actor, Revision.reason, Revision.action, Revision.url)
    .where(
        Revision.number.in_(
            select(_NEWEST_REVISIONS.c.number).order_by(_NEWEST_REVISIONS.c.number.desc()).limit(MOST_CHANGES).scalar_subquery()
        )
    )
    .order_by(Revision.number.desc())
)
"""The newest change of each resource: their rows name it, so the log is read by number alone, however long it is."""


def _newest_changes(connection: Connection, company: str) -> list[Change]:
    return [Change(*row) for row in connection.execute(_NEWEST_CHANGES, {"company": company})]


def read_fact_page(connection: Connection, kind: FactKind, company: str, slug: str) -> FactRead:
    """Raises NotFound, Moved, Gone and SnapshotChanged."""
    stamp = newest_stamp(connection)
    document, _ = one_fact(connection, FACT_TABLES[kind], company, slug)
    fact = _MODELS[kind].model_validate_json(document)
    about, _ = one_company(connection, company)
    cited = dict.fromkeys(citation.source for citation in fact.citations)
    sources = [Source.model_validate_json(one_source(connection, source)[0]) for source in cited]
    url = resource_url(kind, slug, company)
    history, _ = read_history(connection, Resource(kind, slug, company), HistoryParameters(), f"{url}/history")
    others = _other_values(connection, fact) if isinstance(fact, Metric) else []
    texts = {source.slug: text for source in sources if (text := held_text(connection, source)) is not None}
    require_one_snapshot(stamp, newest_stamp(connection))
    entries = [entry for entry in history.items if entry.revision <= stamp.revision]
    return FactRead(fact, Company.model_validate_json(about), sources, entries, others, texts, stamp)


def _other_values(connection: Connection, fact: Metric) -> list[Metric]:
    parameters = CompanyMetricsParameters(metric=[fact.metric])
    listing = list_metrics(parameters, fact.company)
    page = listing.statements.read(connection, PageRequest(None, MOST_OTHER_VALUES, total=False, scope=""), listing.values)
    values = (Metric.model_validate_json(document) for document in page.documents)
    return [value for value in values if value.slug != fact.slug]
