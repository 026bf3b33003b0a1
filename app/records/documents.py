"""Turns a valid record into what is stored: its content as JSON, and the values of its row."""

from decimal import Decimal
from typing import Any

import orjson

from app.records.citations import ResolvedCitation, extent
from app.records.company import CompanyRecord
from app.records.located import FactRecord, LocatedRecord
from app.records.metric import EquivalentRecord, MetricRecord
from app.records.milestone import MilestoneRecord
from app.records.source import SourceRecord
from app.values.dates import DateRecord, parse_date
from app.values.numbers import ratio, to_json_number
from app.values.text import fold

Row = dict[str, Any]
"""Column values by column name; their types are the columns' own."""


def render(located: LocatedRecord, citations: list[ResolvedCitation]) -> str:
    """The resource as the JSON that the API serves, without its revision and time: field by field what its schema says."""
    record = located.record
    if isinstance(record, SourceRecord):
        resource = _source(record, located.url)
    elif isinstance(record, CompanyRecord):
        resource = _company(record, located.url, citations)
    else:
        resource = _fact(record, located) | {"note": record.note, "citations": citations}
    return orjson.dumps(resource).decode()


def _source(record: SourceRecord, url: str) -> Row:
    length, sha256 = extent(record)
    return {
        "slug": record.slug,
        "url": url,
        "title": record.title,
        "type": record.type,
        "authors": record.authors,
        "publisher": record.publisher,
        "published": _served_date(record.published),
        "original_url": record.original_url,
        "language": record.language,
        "note": record.note,
        "length": length,
        "sha256": sha256,
        "body_start": record.body_start,
        "has_text": record.text is not None,
        "withdrawn": record.withdrawn,
        "retrieved": record.retrieved,
        "licence": record.licence,
        "facts_url": f"{url}/facts",
    }


def _company(record: CompanyRecord, url: str, citations: list[ResolvedCitation]) -> Row:
    return {
        "slug": record.slug,
        "url": url,
        "name": record.name,
        "other_names": [_values(other, "name", "language") for other in record.other_names],
        "country": record.country,
        "founded": _served_date(record.founded),
        "summary": record.summary,
        "identifiers": [_values(identifier, "scheme", "value") for identifier in record.identifiers],
        "note": record.note,
        "citations": citations,
        "profile_url": f"{url}/profile",
        "milestones_url": f"{url}/milestones",
        "products_url": f"{url}/products",
        "metrics_url": f"{url}/metrics",
    }


def _fact(record: FactRecord, located: LocatedRecord) -> Row:
    """A fact without its last two fields."""
    place: Row = {
        "slug": record.slug,
        "url": located.url,
        "company": located.company,
        "company_url": f"/v1/companies/{located.company}",
        "kind": located.kind,
    }
    if isinstance(record, MilestoneRecord):
        named = _values(record, "title", "description", "category")
        return {**place, **named, "date": _served_date(record.date), "scope": record.scope}
    if isinstance(record, MetricRecord):
        return {
            **place,
            "metric": record.metric,
            "name": record.name,
            "value": to_json_number(record.value),
            **_values(record, "unit", "qualifier", "stated_as"),
            "period": _served_date(record.period, is_period=True),
            "scope": record.scope,
            "equivalent": _equivalent(record.value, record.equivalent) if record.equivalent else None,
        }
    return {**place, **_values(record, "name", "description", "category"), "launched": _served_date(record.launched)}


def _equivalent(amount: Decimal, equivalent: EquivalentRecord) -> Row:
    rate = ratio(amount, equivalent.value) if equivalent.value else None
    return {
        "value": to_json_number(equivalent.value),
        "unit": equivalent.unit,
        "stated_as": equivalent.stated_as,
        "implied_rate": None if rate is None else to_json_number(rate),
        "stated_by_source": True,
    }


def _served_date(date: DateRecord | None, *, is_period: bool = False) -> Row | None:
    if date is None:
        return None
    bounds = parse_date(date.edtf)
    return {"edtf": date.edtf, "text": date.words(is_period=is_period), "earliest": bounds.earliest, "latest": bounds.latest}


def row_of(located: LocatedRecord) -> Row:
    """The values of the row of a record, without those from the revision log and the ids of other rows."""
    record = located.record
    if isinstance(record, SourceRecord):
        length, sha256 = extent(record)
        names = ("title", "type", "authors", "publisher", "language", "body_start", "text")
        extents = {"length": length, "sha256": sha256, "title_key": fold(record.title), "url": record.original_url}
        return _common(record, *names) | _date(record.published) | extents
    if isinstance(record, CompanyRecord):
        row = _common(record, "name", "country", "summary") | _date(record.founded)
        return row | {"name_key": fold(record.name)}
    if isinstance(record, MilestoneRecord):
        return _common(record, "title", "description", "category", "scope") | _date(record.date)
    if isinstance(record, MetricRecord):
        row = _common(record, "metric", "name", "value", "unit", "qualifier", "stated_as", "scope")
        row |= _date(record.period, is_period=True)
        equivalent = record.equivalent
        return row | {
            "equivalent_value": equivalent.value if equivalent else None,
            "equivalent_unit": equivalent.unit if equivalent else None,
            "equivalent_stated_as": equivalent.stated_as if equivalent else None,
        }
    row = _common(record, "name", "description", "category") | _date(record.launched)
    return row | {"name_key": fold(record.name)}


def name_rows(record: CompanyRecord) -> list[Row]:
    """The other names of a company, without the id of the company."""
    return [
        {"position": position, "name": other.name, "name_key": fold(other.name), "language": other.language}
        for position, other in enumerate(record.other_names)
    ]


def identifier_rows(record: CompanyRecord) -> list[Row]:
    """The identifiers of a company, without the id of the company."""
    return [
        {"position": position, "scheme": identifier.scheme, "value": identifier.value}
        for position, identifier in enumerate(record.identifiers)
    ]


def _common(record: SourceRecord | CompanyRecord | FactRecord, *names: str) -> Row:
    return _values(record, "slug", "note", *names)


def _values(record: object, *names: str) -> Row:
    return {name: getattr(record, name) for name in names}


def _date(date: DateRecord | None, *, is_period: bool = False) -> Row:
    bounds = parse_date(date.edtf) if date else None
    return {
        "date_edtf": date.edtf if date else None,
        "date_text": date.words(is_period=is_period) if date else None,
        "earliest": bounds.earliest if bounds else None,
        "latest": bounds.latest if bounds else None,
        "date_uncertain": bounds.uncertain if bounds else False,
    }
