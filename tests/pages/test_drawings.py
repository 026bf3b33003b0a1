"""How dates and numbers are drawn, compared with kept drawings: tests/pages/drawings.txt.

``python -m tests.pages.test_drawings`` writes it anew. Look at a page before you keep what changed.
"""

import re
from pathlib import Path

import pytest
from jinja2 import Template

from app.http.templates import _environment
from app.pages.drawings.charts import Series, disagreements, series_of
from app.pages.drawings.dates import mark_of
from app.pages.drawings.years import Years
from app.pages.words import words_in
from app.records.metric import Metric
from app.values.dates import DateRecord, FactDate
from tests.pages.datasets import DATES, QUALIFIERS

KEPT = Path(__file__).with_name("drawings.txt")
YEARS = Years(2000, 2025)
DRAWN_DATES = [date for date in DATES if date != "19XX"]


def drawings() -> Template:
    return _environment().get_template("pages/templates/drawings.html")


def fact_date(edtf: str) -> FactDate:
    found = FactDate.from_record(DateRecord.model_validate(edtf if edtf[5:6] != "2" else {"edtf": edtf, "text": edtf}))
    assert found is not None
    return found


def drawn_date(edtf: str, kind: str = "milestone") -> str:
    module = drawings().module
    return str(module.date_mark(mark_of(fact_date(edtf), YEARS), kind))  # type: ignore[attr-defined]


def metric(value: float, period: str | None, qualifier: str = "exact", *, unit: str = "EUR") -> Metric:
    fields = {"value": value, "unit": unit, "qualifier": qualifier, "metric": "revenue", "name": "Revenue", "scope": None}
    about = {
        "slug": f"m-{abs(value)}-{period or 0}",
        "company": "c",
        "company_url": "/v1/companies/c",
        "url": "/v1/m",
        "kind": "metric",
    }
    rest: dict[str, object] = {
        "stated_as": None,
        "equivalent": None,
        "note": None,
        "citations": [],
        "revision": 1,
        "updated_at": "2026-01-01T00:00:00Z",
    }
    return Metric.model_validate({**fields, **about, **rest, "period": fact_date(period).model_dump() if period else None})


def drawn_chart(*metrics: Metric) -> str:
    return str(drawings().module.chart(Series(metrics), words_in("en_GB")))  # type: ignore[attr-defined]


def all_drawings() -> dict[str, str]:
    dates = {f"date {edtf}": drawn_date(edtf) for edtf in DRAWN_DATES}
    products = {f"product {edtf}": drawn_date(edtf, "product") for edtf in ("2014", "2014-05-06")}
    qualified = {
        f"value {qualifier}": drawn_chart(metric(1_000_000, "2019"), metric(1_500_000, "2020", qualifier))
        for qualifier in QUALIFIERS
    }
    special = {
        "values that disagree": drawn_chart(metric(1, "2019"), metric(2, "2020"), metric(3, "2020")),
        "ranks": drawn_chart(metric(3, "2019", unit="rank"), metric(1, "2020", unit="rank")),
        "a gap between periods": drawn_chart(metric(1, "2018"), metric(2, "2020")),
        "values below zero": drawn_chart(metric(-5, "2019"), metric(5, "2020")),
    }
    return dates | products | qualified | special


def kept() -> dict[str, str]:
    parts = re.split(r"^# (.*)\n", KEPT.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def as_file(found: dict[str, str]) -> str:
    return "".join(f"# {name}\n{drawing.strip()}\n" for name, drawing in found.items())


def test_every_kind_of_date_and_number_is_drawn_as_kept() -> None:
    found = {name: f"{drawing.strip()}\n" for name, drawing in all_drawings().items()}
    assert list(found) == list(kept())
    assert [name for name in found if found[name] != kept()[name]] == []


@pytest.mark.parametrize("edtf", DRAWN_DATES)
def test_a_bar_covers_exactly_the_days_that_the_date_may_mean(edtf: str) -> None:
    mark, date = mark_of(fact_date(edtf), YEARS), fact_date(edtf)
    if date.earliest:
        assert mark.x == YEARS.start_of(date.earliest)
    if date.latest and mark.width > 0.8:
        assert mark.end == YEARS.end_of(date.latest)
    assert (mark.opens_left, mark.opens_right) == (date.earliest is None, date.latest is None)


def test_a_date_is_never_drawn_beyond_its_scale() -> None:
    for edtf in DATES:
        years = Years.around([fact_date(edtf)])
        mark = mark_of(fact_date(edtf), years)
        assert 0 <= mark.x < mark.end <= 100
        assert 1 < len(years.ticks) <= 8


def test_only_values_of_one_metric_unit_scope_and_period_disagree() -> None:
    one, other = metric(1, "2020"), metric(2, "2020")
    assert disagreements([one, other]) == [[one, other]]
    assert disagreements([one, one.model_copy(update={"slug": "again"})]) == []
    assert disagreements([one, metric(2, "2021")]) == []
    assert disagreements([metric(1, None), metric(2, None)]) == []
    assert disagreements([one, other.model_copy(update={"scope": "China"})]) == []
    assert disagreements([one, other.model_copy(update={"unit": "USD"})]) == []


def test_no_line_takes_the_side_of_one_of_the_sources_that_disagree() -> None:
    [series] = series_of([metric(1, "2018"), metric(2, "2019"), metric(3, "2020"), metric(4, "2020"), metric(5, "2021")])
    assert [line.kind for line in series.lines] == ["follows", "disagrees"]


def test_one_period_is_no_chart_and_a_missing_period_stands_beside_it() -> None:
    [alone] = series_of([metric(1, "2020"), metric(2, None)])
    assert not alone.is_drawn
    [drawn] = series_of([metric(1, "2019"), metric(1, "2020"), metric(2, None)])
    assert drawn.is_drawn
    assert [one.period for one in drawn.undated] == [None]
    assert len(drawn.points) == 2


if __name__ == "__main__":
    KEPT.write_text(as_file(all_drawings()), encoding="utf-8")
