"""The SQL of metrics."""

from sqlalchemy import ColumnElement, bindparam

from app.api.facts.metrics.parameters import CompanyMetricsParameters, MetricsParameters
from app.api.facts.queries import fact_statements, list_facts
from app.database.column_types import ExactDecimal, numeric_order
from app.database.models import Metric
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
    return list_facts(Metric, parameters, _statements, model=MetricDocument, columns=COLUMNS, company=company)


def _statements(parameters: CompanyMetricsParameters | MetricsParameters, of_one: bool) -> ListStatements:  # noqa: FBT001 - part of a key
    conditions: list[ColumnElement[bool]] = []
    for column, name, values in (
        (Metric.metric, "metric", parameters.metric),
        (Metric.unit, "unit", parameters.unit),
        (Metric.qualifier, "qualifier", parameters.qualifier),
    ):
        conditions += [one_of(column, name, values)] if values else []
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
