"""From a valid record to what is stored: its content as JSON, and the values of its row."""

import datetime
from typing import Any

from app.companies.schemas import Company, CompanyRecord
from app.datasets.citations import extent
from app.datasets.records import FactRecord, LocatedRecord
from app.dates import DateRecord, FactDate, parse_date
from app.facts.schemas import Citation
from app.fields import fold
from app.metrics.schemas import Equivalent, EquivalentRecord, Metric, MetricRecord
from app.milestones.schemas import Milestone, MilestoneRecord
from app.numbers import ratio
from app.products.schemas import Product
from app.sources.schemas import Source, SourceRecord

Row = dict[str, Any]
"""Column values by column name; their types are the columns' own."""

_UNRECORDED: Row = {"revision": 1, "updated_at": datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)}
"""Stands in for what the revision log stamps on the content."""


def render(located: LocatedRecord, citations: list[Citation]) -> str:
    """The resource as JSON, as the API serves it but for its revision and time."""
    record = located.record
    if isinstance(record, SourceRecord):
        model: Source | Company | Milestone | Product | Metric = _source(record, located.url)
    elif isinstance(record, CompanyRecord):
        model = _company(record, located.url, citations)
    else:
        model = _fact(record, located, citations)
    return model.model_dump_json(exclude={"revision", "updated_at"})


def _source(record: SourceRecord, url: str) -> Source:
    length, sha256 = extent(record)
    return Source(
        **_UNRECORDED,
        **_common(record, "title", "type", "authors", "publisher", "language", "body_start"),
        url=url,
        published=FactDate.from_record(record.published),
        original_url=record.url,
        length=length,
        sha256=sha256,
        has_text=record.text is not None,
        facts_url=f"{url}/facts",
    )


def _company(record: CompanyRecord, url: str, citations: list[Citation]) -> Company:
    return Company(
        **_UNRECORDED,
        **_common(record, "name", "other_names", "country", "summary", "identifiers"),
        url=url,
        founded=FactDate.from_record(record.founded),
        citations=citations,
        profile_url=f"{url}/profile",
        milestones_url=f"{url}/milestones",
        products_url=f"{url}/products",
        metrics_url=f"{url}/metrics",
    )


def _fact(record: FactRecord, located: LocatedRecord, citations: list[Citation]) -> Milestone | Product | Metric:
    place: Row = {
        **_UNRECORDED,
        "kind": located.kind,
        "url": located.url,
        "company": located.company,
        "company_url": f"/v1/companies/{located.company}",
        "citations": citations,
    }
    if isinstance(record, MilestoneRecord):
        common = _common(record, "title", "description", "category", "scope")
        return Milestone(**place, **common, date=FactDate.from_record(record.date))
    if isinstance(record, MetricRecord):
        common = _common(record, "metric", "name", "value", "unit", "qualifier", "stated_as", "scope")
        equivalent = _equivalent(record, record.equivalent) if record.equivalent else None
        return Metric(**place, **common, period=FactDate.from_record(record.period), equivalent=equivalent)
    common = _common(record, "name", "description", "category")
    return Product(**place, **common, launched=FactDate.from_record(record.launched))


def _equivalent(record: MetricRecord, equivalent: EquivalentRecord) -> Equivalent:
    rate = ratio(record.value, equivalent.value) if equivalent.value else None
    return Equivalent(**_values(equivalent, "value", "unit", "stated_as"), implied_rate=rate)


def row_of(located: LocatedRecord) -> Row:
    """The values of the record's row, but for what the revision log gives and the keys of other rows."""
    record = located.record
    if isinstance(record, SourceRecord):
        length, sha256 = extent(record)
        names = ("title", "type", "authors", "publisher", "url", "language", "body_start", "text")
        extents = {"length": length, "sha256": sha256, "title_key": fold(record.title)}
        return _common(record, *names) | _date(record.published) | extents
    if isinstance(record, CompanyRecord):
        row = _common(record, "name", "country", "summary") | _date(record.founded)
        return row | {"name_key": fold(record.name)}
    if isinstance(record, MilestoneRecord):
        return _common(record, "title", "description", "category", "scope") | _date(record.date)
    if isinstance(record, MetricRecord):
        row = _common(record, "metric", "name", "value", "unit", "qualifier", "stated_as", "scope") | _date(record.period)
        equivalent = record.equivalent
        return row | {
            "equivalent_value": equivalent.value if equivalent else None,
            "equivalent_unit": equivalent.unit if equivalent else None,
            "equivalent_stated_as": equivalent.stated_as if equivalent else None,
        }
    row = _common(record, "name", "description", "category") | _date(record.launched)
    return row | {"name_key": fold(record.name)}


def name_rows(record: CompanyRecord) -> list[Row]:
    """The company's other names, without the company's key."""
    return [
        {"position": position, "name": other.name, "name_key": fold(other.name), "language": other.language}
        for position, other in enumerate(record.other_names)
    ]


def identifier_rows(record: CompanyRecord) -> list[Row]:
    """The company's identifiers, without the company's key."""
    return [
        {"position": position, "scheme": identifier.scheme, "value": identifier.value}
        for position, identifier in enumerate(record.identifiers)
    ]


def _common(record: SourceRecord | CompanyRecord | FactRecord, *names: str) -> Row:
    return _values(record, "slug", "note", *names)


def _values(record: object, *names: str) -> Row:
    return {name: getattr(record, name) for name in names}


def _date(date: DateRecord | None) -> Row:
    bounds = parse_date(date.edtf) if date else None
    return {
        "date_edtf": date.edtf if date else None,
        "date_text": date.text if date else None,
        "earliest": bounds.earliest if bounds else None,
        "latest": bounds.latest if bounds else None,
        "date_uncertain": bounds.uncertain if bounds else False,
    }
