"""Year-on-year growth, computed only if two observations are comparable, and marked as derived."""

import calendar
import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Context, Decimal
from typing import Any, NamedTuple

import orjson
from fastapi import Request, Response
from sqlalchemy import Connection, select

from app.api.facts.metrics.parameters import CompanyMetricsParameters
from app.api.facts.metrics.queries import restated_metrics
from app.database.database import Readable
from app.database.models import Company, Metric
from app.http.lists.field_selection import choose_fields, select_fields
from app.http.lists.listing import Listing, read_listing
from app.http.lists.pages import Page
from app.http.lists.tables import negotiate_list
from app.http.negotiation import ONE_FORMAT
from app.http.parameters import query_pairs
from app.http.responses import json_list, next_url, respond
from app.records.metric import Growth
from app.values.dates import FactDate
from app.values.numbers import ratio

_EVERY_DIGIT = Context(prec=120)
_WITHOUT_GROWTH = ("percent", "rank")
"""Units in which growth in percent has no clear meaning."""
_YEARS_OF_WEEKS = (datetime.timedelta(weeks=52), datetime.timedelta(weeks=53))
_DAY = datetime.timedelta(days=1)
_FISCAL_PERIODS = {weeks: part for part in ((13, 14), (26, 27), (39, 40), (52, 53)) for weeks in part}
"""A quarter, half, nine months and a whole year of 52 or 53 weeks: the lengths that it may have, by each of them."""


class _Span(NamedTuple):
    """A period whose first and last day are known."""

    first: datetime.date
    last: datetime.date

    def a_year_before(self) -> "_Span | None":
        """The same period one year earlier; one that ends with a month still does. None if a day doesn't exist in that year."""
        try:
            first = self.first.replace(year=self.first.year - 1)
            if self.first == self.last:
                return _Span(first, first)
            year = self.last.year - 1
            is_month_end = self.last.day == calendar.monthrange(self.last.year, self.last.month)[1]
            day = calendar.monthrange(year, self.last.month)[1] if is_month_end else self.last.day
            return _Span(first, datetime.date(year, self.last.month, day))
        except ValueError:
            return None

    @property
    def fiscal_period(self) -> tuple[int, int] | None:
        """The lengths in weeks of the part of a fiscal year that this period may be."""
        weeks, days = divmod((self.last - self.first + _DAY).days, 7)
        return None if days else _FISCAL_PERIODS.get(weeks)

    def fiscal_years_before(self) -> "list[_Span]":
        """The same part of the fiscal year before, for fiscal years of 52 and 53 weeks. Whole years leave no day out."""
        part = self.fiscal_period
        if part is None or self.first.year < 3:
            return []
        spans = [_Span(self.first - first, self.last - last) for first in _YEARS_OF_WEEKS for last in _YEARS_OF_WEEKS]
        is_year = part == _FISCAL_PERIODS[52]
        return [span for span in spans if span.fiscal_period == part and not (is_year and span.last + _DAY != self.first)]

    def may_compare_with(self) -> "list[list[_Span]]":
        """The spans a year before that this one may be compared with, by the calendar and by weeks."""
        year = self.a_year_before()
        return [[year] if year else [], self.fiscal_years_before()]


class _Series(NamedTuple):
    """What comparable observations have in common."""

    metric: str
    unit: str
    scope: str | None


class _Point(NamedTuple):
    """An exact observation of a period that is certain."""

    url: str
    value: Decimal


_Points = Mapping[tuple[_Series, _Span], Sequence[_Point]]


async def respond_with_growth(
    request: Request, database: Readable, listing: Listing, parameters: CompanyMetricsParameters, company: str
) -> Response:
    """Respond with a page of a company's metrics and the growth to each of them, as ``derived``."""
    format = negotiate_list(request, parameters, ONE_FORMAT)
    chosen = choose_fields(parameters.fields, listing.models)
    page, growths = await database.scan(_read, listing, parameters, company, request.url.path)
    link = next_url(request.url.path, query_pairs(parameters), page.next_cursor)
    derived = ",".join(growth.model_dump_json() for growth in growths)
    body = (
        json_list(",".join(select_fields(page.documents, chosen)), link, page.total)[:-1] + f',"derived":[{derived}]}}'.encode()
    )
    return respond(request, body, page.stamp, format, link=link)


def _read(
    connection: Connection, listing: Listing, parameters: CompanyMetricsParameters, company: str, path: str
) -> tuple[Page, list[Growth]]:
    """A page, and the growth to each of its items, in the same snapshot. The earlier value may be on another page."""
    page = read_listing(connection, listing, parameters, path)
    without_restated = parameters.restated is False
    return page, growths_of(connection, company, map(orjson.loads, page.documents), without_restated=without_restated)


def growths_of(
    connection: Connection, company: str, metrics: Iterable[Mapping[str, Any]], *, without_restated: bool = False
) -> list[Growth]:
    """The growth to each of these documents of a company's metrics for which there is one."""
    spans = [(metric, span) for metric in metrics if (span := _span(metric)) is not None]
    points = _points(connection, company, spans, without_restated=without_restated)
    growths = (_growth(metric, span, points) for metric, span in spans)
    return [growth for growth in growths if growth is not None]


def _span(metric: Mapping[str, Any]) -> _Span | None:
    """The period of a metric's document; None unless both ends are known."""
    period = metric["period"] or {}
    if not period.get("earliest") or not period.get("latest"):
        return None
    return _Span(datetime.date.fromisoformat(period["earliest"]), datetime.date.fromisoformat(period["latest"]))


def _points(
    connection: Connection, company: str, spans: Sequence[tuple[Mapping[str, Any], _Span]], *, without_restated: bool
) -> _Points:
    """The exact observations that start with one of the periods, or a year before."""
    starts = {period.first for _, span in spans for before in ([span], *span.may_compare_with()) for period in before}
    company_id = select(Company.id).where(Company.slug == company).scalar_subquery()
    of_metrics = Metric.metric.in_({metric["metric"] for metric, _ in spans})
    statement = select(Metric.slug, Metric.metric, Metric.unit, Metric.scope, Metric.value, Metric.earliest, Metric.latest).where(
        Metric.company_id == company_id,
        of_metrics,
        Metric.earliest.in_(starts),
        Metric.latest.is_not(None),
        Metric.qualifier == "exact",
        Metric.date_uncertain.is_(False),
    )
    if without_restated:
        statement = statement.where(Metric.id.not_in(restated_metrics(company_id, of_metrics)))
    points: dict[tuple[_Series, _Span], list[_Point]] = defaultdict(list)
    for row in connection.execute(statement.order_by(Metric.id)):
        url = f"/v1/companies/{company}/metrics/{row.slug}"
        points[_Series(row.metric, row.unit, row.scope), _Span(row.earliest, row.latest)].append(_Point(url, row.value))
    return points


def _growth(metric: Mapping[str, Any], span: _Span, points: _Points) -> Growth | None:
    """The growth to an observation. None if it or the one of the year before is not exact, or if sources disagree about it."""
    series = _Series(metric["metric"], metric["unit"], metric["scope"])
    before = _year_before(series, span, points)
    if before is None or before.last >= span.first or series.unit in _WITHOUT_GROWTH:
        return None
    now, then = points.get((series, span), ()), points.get((series, before), ())
    values = [{point.value for point in found} for found in (now, then)]
    if [len(found) for found in values] != [1, 1] or metric["url"] not in {point.url for point in now}:
        return None
    value = growth_in_percent(now[0].value, then[0].value)
    if value is None:
        return None
    return Growth(
        metric=f"{series.metric}_growth",
        value=value,
        period=FactDate.model_validate(metric["period"]),
        scope=series.scope,
        of=metric["url"],
        facts=[then[0].url, metric["url"]],
    )


def _year_before(series: _Series, span: _Span, points: _Points) -> _Span | None:
    """The period a year before that has observations, by the calendar if there is one, or by weeks if only one fits."""
    for spans in span.may_compare_with():
        observed = [before for before in spans if points.get((series, before))]
        if observed:
            return observed[0] if len(observed) == 1 else None
    return None


def growth_in_percent(now: Decimal, then: Decimal) -> Decimal | None:
    """To 15 significant digits. None from zero, and from or to a negative value, because a percentage would mislead."""
    if then <= 0 or now < 0:
        return None
    return ratio(_EVERY_DIGIT.multiply(_EVERY_DIGIT.subtract(now, then), Decimal(100)), then)
