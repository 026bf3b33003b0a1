"""The seed's files: every record is valid, every sentence is cited, and no claim of the article is missing.

No test here reads the article. `company-profiles verify` proves the citations against a copy of it.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel, ConfigDict

from app.records.company import CompanyRecord
from app.records.fact import CitationRecord, FactRecord
from app.records.metric import MetricRecord
from app.records.milestone import MilestoneRecord
from app.records.product import ProductRecord
from app.records.source import SourceRecord
from app.values.dates import DateRecord
from seed import files

ARTICLE = "chinas-sci-tech-is-going-global"
COMPANY_SENTENCES = {
    *((2, sentence) for sentence in range(1, 8)),
    *((3, sentence) for sentence in range(1, 7)),
    *((4, sentence) for sentence in range(1, 3)),
    *((5, sentence) for sentence in range(1, 3)),
}
SHARED_SENTENCES = {(4, 1), (4, 2)}

Number = tuple[Decimal, str, str, str | None]
"""Value, unit, qualifier and EDTF period of a metric."""


class SeedCompany(CompanyRecord):
    """A company with its facts nested, as the file has it."""

    milestones: list[MilestoneRecord]
    products: list[ProductRecord]
    metrics: list[MetricRecord]

    def facts(self) -> Iterator[FactRecord]:
        yield from self.milestones
        yield from self.products
        yield from self.metrics

    def milestone(self, slug: str) -> MilestoneRecord:
        return next(fact for fact in self.milestones if fact.slug == slug)

    def product(self, slug: str) -> ProductRecord:
        return next(fact for fact in self.products if fact.slug == slug)

    def metric(self, slug: str) -> MetricRecord:
        return next(fact for fact in self.metrics if fact.slug == slug)


class SeedFile(BaseModel):
    """The whole file. Reading it validates every record."""

    model_config = ConfigDict(extra="forbid")

    sources: list[SourceRecord]
    companies: list[SeedCompany]


def read(path: Path) -> SeedFile:
    return SeedFile.model_validate(yaml.safe_load(path.read_text("utf-8")))


SEED = read(files()[0])
COMPANIES = {company.slug: company for company in SEED.companies}
BAIDU, KUAISHOU = COMPANIES["baidu"], COMPANIES["kuaishou"]


def citations(company: SeedCompany) -> Iterator[CitationRecord]:
    yield from company.citations
    for fact in company.facts():
        yield from fact.citations


def cited_by_facts(company: SeedCompany) -> set[tuple[int | None, int | None]]:
    return {(citation.paragraph, citation.sentence) for fact in company.facts() for citation in fact.citations}


def edtf(date: DateRecord | None) -> str | None:
    return date.edtf if date else None


def test_the_package_lists_its_one_dataset_file() -> None:
    assert [path.name for path in files()] == [f"{ARTICLE}.yaml"]


def test_the_source_is_described_without_its_text() -> None:
    [source] = SEED.sources
    assert (source.slug, source.type, source.authors, source.language) == (ARTICLE, "article", ["Chanmolika Seng"], "en")
    assert (source.length, source.body_start, source.text) == (3693, 54, None)
    assert (source.published, source.url) == (None, None)
    assert source.note


def test_the_readme_names_the_digest_of_the_dataset_source() -> None:
    readme = (files()[0].parent / "README.md").read_text("utf-8")
    assert str(SEED.sources[0].sha256) in readme


def test_every_sentence_about_a_company_is_cited_by_a_fact() -> None:
    cited = cited_by_facts(BAIDU) | cited_by_facts(KUAISHOU)
    assert cited == COMPANY_SENTENCES


@pytest.mark.parametrize("slug", ["baidu", "kuaishou"])
def test_a_sentence_about_both_companies_gives_a_fact_to_each(slug: str) -> None:
    assert cited_by_facts(COMPANIES[slug]) >= SHARED_SENTENCES


@pytest.mark.parametrize("slug", ["baidu", "kuaishou"])
def test_every_citation_gives_a_passage_of_the_source_and_its_digest(slug: str) -> None:
    for citation in citations(COMPANIES[slug]):
        assert citation.source == ARTICLE
        assert citation.sha256 is not None
        assert citation.start is not None
        assert citation.end is not None
        assert 54 <= citation.start < citation.end <= 3693


def test_the_same_passage_has_one_place_and_one_digest() -> None:
    places: dict[tuple[int | None, int | None], set[tuple[int | None, int | None, str | None]]] = {}
    for company in SEED.companies:
        for citation in citations(company):
            place = (citation.paragraph, citation.sentence, citation.sha256)
            places.setdefault((citation.start, citation.end), set()).add(place)
    assert all(len(found) == 1 for found in places.values())


@pytest.mark.parametrize("slug", ["baidu", "kuaishou"])
def test_slugs_are_unique_within_a_company_and_kind(slug: str) -> None:
    company = COMPANIES[slug]
    for facts in (company.milestones, company.products, company.metrics):
        slugs = [fact.slug for fact in facts]
        assert len(slugs) == len(set(slugs))


@pytest.mark.parametrize("slug", ["baidu", "kuaishou"])
def test_a_company_has_only_what_the_article_gives_of_its_identity(slug: str) -> None:
    company = COMPANIES[slug]
    assert company.country == "CN"
    assert company.citations
    assert (company.other_names, company.identifiers) == ([], [])


def test_founding_is_fuzzy_for_baidu_and_unknown_for_kuaishou() -> None:
    assert BAIDU.founded == DateRecord(edtf="2000-40", text="early 2000")
    assert KUAISHOU.founded is None
    assert KUAISHOU.note


@pytest.mark.parametrize(
    ("company", "slug", "date"),
    [
        (BAIDU, "founded", "2000-40"),
        (BAIDU, "search-engine-launch", None),
        (BAIDU, "one-of-four-with-search-engine", "../2014"),
        (BAIDU, "ai-development-begun", "2014"),
        (BAIDU, "ai-technologies-developed", "2014/.."),
        (BAIDU, "deep-learning-platform-launch", "2016"),
        (BAIDU, "multi-engine-growth", None),
        (KUAISHOU, "first-product", "2011"),
        (KUAISHOU, "first-mover-in-short-video", "2012"),
        (KUAISHOU, "short-film-platform", "2012/2014"),
        (KUAISHOU, "flagship-largest-live-streaming", "2017"),
        (KUAISHOU, "growing-abroad", None),
    ],
)
def test_a_milestone_is_dated_as_the_article_dates_it(company: SeedCompany, slug: str, date: str | None) -> None:
    assert edtf(company.milestone(slug).date) == date


def test_a_product_is_dated_only_where_the_article_reports_its_launch() -> None:
    dated = {fact.slug: edtf(fact.launched) for company in SEED.companies for fact in company.products if fact.launched}
    assert dated == {"deep-learning-platform": "2016", "gif-product": "2011"}


@pytest.mark.parametrize(
    ("company", "slug", "number"),
    [
        (BAIDU, "search-queries", (Decimal(1_000_000_000), "queries_per_day", "at_least", None)),
        (BAIDU, "countries-served", (Decimal(100), "countries", "more_than", None)),
        (BAIDU, "search-engine-introducers", (Decimal(4), "countries", "exact", "../2014")),
        (BAIDU, "deep-learning-developers", (Decimal(4_000_000), "developers", "exact", None)),
        (BAIDU, "ai-public-cloud-rank", (Decimal(1), "rank", "exact", None)),
        (KUAISHOU, "sharing-platform-rank", (Decimal(1), "rank", "exact", None)),
        (KUAISHOU, "live-streaming-rank", (Decimal(1), "rank", "exact", "2017")),
        (KUAISHOU, "revenue", (Decimal(21_100_000_000), "CNY", "exact", None)),
        (KUAISHOU, "revenue-growth", (Decimal("23.8"), "percent", "exact", None)),
        (KUAISHOU, "daily-active-users", (Decimal(302_000_000), "users_per_day", "more_than", None)),
        (KUAISHOU, "express-users", (Decimal(100_000_000), "users", "more_than", None)),
    ],
)
def test_a_metric_has_the_number_that_the_article_states(company: SeedCompany, slug: str, number: Number) -> None:
    metric = company.metric(slug)
    assert (metric.value, metric.unit, metric.qualifier, edtf(metric.period)) == number
    assert all((metric.stated_as, metric.scope, metric.note))


def test_the_conversion_of_the_revenue_is_the_article_s_own() -> None:
    equivalent = KUAISHOU.metric("revenue").equivalent
    assert equivalent is not None
    assert (equivalent.value, equivalent.unit, equivalent.stated_as) == (Decimal(3_160_000_000), "USD", "USD 3.16 billion")


def test_kuaishou_has_the_four_revenue_streams_that_the_article_lists() -> None:
    assert [fact.slug for fact in KUAISHOU.products if fact.category == "revenue_stream"] == [
        "virtual-gifts",
        "advertising",
        "online-marketing-services",
        "e-commerce-technology-service-charges",
    ]


@pytest.mark.parametrize(
    ("company", "words"),
    [
        (BAIDU, "Baidu AI Cloud|Baidu Apollo|search engine|open source|deep learning|voice|images|knowledge graph"),
        (BAIDU, "natural language processing|conversational AI|operating systems|autonomous driving|AI chips|countries"),
        (BAIDU, "mobile ecosystem|smart transportation|intelligent driving|engines|potential|innovation|public cloud"),
        (BAIDU, "Latin America|parts of the United States|most widely used|pivotal|digital transformation|Kuaishou"),
        (KUAISHOU, "Kuaishou Flagship|Express platform|applications|mini programs|virtual gifts|advertising|GIF|first mover"),
        (KUAISHOU, "online marketing services|e-commerce technology services|short-film video platform|live streaming"),
        (KUAISHOU, "sharing platforms|machine learning|portal|community|ten years|short video industry|virtual gifting"),
        (KUAISHOU, "Latin America|parts of the United States|most widely used|pivotal|digital transformation|Baidu"),
    ],
)
def test_every_name_field_and_region_of_the_article_is_in_a_fact(company: SeedCompany, words: str) -> None:
    reported = "\n".join(fact.model_dump_json(exclude={"citations"}) for fact in company.facts()).lower()
    assert [word for word in words.split("|") if word.lower() not in reported] == []


@pytest.mark.parametrize("slug", ["baidu", "kuaishou"])
def test_praise_without_a_number_says_that_it_is_the_article_s(slug: str) -> None:
    for fact in COMPANIES[slug].milestones:
        if fact.category == "market_position":
            assert "the article says" in (fact.description or "").lower()
