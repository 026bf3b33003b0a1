"""Reads return typed objects, and lists are iterators."""

import datetime
from collections import Counter

import pytest

from app.client import Invalid, NotFound
from app.client.models import Company, Metric, Milestone, Product
from tests.client.conftest import AnyClient, Connect
from tests.server import RunningServer


def test_a_company_is_typed(reader: AnyClient) -> None:
    company = reader.companies.get("baidu")

    assert isinstance(company, Company)
    assert company.name == "Baidu"
    assert company.country == "CN"
    assert company.founded
    assert isinstance(company.founded.earliest, datetime.date)
    assert isinstance(company.updated_at, datetime.datetime)


@pytest.mark.parametrize("named", ["kuaishou/daily-active-users", "/v1/companies/kuaishou/metrics/daily-active-users"])
def test_a_fact_is_named_by_its_slugs_or_its_url(reader: AnyClient, named: str) -> None:
    metric = reader.metrics.get(named)

    assert isinstance(metric, Metric)
    assert (metric.company, metric.slug) == ("kuaishou", "daily-active-users")
    assert reader.metrics.get(metric) == metric


@pytest.mark.parametrize(
    "name", ["", "baidu", "baidu/", "../changes", "baidu/a/b", "baidu/..", "baidu/a?x", "https://other.example/a"]
)
def test_what_is_no_name_is_refused_before_anything_is_sent(reader: AnyClient, name: str) -> None:
    with pytest.raises(ValueError, match="expected company/slug"):
        reader.milestones.get(name)
    assert reader.wire.sent == []


def test_a_list_is_all_of_its_items_whatever_the_size_of_a_page(reader: AnyClient) -> None:
    names = [company.name for company in reader.companies.list()]

    assert len(names) > 1
    assert names == [company.name for company in reader.companies.list(limit=1)]
    assert len(reader.wire.sent) == 1 + len(names)


def test_a_page_is_requested_when_its_first_item_is_needed(reader: AnyClient) -> None:
    milestones = iter(reader.milestones.list(limit=1))
    assert reader.wire.sent == []

    next(milestones), next(milestones)
    assert len(reader.wire.sent) == 2


def test_pages_have_what_is_not_in_their_items(reader: AnyClient) -> None:
    page = next(iter(reader.companies.list(limit=1, total=True).pages()))

    assert page.total == len(list(reader.companies.list()))
    assert len(page.items) == 1
    assert next(iter(reader.search("bidu").pages())).corrected == "baidu"


def test_filters_have_the_names_of_the_api_but_for_a_word_of_python(reader: AnyClient) -> None:
    list(reader.milestones.list(company=["baidu", "kuaishou"], from_=datetime.date(2012, 1, 1), certain=True, as_of=60))
    query = reader.wire.sent[0].url.params

    assert query.get_list("company") == ["baidu", "kuaishou"]
    assert (query["from"], query["certain"], query["as_of"]) == ("2012-01-01", "true", "60")


def test_companies_include_their_first_facts(reader: AnyClient) -> None:
    companies = reader.companies.list(include="milestones,metrics")

    assert all(company.milestones and company.metrics and not company.products for company in companies)


def test_the_other_reads_are_typed(reader: AnyClient) -> None:
    assert reader.companies.profile("baidu").company.name == "Baidu"
    assert reader.suggest("bai").items[0].name == "Baidu"
    assert [company.slug for company in reader.compare(["baidu", "kuaishou"]).companies] == ["baidu", "kuaishou"]
    assert {type(entry.fact) for entry in reader.timeline()} == {Milestone, Metric, Product}
    assert next(iter(reader.search("baidu"))).url == "/v1/companies/baidu"
    assert reader.stats().counts.companies == len(list(reader.companies.list()))
    source = next(iter(reader.sources.list()))
    assert reader.sources.get(source.slug) == source
    assert {type(fact) for fact in reader.sources.facts(source)} == {Milestone, Metric, Product}
    assert len(list(reader.companies.series("baidu"))) == len(list(reader.metrics.list(company="baidu")))
    assert next(iter(reader.companies.history("baidu"))).action == "create"
    assert {product.kind for product in reader.products.list()} == {"product"}


def test_changes_are_every_revision_with_what_it_changed(reader: AnyClient) -> None:
    changes = list(reader.changes(limit=20))

    assert [change.revision for change in changes] == list(range(1, len(changes) + 1))
    assert Counter(type(change.document).__name__.lower() for change in changes) == Counter(change.kind for change in changes)


def test_the_past_is_read_with_as_of(reader: AnyClient) -> None:
    with pytest.raises(NotFound):
        reader.companies.get("baidu", as_of=0)
    assert list(reader.companies.list(as_of=0)) == []
    later = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
    assert reader.companies.get("baidu", as_of=later) == reader.companies.get("baidu")


def test_a_problem_is_an_exception_with_its_fields(reader: AnyClient) -> None:
    with pytest.raises(NotFound) as missing:
        reader.companies.get("baidoo")
    with pytest.raises(Invalid) as invalid:
        list(reader.companies.list(country="China"))

    problem = missing.value
    assert (problem.status, problem.title, problem.name) == (404, "Not found", "not-found")
    assert problem.suggestions == ["/v1/companies/baidu"]
    assert problem.instance
    assert str(problem).startswith("404 Not found: There is no company 'baidoo'")
    assert [error.field for error in invalid.value.errors] == ["country"]


def test_a_server_under_a_prefix_is_found_with_or_without_a_slash(connect: Connect, seeded_server: RunningServer) -> None:
    with pytest.raises(NotFound):
        connect(f"{seeded_server.url}/prefix").stats()
    client = connect(f"{seeded_server.url}/prefix/")
    with pytest.raises(NotFound):
        client.stats()
    assert client.wire.sent[0].url.path == "/prefix/v1/stats"


def test_what_is_no_url_of_a_server_is_refused(connect: Connect) -> None:
    with pytest.raises(ValueError, match="the URL of a server begins with http"):
        connect("profiles.example")
