"""The SQL of data extension: property values of matched companies, and the properties in use."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute

from app.api.reconcile.citations import citation_texts, source_titles
from app.api.reconcile.draft_schemas import ExtendedCompany, ExtendedProperty, ExtensionTable
from app.api.reconcile.extension_schemas import (
    Extension,
    ExtensionProperty,
    ExtensionQuery,
    ExtensionRow,
    ExtensionValue,
    FloatValue,
    IntegerValue,
    PropertyProposal,
    TextValue,
)
from app.api.reconcile.parameters import ProposeParameters
from app.api.reconcile.properties import CITATION, IDENTIFIER, METRIC, NAMES, Document, is_property, property_name, values_of
from app.api.reconcile.query import note_on_unknown
from app.api.reconcile.schemas import TYPE_ID, PropertyReference
from app.database.models import Company, CompanyIdentifier, Metric
from app.http.conditional import Stamp
from app.http.lists.pages import newest_stamp

MOST_KEYWORDS = 200
"""The maximum numbers of identifier schemes and of metrics to propose."""


def extend(connection: Connection, query: ExtensionQuery) -> tuple[Extension, Stamp]:
    """The property values of companies, in at most four SQL statements regardless of their number."""
    meta, rows, notes, stamp = _extend(connection, query)
    return Extension(meta=meta, rows=rows, notes=notes), stamp


def extend_in_rows(connection: Connection, query: ExtensionQuery) -> tuple[ExtensionTable, Stamp]:
    """The same as lists, as in the draft of version 1.0."""
    meta, rows, notes, stamp = _extend(connection, query)
    table = [
        ExtendedCompany(id=slug, properties=[ExtendedProperty(id=one.id, values=rows[slug][one.id]) for one in meta])
        for slug in rows
    ]
    return ExtensionTable(meta=meta, rows=table, notes=notes), stamp


def _extend(
    connection: Connection, query: ExtensionQuery
) -> tuple[list[PropertyReference], dict[str, ExtensionRow], list[str] | None, Stamp]:
    stamp = newest_stamp(connection)
    rows = connection.execute(select(Company.slug, Company.id, Company.document).where(Company.slug.in_(sorted(set(query.ids)))))
    companies = {row.slug: (row.id, orjson.loads(row.document)) for row in rows}
    newest = _newest_metrics(connection, [company_id for company_id, _ in companies.values()], query.properties)
    cited = _cited(companies.values(), newest, query.properties)
    titles = source_titles(connection, (citation for citations in cited.values() for citation in citations))
    known = {key: [TextValue(text=text) for text in citation_texts(citations, titles)] for key, citations in cited.items()}
    values = {slug: _row(companies.get(slug), query.properties, newest, known) for slug in query.ids}
    meta = [_reference(property_id) for property_id in dict.fromkeys(asked.id for asked in query.properties)]
    notes = [note_on_unknown(one.id) for one in meta if not is_property(one.id)]
    return meta, values, notes or None, stamp


_Company = tuple[int, Document]


def _cited(
    companies: Iterable[_Company], newest: Mapping[tuple[int, str], Document], properties: Sequence[ExtensionProperty]
) -> dict[tuple[int, str], list[Document]]:
    """The citations of each company and property of which they are requested. Those of a company cover all that it says."""
    wanted = {asked.id.removesuffix(CITATION) for asked in properties if asked.id.endswith(CITATION)}
    cited: dict[tuple[int, str], list[Document]] = {}
    for company_id, document in companies:
        for property_id in wanted:
            if property_id.startswith(METRIC):
                found = newest.get((company_id, property_id.removeprefix(METRIC)))
            else:
                found = document if is_property(property_id) and values_of(document, property_id) else None
            cited[company_id, property_id] = found["citations"] if found else []
    return cited


def _newest_metrics(
    connection: Connection, company_ids: Sequence[int], properties: Sequence[ExtensionProperty]
) -> dict[tuple[int, str], Document]:
    """The observation with the latest period of each metric. Undated ones count only if there are no others."""
    metrics = sorted({one.id.removeprefix(METRIC).removesuffix(CITATION) for one in properties if one.id.startswith(METRIC)})
    if not metrics or not company_ids:
        return {}
    period = func.coalesce(Metric.latest, Metric.earliest, literal_column("'0001-01-01'"))
    statement = (
        select(Metric.company_id, Metric.metric, Metric.document)
        .where(Metric.company_id.in_(company_ids), Metric.metric.in_(metrics))
        .order_by(period, Metric.id.desc())
    )
    return {(row.company_id, row.metric): orjson.loads(row.document) for row in connection.execute(statement)}


def _row(
    company: _Company | None,
    properties: Sequence[ExtensionProperty],
    newest: Mapping[tuple[int, str], Document],
    cited: Mapping[tuple[int, str], list[TextValue]],
) -> ExtensionRow:
    if company is None:
        return {asked.id: [] for asked in properties}
    company_id, document = company
    row: ExtensionRow = {}
    for asked in properties:
        if asked.id.endswith(CITATION):
            row[asked.id] = [*cited[company_id, asked.id.removesuffix(CITATION)]]
        elif asked.id.startswith(METRIC):
            metric = newest.get((company_id, asked.id.removeprefix(METRIC)))
            row[asked.id] = [] if metric is None else [_metric_value(metric, as_text=asked.as_text)]
        else:
            row[asked.id] = [TextValue(text=value) for value in values_of(document, asked.id)] if is_property(asked.id) else []
    return row


def _metric_value(metric: Document, *, as_text: bool) -> ExtensionValue:
    """A number, or a text that also says the qualifier, the unit, the period and the scope."""
    value: Any = metric["value"]
    if as_text:
        qualifier = "" if metric["qualifier"] == "exact" else metric["qualifier"].replace("_", " ") + " "
        period = metric["period"]["text"] if metric["period"] else "period unknown"
        return TextValue(text=", ".join(filter(None, (f"{qualifier}{value} {metric['unit']}", period, metric["scope"]))))
    return IntegerValue(integer=value) if isinstance(value, int) else FloatValue(number=value)


def list_properties(connection: Connection) -> tuple[list[PropertyReference], Stamp]:
    """Every property that a company in this database may have."""
    stamp = newest_stamp(connection)
    metrics = [METRIC + metric for metric in _distinct(connection, Metric.metric)]
    identifiers = [IDENTIFIER + scheme for scheme in _distinct(connection, CompanyIdentifier.scheme)]
    ids = [*NAMES, *identifiers, *metrics, *(cited + CITATION for cited in (*NAMES, *metrics))]
    return [_reference(property_id) for property_id in ids], stamp


def _reference(property_id: str) -> PropertyReference:
    return PropertyReference(id=property_id, name=property_name(property_id))


def propose(connection: Connection, parameters: ProposeParameters) -> tuple[PropertyProposal, Stamp]:
    """The properties of a type. The default type is company."""
    properties, stamp = list_properties(connection)
    asked = next(iter(parameters.type), TYPE_ID) or TYPE_ID
    proposed = properties[: parameters.limit] if asked == TYPE_ID else []
    return PropertyProposal(type=asked, limit=parameters.limit, properties=proposed), stamp


def _distinct(connection: Connection, column: InstrumentedAttribute[str]) -> Sequence[str]:
    """The distinct values of an indexed column, in order. Takes one index step per value instead of one per row."""
    walk = select(func.min(column).label("value")).cte("walk", recursive=True)
    following = select(func.min(column)).where(column > walk.c.value).scalar_subquery()
    walk = walk.union_all(select(following).where(walk.c.value.is_not(None)))
    return connection.scalars(select(walk.c.value).where(walk.c.value.is_not(None)).limit(MOST_KEYWORDS)).all()
