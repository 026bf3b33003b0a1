"""Loading: everything or nothing, only what differs, each change in the log."""

import json
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.datasets.loader import load
from app.datasets.reader import read_dataset
from app.records.passages import digest
from app.revisions.log import RevisionLog
from tests.datasets.examples import TEXT, WHEN, dataset, load_text, rows, write


def document(connection: Connection, table: str, slug: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(next(row.document for row in rows(connection, table) if row.slug == slug))
    return found


def test_a_dataset_is_loaded_with_a_revision_for_each_resource(connection: Connection, tmp_path: Path) -> None:
    report = load_text(connection, tmp_path, dataset())
    assert report.created == Counter(source=1, company=1, milestone=1, product=1, metric=1)
    assert report.newest == rows(connection, "revision_head")[0].newest == 5
    revisions = rows(connection, "revisions")
    assert [(r.number, r.action, r.kind, r.resource_id, r.url) for r in revisions] == [
        (1, "create", "source", 1, "/v1/sources/fern-rising"),
        (2, "create", "company", 2, "/v1/companies/fernhold"),
        (3, "create", "milestone", 3, "/v1/companies/fernhold/milestones/founded"),
        (4, "create", "product", 4, "/v1/companies/fernhold/products/glod"),
        (5, "create", "metric", 5, "/v1/companies/fernhold/metrics/sales"),
    ]
    for table, number in (("sources", 1), ("companies", 2), ("milestones", 3), ("products", 4), ("metrics", 5)):
        (row,) = rows(connection, table)
        assert (row.id, row.revision, row.document) == (number, number, revisions[number - 1].document)
        assert row.document.endswith(f',"revision":{number},"updated_at":"2026-11-24T09:30:00Z"}}')
    assert [(name.name, name.language) for name in rows(connection, "company_names")] == [("蕨堡", "zh")]
    assert [identifier.scheme for identifier in rows(connection, "company_identifiers")] == ["website"]


def test_documents_say_what_the_api_serves(connection: Connection, tmp_path: Path) -> None:
    load_text(connection, tmp_path, dataset())
    quote = "Sales were above 2.5 billion crowns."
    start, end = TEXT.index(quote), TEXT.index(quote) + len(quote)
    cited = {"source": "fern-rising", "source_url": "/v1/sources/fern-rising", "paragraph": 1, "sentence": 3}
    cited |= {"start": start, "end": end, "sha256": digest(quote), "quote": quote}
    cited |= {"edition": None, "checked": "text", "checked_at": "2026-11-24T09:30:00Z"}
    assert document(connection, "metrics", "sales") == {
        "revision": 5,
        "updated_at": "2026-11-24T09:30:00Z",
        "slug": "sales",
        "url": "/v1/companies/fernhold/metrics/sales",
        "company": "fernhold",
        "company_url": "/v1/companies/fernhold",
        "kind": "metric",
        "metric": "revenue",
        "name": "Sales",
        "value": 2500000000,
        "unit": "NOK",
        "qualifier": "more_than",
        "stated_as": "above 2.5 billion crowns",
        "period": None,
        "scope": None,
        "equivalent": {
            "value": 0.3,
            "unit": "USD",
            "stated_as": None,
            "implied_rate": 8333333333.33333,
            "stated_by_source": True,
        },
        "note": None,
        "citations": [cited],
    }


def test_sources_and_dates_are_served_with_what_is_computed(connection: Connection, tmp_path: Path) -> None:
    load_text(connection, tmp_path, dataset())
    source = document(connection, "sources", "fern-rising")
    assert (source["length"], source["sha256"], source["has_text"]) == (len(TEXT), digest(TEXT), True)
    assert document(connection, "milestones", "founded")["date"] == {
        "edtf": "1999-21", "text": "spring 1999", "earliest": "1999-03-01", "latest": "1999-05-31",
    }  # fmt: skip


def test_loading_twice_appends_nothing(connection: Connection, tmp_path: Path) -> None:
    load_text(connection, tmp_path, dataset())
    tables = ("revision_head", "revisions", "sources", "companies", "metrics", "citations")
    before = {table: rows(connection, table) for table in tables}
    report = load_text(connection, tmp_path, dataset())
    assert (report.created.total(), report.updated.total(), report.unchanged.total()) == (0, 0, 5)
    assert {table: rows(connection, table) for table in tables} == before


def test_a_change_appends_one_update_and_replaces_the_citations(connection: Connection, tmp_path: Path) -> None:
    load_text(connection, tmp_path, dataset())
    changed = dataset("2600000000").replace("sentence: 3}", "sentence: 1}, {source: fern-rising, paragraph: 2, sentence: 1}")
    report = load_text(connection, tmp_path, changed)
    assert (report.updated, report.unchanged.total(), report.newest) == (Counter(metric=1), 4, 6)
    revision = rows(connection, "revisions")[-1]
    (metric,) = rows(connection, "metrics")
    assert (revision.number, revision.action, revision.resource_id, revision.actor, revision.reason) == (
        6,
        "update",
        5,
        "tester",
        "a test",
    )
    assert (metric.id, metric.revision, metric.document, metric.value) == (5, 6, revision.document, 2600000000)
    cited = [row for row in rows(connection, "citations") if row.metric_id == 5]
    assert [(row.position, row.paragraph, row.sentence) for row in cited] == [(0, 1, 1), (1, 2, 1)]


def test_a_changed_company_gets_its_names_and_identifiers_replaced(connection: Connection, tmp_path: Path) -> None:
    load_text(connection, tmp_path, dataset())
    load_text(
        connection, tmp_path, dataset().replace("蕨堡, language: zh", "Farnfeste").replace("scheme: website", "scheme: homepage")
    )
    assert [(row.name, row.language) for row in rows(connection, "company_names")] == [("Farnfeste", None)]
    assert [row.scheme for row in rows(connection, "company_identifiers")] == ["homepage"]


def without_text(text: str) -> str:
    """The dataset with digests in place of the source's text."""
    extent = f"length: {len(text)}\n    sha256: {digest(text)}"
    content = dataset().replace(f"text: {json.dumps(text, ensure_ascii=False)}", extent)
    places = {
        "1, sentence: 2": "It was founded in 1999 in Norway.",
        "2, sentence: 1": "The lamp “Glød” 💡 sells in 12 countries.",
    }
    places["1, sentence: 3"] = "Sales were above 2.5 billion crowns."
    for place, quote in places.items():
        start = text.index(quote)
        passage = f"start: {start}, end: {start + len(quote)}, sha256: {digest(quote)}"
        content = content.replace(f"paragraph: {place}}}", f"paragraph: {place}, {passage}}}")
    return content


def test_citing_facts_get_quotes_when_their_source_gets_its_text(connection: Connection, tmp_path: Path) -> None:
    load_text(connection, tmp_path, without_text(TEXT))
    assert document(connection, "sources", "fern-rising")["has_text"] is False
    only_source = dataset().partition("companies:")[0]
    report = load_text(connection, tmp_path, only_source)
    assert report.updated == Counter(source=1, company=1, milestone=1, product=1, metric=1)
    (product,) = rows(connection, "products")
    assert json.loads(product.document)["citations"][0]["quote"] == "The lamp “Glød” 💡 sells in 12 countries."
    assert product.id == 4
    assert load_text(connection, tmp_path, dataset()).unchanged.total() == 5


def test_a_record_whose_passage_a_new_text_lacks_cites_the_earlier_text(connection: Connection, tmp_path: Path) -> None:
    load_text(connection, tmp_path, dataset())
    altered = dataset(text=TEXT.replace("12 countries", "13 countries")).partition("companies:")[0]
    assert load_text(connection, tmp_path, altered).left == ["/v1/companies/fernhold/products/glod"]


def test_facts_may_rest_on_companies_and_sources_of_the_database(connection: Connection, tmp_path: Path) -> None:
    load_text(connection, tmp_path, dataset())
    fact = {"kind": "product", "company": "fernhold", "slug": "shade", "name": "Shade", "category": "product"}
    fact["citations"] = [{"source": "fern-rising", "paragraph": 1, "sentence": 1}]  # type: ignore[assignment]
    report = load_text(connection, tmp_path, json.dumps(fact), "more.ndjson")
    assert report.created == Counter(product=1)


def test_records_may_come_in_any_order(connection: Connection, tmp_path: Path) -> None:
    lines = [
        '{"kind":"product","company":"a","slug":"p","name":"P","category":"c","citations":[{"source":"s","paragraph":1,"sentence":1}]}',
        '{"kind":"company","slug":"a","name":"A"}',
        '{"kind":"source","type":"page","slug":"s","title":"S","text":"Said so."}',
    ]
    assert load_text(connection, tmp_path, "\n".join(lines), "data.ndjson").created == Counter(source=1, company=1, product=1)


def test_a_dataset_larger_than_a_batch_is_loaded_with_progress(connection: Connection, tmp_path: Path) -> None:
    lines = [f'{{"kind":"company","slug":"c{number}","name":"C{number}"}}' for number in range(2_345)]
    steps: list[int] = []
    path = write(tmp_path, "\n".join(lines), "many.ndjson")
    for _ in range(2):
        report = load(connection, read_dataset([path]), actor="tester", reason="a test", progress=steps.append)
    assert steps == [1000, 1000, 345] * 2
    assert (report.unchanged, report.newest) == (Counter(company=2_345), 2_345)


def test_a_log_that_fails_writes_nothing(connection: Connection) -> None:
    def fail_after_append() -> None:
        with RevisionLog(connection, actor="tester", reason="a test", clock=lambda: WHEN) as log:
            log.append("create", "company", "/v1/companies/a", "{}")
            raise LookupError

    with pytest.raises(LookupError):
        fail_after_append()
    assert rows(connection, "revisions") == []
    assert rows(connection, "revision_head")[0].newest == 0


@pytest.mark.parametrize(("actor", "reason"), [("", "r"), ("a", ""), ("a" * 101, "r"), ("a", "r" * 301)])
def test_a_log_names_who_and_why(connection: Connection, actor: str, reason: str) -> None:
    with pytest.raises(ValueError, match="an actor has 1 to 100 characters"):
        RevisionLog(connection, actor=actor, reason=reason)


def test_a_source_that_changes_beside_a_new_company_is_quoted_in_its_facts(connection: Connection, tmp_path: Path) -> None:
    load_text(connection, tmp_path, dataset())
    moss = """\
  - slug: moss
    name: Moss
    milestones: [{slug: m, title: M, category: founding, citations: [{source: fern-rising, paragraph: 1, sentence: 2}]}]
"""
    report = load_text(connection, tmp_path, dataset(text=f"{TEXT}The end.\n") + moss)
    assert report.created == Counter(company=1, milestone=1)
    assert report.updated == Counter(source=1)
    (milestone,) = (row for row in rows(connection, "milestones") if row.slug == "m")
    assert json.loads(milestone.document)["citations"][0]["quote"] == "It was founded in 1999 in Norway."
