"""The demo: what it holds is cited from its texts, and it has what a reader should see once of dates, numbers and sources."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from sqlalchemy import select

import seed
from app.database.database import Database
from app.database.models import Metric, Source
from app.datasets.verifier import verify
from app.server.setup import prepare
from tests.conftest import ServeDataset

pytestmark = pytest.mark.any_engine

TEXT = seed.demo_files()[0].read_text("utf-8")
DEMO: dict[str, list[dict[str, Any]]] = yaml.safe_load(TEXT)
EVERY_KIND_OF_DATE = {
    "2024-09-14", "2016-05", "2020", "2017/2019", "2019?", "2021~", "2018%", "201X", "2022/..", "../2020",
    "2013-26", "2018-41", "2024-35", "2022-04/2023-03",
}  # fmt: skip


def facts() -> Iterator[dict[str, Any]]:
    for company in DEMO["companies"]:
        for kind in ("milestones", "products", "metrics"):
            yield from (fact | {"company": company["slug"]} for fact in company[kind])


def dates() -> set[str]:
    found = [fact.get(field) for fact in facts() for field in ("date", "launched", "period")]
    found += [company["founded"] for company in DEMO["companies"]]
    return {str(date["edtf"] if isinstance(date, dict) else date) for date in found if date is not None}


def test_it_says_at_its_top_that_all_of_it_is_invented() -> None:
    assert "is invented" in TEXT[:400]


def test_every_citation_is_in_the_text_of_its_source(database: Database) -> None:
    prepare(database, with_seed=False, with_demo=True)
    with database.reading() as connection:
        texts = {row.slug: row.text for row in connection.execute(select(Source.slug, Source.text))}
        reports = [verify(connection, text, slug) for slug, text in texts.items()]
    assert len(texts) == len(DEMO["sources"])
    assert [str(report) for report in reports if not report.ok] == []
    cited = sum(len(one["citations"]) for one in [*DEMO["companies"], *facts()])
    assert sum(report.verified for report in reports) == cited


def test_every_fact_of_its_pages_has_a_quote_that_was_checked(serve_once: ServeDataset) -> None:
    client = serve_once(TEXT)
    for company in DEMO["companies"]:
        profile = client.get(f"/v1/companies/{company['slug']}/profile").json()
        shown = [fact for kind in ("milestones", "products", "metrics") for fact in profile[kind]["items"]]
        assert [fact["url"] for fact in shown for citation in fact["citations"] if not citation["quote"]] == []
        assert {citation["checked"] for fact in shown for citation in fact["citations"]} == {"text"}


def test_it_has_every_kind_of_date_and_number() -> None:
    assert dates() >= EVERY_KIND_OF_DATE
    metrics = [fact for fact in facts() if "metric" in fact]
    qualifiers = {metric.get("qualifier", "exact") for metric in metrics}
    assert qualifiers == {"exact", "about", "more_than", "at_least", "less_than", "at_most"}
    assert {metric["unit"] for metric in metrics} >= {"EUR", "rank", "percent", "people", "count"}
    assert any("equivalent" in metric for metric in metrics)
    assert {source.get("language") for source in DEMO["sources"]} == {"en", "fr"}
    assert any("published" not in source for source in DEMO["sources"])


def test_it_has_five_years_of_revenue_and_two_sources_that_disagree() -> None:
    revenue = [fact for fact in facts() if fact.get("metric") == "revenue" and fact["company"] == "orchard-cycles"]
    years = Counter(fact["period"] for fact in revenue)
    assert years == {2020: 1, 2021: 1, 2022: 1, 2023: 2, 2024: 1}
    assert [fact["period"] for fact in revenue if fact.get("qualifier") == "about"] == [2022]
    assert len({fact["citations"][0]["source"] for fact in revenue if fact["period"] == 2023}) == 2


def test_some_of_its_numbers_can_be_compared_and_of_others_the_reason_is_given(serve_once: ServeDataset) -> None:
    rows = serve_once(TEXT).get("/v1/compare", params={"companies": "orchard-cycles,kettingwerk,atelier-rayon"}).json()["metrics"]
    assert {row["metric"] for row in rows if row["comparable"]} >= {"units_sold", "sales_rank", "market_share", "revenue"}
    reasons = {reason["code"] for row in rows for reason in row["reasons"]}
    assert reasons >= {"values_disagree", "period_unknown", "qualifier_not_exact"}
    assert reasons & {"periods_differ", "periods_do_not_overlap"}


def test_a_new_database_gets_it_beside_the_seed_and_only_once(database: Database) -> None:
    assert list(prepare(database, with_seed=True, with_demo=True).loaded) == ["seed", "demo"]
    assert prepare(database, with_seed=True, with_demo=True).loaded == {}


def test_without_the_option_a_new_database_has_none_of_it(database: Database) -> None:
    assert list(prepare(database, with_seed=True).loaded) == ["seed"]
    with database.reading() as connection:
        assert connection.scalars(select(Metric.id).where(Metric.unit == "EUR")).all() == []
