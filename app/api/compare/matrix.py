"""The comparison, put together from what was read."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from decimal import Context, Decimal

from sqlalchemy import Connection

from app.api.compare.alignment import Row, align
from app.api.compare.queries import CompanyRow, Compared, FactRow, read_compared
from app.api.compare.reasons import Observed, reasons_against, reasons_apart
from app.api.compare.schemas import (
    ComparedCompany,
    ComparedMilestone,
    ComparedProduct,
    Comparison,
    MetricCell,
    MetricRow,
    MilestoneCell,
    MilestoneRow,
    Observation,
    ProductCell,
    ProductRow,
    ReasonGiven,
)
from app.http.conditional import Stamp
from app.records.metric import Equivalent
from app.values.dates import FactDate
from app.values.numbers import ratio, rounded

_EVERY_DIGIT = Context(prec=100)
_ORDINAL = "rank"
"""The unit of places in an order, of which none is a multiple of another."""


def read_comparison(connection: Connection, companies: Sequence[str], metrics: Sequence[str]) -> tuple[Comparison, Stamp]:
    """Compare companies. Raises NotFound that names each company that doesn't exist."""
    compared = read_compared(connection, companies, metrics)
    return _comparison(compared), compared.stamp


def _comparison(compared: Compared) -> Comparison:
    slugs = [company.slug for company in compared.companies]
    return Comparison(
        companies=[_company(company, compared) for company in compared.companies],
        truncated=any(compared.more.values()),
        metrics=[_metric_row(row, slugs) for row in align(compared.metrics, slugs)],
        products=_product_rows(compared.products, slugs),
        milestones=_milestone_rows(compared.milestones, slugs),
    )


def _company(company: CompanyRow, compared: Compared) -> ComparedCompany:
    return ComparedCompany(
        slug=company.slug,
        name=company.name,
        country=company.country,
        url=f"/v1/companies/{company.slug}",
        truncated=list(compared.more[company.slug]),
    )


def _metric_row(row: Row, slugs: Sequence[str]) -> MetricRow:
    shown = [cell[0] for cell in row.cells if cell]
    base = shown[0]
    reasons = reasons_apart(row.cells, row.elsewhere) if row.elsewhere else reasons_against(row.cells)
    return MetricRow(
        metric=base.metric,
        name=base.name,
        unit=base.unit if len({one.unit for one in shown}) == 1 else None,
        scope=base.scope if len({one.scope for one in shown}) == 1 else None,
        period=_date(base) if len({(one.earliest, one.latest) for one in shown}) == 1 else None,
        comparable=not reasons,
        reasons=[ReasonGiven(code=reason, sentence=reason.sentence) for reason in reasons],
        base=base.company,
        common_unit=_common_unit(shown),
        cells=[_metric_cell(slug, cell, None if reasons else base) for slug, cell in zip(slugs, row.cells, strict=True)],
    )


def _metric_cell(company: str, cell: Sequence[Observed], base: Observed | None) -> MetricCell:
    """A company's cell; ``base`` is the value that it is compared with, if the two are comparable."""
    if not cell:
        return MetricCell(company=company, observation=None, also=[], ratio=None, difference=None)
    shown, *others = cell
    against = base if base is not None and base.company != company else None
    has_ratio = against is not None and against.value > 0 and against.unit != _ORDINAL
    return MetricCell(
        company=company,
        observation=_observation(shown),
        also=[_metric_url(other) for other in others],
        ratio=ratio(shown.value, against.value) if against and has_ratio else None,
        difference=_difference(shown.value, against.value) if against else None,
    )


def _difference(value: Decimal, base: Decimal) -> Decimal | None:
    """To 15 significant digits."""
    return rounded(_EVERY_DIGIT.subtract(value, base))


def _observation(one: Observed) -> Observation:
    equivalent = None
    if one.equivalent_value is not None and one.equivalent_unit is not None:
        equivalent = Equivalent(
            value=one.equivalent_value,
            unit=one.equivalent_unit,
            stated_as=one.equivalent_stated_as,
            implied_rate=ratio(one.value, one.equivalent_value),
        )
    return Observation.model_validate(
        {
            "url": _metric_url(one),
            "name": one.name,
            "value": one.value,
            "unit": one.unit,
            "qualifier": one.qualifier,
            "stated_as": one.stated_as,
            "period": _date(one),
            "scope": one.scope,
            "equivalent": equivalent,
        }
    )


def _metric_url(one: Observed) -> str:
    return f"/v1/companies/{one.company}/metrics/{one.slug}"


def _common_unit(shown: Sequence[Observed]) -> str | None:
    """If units differ, the first unit in which every source states its value."""
    if len({one.unit for one in shown}) < 2:
        return None
    stated = [{one.unit, one.equivalent_unit} for one in shown]
    return min((unit for unit in set.intersection(*stated) if unit), default=None)


def _date(dated: Observed | FactRow) -> FactDate | None:
    if dated.edtf is None or dated.text is None:
        return None
    return FactDate(edtf=dated.edtf, text=dated.text, earliest=dated.earliest, latest=dated.latest)


def _product_rows(products: Sequence[FactRow], slugs: Sequence[str]) -> list[ProductRow]:
    found: dict[str, dict[str, list[ComparedProduct]]] = defaultdict(lambda: defaultdict(list))
    for one in products:
        product = ComparedProduct(name=one.title, url=f"/v1/companies/{one.company}/products/{one.slug}")
        found[one.category][one.company].append(product)
    return [
        ProductRow(
            category=category,
            cells=[ProductCell(company=slug, count=len(cells[slug]), items=cells[slug]) for slug in slugs],
        )
        for category, cells in sorted(found.items())
    ]


def _milestone_rows(milestones: Sequence[FactRow], slugs: Sequence[str]) -> list[MilestoneRow]:
    found: dict[int | None, dict[str, list[ComparedMilestone]]] = defaultdict(lambda: defaultdict(list))
    for one in milestones:
        url = f"/v1/companies/{one.company}/milestones/{one.slug}"
        milestone = ComparedMilestone(title=one.title, url=url, date=_date(one))
        found[_year(one.earliest or one.latest)][one.company].append(milestone)
    return [
        MilestoneRow(year=year, cells=[MilestoneCell(company=slug, count=len(cells[slug]), items=cells[slug]) for slug in slugs])
        for year, cells in sorted(found.items(), key=lambda entry: entry[0] or 10_000)
    ]


def _year(day: datetime.date | None) -> int | None:
    return day.year if day else None
