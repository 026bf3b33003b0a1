"""The SQL of the facts that cite a source."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import Connection, Select, bindparam, func, select, union_all

from app.api.facts.filters import FACT_TABLES, OWNER_COLUMN, FactTable
from app.api.facts.queries import require_named
from app.api.sources.parameters import SourceFactsParameters
from app.api.sources.queries import one_source
from app.database.models import Citation, Company, Source
from app.http.lists.listing import Listing
from app.http.lists.pages import ListStatements, one_of, prepared, values_of
from app.http.lists.sorting import SortOrder, by_id
from app.records.metric import Metric as MetricDocument
from app.records.milestone import Milestone as MilestoneDocument
from app.records.product import Product as ProductDocument
from app.values.resources import FactKind

COLUMNS = (
    "kind", "company", "slug", "title", "name", "category", "metric", "value", "unit", "qualifier",
    "date.edtf", "launched.edtf", "period.edtf", "scope", "description", "note", "citations", "url", "revision", "updated_at",
)  # fmt: skip


def list_source_facts(parameters: SourceFactsParameters, source: str) -> Listing:
    """The facts that cite a source, each once, ordered by the first passage that it cites."""
    kinds = tuple(dict.fromkeys(parameters.kind or FACT_TABLES))
    return Listing(
        name=f"{source}-facts",
        statements=prepared(_statements, parameters, kinds),
        values=values_of(parameters) | {"of_source": source},
        models=(MilestoneDocument, ProductDocument, MetricDocument),
        columns=COLUMNS,
        check=partial(_check, source=source, companies=parameters.company),
    )


def _statements(parameters: SourceFactsParameters, kinds: Sequence[FactKind]) -> ListStatements:
    facts = union_all(*(_facts_of(FACT_TABLES[kind], parameters) for kind in kinds)).subquery()
    place = by_id(facts.c.place)(parameters.sort.startswith("-"))
    return ListStatements(select(facts.c.document), SortOrder((place, by_id(facts.c.id)(place.descending))))


def _check(connection: Connection, source: str, companies: Sequence[str]) -> None:
    one_source(connection, source)  # raises NotFound
    require_named(connection, companies=companies)


def _facts_of(table: FactTable, parameters: SourceFactsParameters) -> Select[tuple[str, int, int]]:
    owner = OWNER_COLUMN[table]
    source_id = select(Source.id).where(Source.slug == bindparam("of_source", type_=Source.slug.type)).scalar_subquery()
    first = select(owner.label("fact_id"), func.min(Citation.start_character).label("place"))
    places = first.where(Citation.source_id == source_id, owner.is_not(None)).group_by(owner).subquery()
    facts = select(table.document, places.c.place, table.id).join(places, places.c.fact_id == table.id)
    if parameters.company:
        facts = facts.where(table.company_id.in_(select(Company.id).where(one_of(Company.slug, "company", parameters.company))))
    return facts
