"""The SQL of filters that lists of facts share."""

from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Date, and_, bindparam, exists, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.api.facts.parameters import FactParameters, FactsAcrossParameters
from app.database.models import Citation, Company, Metric, Milestone, Product, SearchEntry, Source
from app.http.lists.pages import one_of
from app.http.lists.parameters import DatedListParameters
from app.values.resources import FactKind

FactTable = type[Milestone] | type[Product] | type[Metric]
DatedTable = FactTable | type[Company] | type[Source] | type[SearchEntry]

FACT_TABLES: dict[FactKind, FactTable] = {"milestone": Milestone, "product": Product, "metric": Metric}
OWNER_COLUMN: dict[FactTable, InstrumentedAttribute[int | None]] = {
    Milestone: Citation.milestone_id,
    Product: Citation.product_id,
    Metric: Citation.metric_id,
}


class _Dates(NamedTuple):
    """Date conditions that need no parameters. Built once, because building them costs as much as reading a row."""

    dated: ColumnElement[bool]
    open_start: ColumnElement[bool]
    open_end: ColumnElement[bool]


@cache
def _dates(table: DatedTable) -> _Dates:
    """A date has at least one bound: constraints of the tables ensure it."""
    dated = or_(table.earliest.is_not(None), table.latest.is_not(None))
    return _Dates(dated, table.earliest.is_(None), table.latest.is_(None))


def in_range(table: DatedTable, parameters: DatedListParameters) -> list[ColumnElement[bool]]:
    """The condition that a row's date may lie in a range or, with ``certain``, must. Undated rows are in no range."""
    conditions: list[ColumnElement[bool]] = []
    dated, open_start, open_end = _dates(table)
    first = bindparam("from_", type_=Date)
    last = bindparam("to", type_=Date)
    if parameters.dated is not None:
        conditions.append(dated if parameters.dated else not_(dated))
    if parameters.from_ is None and parameters.to is None:
        return conditions + ([table.date_uncertain.is_(False), dated] if parameters.certain else [])
    conditions.append(dated)
    if parameters.certain:
        conditions.append(table.date_uncertain.is_(False))
        conditions += [table.earliest >= first] if parameters.from_ else []
        conditions += [table.latest <= last] if parameters.to else []
        return conditions
    if parameters.from_:
        conditions.append(or_(open_end, table.latest >= first))
    if parameters.to:
        conditions.append(or_(open_start, table.earliest <= last))
    return conditions


def fact_conditions(table: FactTable, parameters: FactParameters) -> list[ColumnElement[bool]]:
    """The conditions of the filters that all kinds of facts share."""
    conditions = in_range(table, parameters)
    if parameters.source:
        cited = exists().where(
            OWNER_COLUMN[table] == table.id, Citation.source_id == Source.id, one_of(Source.slug, "source", parameters.source)
        )
        conditions.append(cited)
    if parameters.checked:
        claimed = exists().where(OWNER_COLUMN[table] == table.id, Citation.checked == "claimed")
        conditions.append(claimed if parameters.checked == "claimed" else not_(claimed))
    if isinstance(parameters, FactsAcrossParameters):
        companies = [one_of(Company.slug, "company", parameters.company)] if parameters.company else []
        companies += [one_of(Company.country, "country", parameters.country)] if parameters.country else []
        if companies:
            conditions.append(table.company_id.in_(select(Company.id).where(and_(*companies))))
    return conditions
