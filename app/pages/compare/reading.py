"""What the page of a comparison reads: the API's comparison, the passages of its values, and the companies that are meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, or_, select

from app.api.compare.matrix import read_comparison
from app.api.compare.schemas import MOST_COMPANIES, Comparison, MetricRow
from app.database.models import Company, CompanyName
from app.database.models import Metric as MetricTable
from app.http.conditional import Stamp
from app.http.lists.pages import newest_stamp
from app.pages.queries import cited_sources
from app.records.metric import Metric
from app.records.source import Source
from app.values.text import fold

MOST_ROWS = 100
"""Rows on a page; the CSV has all of them."""
_MOST_NAMES = 200


@dataclass(frozen=True)
class ComparisonRead:
    """The slugs of the companies that are meant, the texts that mean none, and the comparison, if there are two or more.

    ``names`` are what the form suggests, ``facts`` the observations with their citations, by the URL of each.
    """

    chosen: list[str]
    unknown: list[str]
    names: list[str]
    stamp: Stamp
    comparison: Comparison | None = None
    facts: dict[str, Metric] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)

    @property
    def rows(self) -> list[MetricRow]:
        return self.comparison.metrics[:MOST_ROWS] if self.comparison else []


def read_comparison_page(connection: Connection, given: Sequence[str], metrics: Sequence[str]) -> ComparisonRead:
    """Companies by name or slug, compared, in one snapshot."""
    found = _slugs(connection, given)
    chosen = list(dict.fromkeys(slug for slug in found.values() if slug))[:MOST_COMPANIES]
    unknown = [text for text, slug in found.items() if slug is None]
    names = list(connection.scalars(select(Company.name).order_by(Company.name_key, Company.id).limit(_MOST_NAMES)))
    if len(chosen) < 2:
        return ComparisonRead(chosen, unknown, names, newest_stamp(connection))
    comparison, stamp = read_comparison(connection, chosen, metrics)
    facts = _facts(connection, comparison.metrics[:MOST_ROWS], chosen)
    return ComparisonRead(chosen, unknown, names, stamp, comparison, facts, cited_sources(connection, facts.values()))


def _slugs(connection: Connection, given: Iterable[str]) -> dict[str, str | None]:
    """Each text with the slug of the company that it names: by its slug, otherwise the first one with this name."""
    keys = {text: fold(text) for text in given}
    named = or_(
        Company.slug.in_(keys),
        Company.name_key.in_(keys.values()),
        Company.id.in_(select(CompanyName.company_id).where(CompanyName.name_key.in_(keys.values()))),
    )
    rows = connection.execute(select(Company.slug, Company.name_key, Company.id).where(named).order_by(Company.id)).all()
    also = select(CompanyName.company_id, CompanyName.name_key).where(CompanyName.company_id.in_([row.id for row in rows]))
    others = {(row.company_id, row.name_key) for row in connection.execute(also)}
    return {
        text: next(
            (row.slug for row in rows if row.slug == text),
            next((row.slug for row in rows if row.name_key == key or (row.id, key) in others), None),
        )
        for text, key in keys.items()
    }


def _facts(connection: Connection, rows: Iterable[MetricRow], companies: Sequence[str]) -> dict[str, Metric]:
    urls = {url for row in rows for cell in row.cells if cell.observation for url in (cell.observation.url, *cell.also)}
    documents = connection.scalars(
        select(MetricTable.document)
        .join(Company, MetricTable.company_id == Company.id)
        .where(Company.slug.in_(companies), MetricTable.slug.in_({url.rpartition("/")[2] for url in urls}))
    )
    metrics = (Metric.model_validate_json(document) for document in documents)
    return {metric.url: metric for metric in metrics if metric.url in urls}
