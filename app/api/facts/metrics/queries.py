"""The SQL of metrics."""

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, func, select

from app.api.facts.metrics.parameters import CompanyMetricsParameters, MetricsParameters
from app.api.facts.queries import fact_statements, list_facts
from app.database.column_types import ExactDecimal, numeric_order
from app.database.models import Citation, Company, Metric, Source
from app.http.lists.listing import Listing
from app.http.lists.pages import ListStatements, one_of
from app.http.lists.sorting import by_date, by_number, by_text
from app.records.metric import Metric as MetricDocument

COLUMNS = (
    "metric", "name", "value", "unit", "qualifier", "stated_as", "scope",
    "period.edtf", "period.text", "period.earliest", "period.latest",
    "equivalent.value", "equivalent.unit", "equivalent.stated_as", "equivalent.implied_rate",
)  # fmt: skip


def list_metrics(parameters: CompanyMetricsParameters | MetricsParameters, company: str | None = None) -> Listing:
    listing = list_facts(Metric, parameters, _statements, model=MetricDocument, columns=COLUMNS, company=company)
    return listing._replace(is_scan=isinstance(parameters, CompanyMetricsParameters) and parameters.restated is not None)


def restated_metrics(company_id: ScalarSelect[int], *conditions: ColumnElement[bool]) -> Select[int]:
    """The ids of a company's metrics for which a source published later states another value, of those that meet the conditions.

    It reads all of these once: an index by metric and period would cost each load more.
    """
    same = (Metric.metric, Metric.unit, Metric.scope, Metric.earliest, Metric.latest)
    several = select(Metric.id, *same, Metric.value, Metric.qualifier, func.count().over(partition_by=same).label("number"))
    dated = (Metric.earliest.is_not(None), Metric.latest.is_not(None), Metric.date_uncertain.is_(False))
    stated = several.where(Metric.company_id == company_id, *dated, *conditions).subquery().c
    _, *period, value, qualifier, _ = stated
    published = (
        select(*stated, func.max(Source.earliest).label("after"), func.max(Source.latest).label("by"))
        .join(Citation, Citation.metric_id == stated.id)
        .join(Source, Citation.source_id == Source.id)
        .where(stated.number > 1)
        .group_by(*stated)
        .subquery()
    )
    of_period = [published.c[column.key] for column in period]
    of_value = [*of_period, published.c[value.key], published.c[qualifier.key]]
    last = select(
        published.c.id,
        func.max(published.c.by).over(partition_by=of_value).label("by"),
        func.max(published.c.after).over(partition_by=of_period).label("newest"),
    ).subquery()
    return select(last.c.id).where(last.c.by < last.c.newest)


def _statements(parameters: CompanyMetricsParameters | MetricsParameters, of_one: bool) -> ListStatements:  # noqa: FBT001 - part of a key
    conditions: list[ColumnElement[bool]] = []
    for column, name, values in ((Metric.metric, "metric", parameters.metric), (Metric.unit, "unit", parameters.unit)):
        conditions += [one_of(column, name, values)] if values else []
    if isinstance(parameters, CompanyMetricsParameters) and parameters.restated is not None:
        company = select(Company.id).where(Company.slug == bindparam("of_company", type_=Company.slug.type))
        restated = restated_metrics(company.scalar_subquery(), *conditions)
        conditions.append(Metric.id.in_(restated) if parameters.restated else Metric.id.not_in(restated))
    if parameters.qualifier:
        conditions.append(one_of(Metric.qualifier, "qualifier", parameters.qualifier))
    if parameters.minimum is not None:
        conditions.append(numeric_order(Metric.value) >= numeric_order(bindparam("minimum", type_=ExactDecimal())))
    if parameters.maximum is not None:
        conditions.append(numeric_order(Metric.value) <= numeric_order(bindparam("maximum", type_=ExactDecimal())))
    sort_keys = {
        "metric": by_text(Metric.metric),
        "period": by_date(Metric.earliest, Metric.latest),
        "value": by_number(Metric.value),
    }
    return fact_statements(Metric, parameters, *conditions, sort_keys=sort_keys, of_one=of_one)
