"""The SQL of metrics."""

from sqlalchemy import ColumnElement, literal

from app.api.facts.metrics.parameters import CompanyMetricsParameters, MetricsParameters
from app.api.facts.queries import list_facts
from app.database.column_types import ExactDecimal, numeric_order
from app.database.models import Metric
from app.http.lists.listing import Listing
from app.http.lists.sorting import by_date, by_number, by_text
from app.records.metric import Metric as MetricDocument

COLUMNS = (
    "metric", "name", "value", "unit", "qualifier", "stated_as", "scope",
    "period.edtf", "period.text", "period.earliest", "period.latest",
    "equivalent.value", "equivalent.unit", "equivalent.stated_as", "equivalent.implied_rate",
)  # fmt: skip


def list_metrics(parameters: CompanyMetricsParameters | MetricsParameters, company: str | None = None) -> Listing:
    conditions: list[ColumnElement[bool]] = []
    for column, values in (
        (Metric.metric, parameters.metric),
        (Metric.unit, parameters.unit),
        (Metric.qualifier, parameters.qualifier),
    ):
        conditions += [column.in_(values)] if values else []
    if parameters.minimum is not None:
        conditions.append(numeric_order(Metric.value) >= numeric_order(literal(parameters.minimum, ExactDecimal)))
    if parameters.maximum is not None:
        conditions.append(numeric_order(Metric.value) <= numeric_order(literal(parameters.maximum, ExactDecimal)))
    sort_keys = {
        "metric": by_text(Metric.metric),
        "period": by_date(Metric.earliest, Metric.latest),
        "value": by_number(Metric.value),
    }
    return list_facts(
        Metric, parameters, *conditions, sort_keys=sort_keys, model=MetricDocument, columns=COLUMNS, company=company
    )
