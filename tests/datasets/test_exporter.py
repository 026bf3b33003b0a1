"""What is exported loads back to the same content."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from app.datasets.exporter import export_ndjson, export_yaml
from tests.datasets.drawing import Fields, companies, dumped, facts, slugs, sources
from tests.datasets.examples import dataset, load_text, read, rows
from tests.lengths import by_length

EXPORTS = {"data.yaml": export_yaml, "data.ndjson": export_ndjson}


@st.composite
def datasets(draw: st.DrawFn) -> list[Fields]:
    """A source with text and one without, companies and facts that cite one of them."""
    found = list(draw(sources))
    for slug in draw(st.lists(slugs, unique=True, max_size=3)):
        found.append({**draw(companies), "slug": slug})
        for fact in facts:
            found += [{**draw(fact), "slug": name, "company": slug} for name in draw(st.lists(slugs, unique=True, max_size=2))]
    return found


@pytest.mark.parametrize("name", EXPORTS)
def test_the_example_comes_back_unchanged(connection: Connection, tmp_path: Path, name: str) -> None:
    load_text(connection, tmp_path, dataset("0.1"))
    exported = "".join(EXPORTS[name](connection))
    assert "country: NO\n" in exported or "country: 'NO'\n" in exported or '"country":"NO"' in exported
    report = load_text(connection, tmp_path, exported, name)
    assert (report.unchanged.total(), report.newest) == (5, 5)


@pytest.mark.any_engine
@settings(
    max_examples=by_length(everyday=15, full=60),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(found=datasets())
def test_any_dataset_comes_back_unchanged(connection: Connection, tmp_path: Path, found: list[Fields]) -> None:
    savepoint = connection.begin_nested()
    report = load_text(connection, tmp_path, "\n".join(map(dumped, found)), "given.ndjson")
    assert report.created.total() == len(found)
    contents = [row.document for row in rows(connection, "revisions")]
    for name, export in EXPORTS.items():
        exported = "".join(export(connection))
        again = load_text(connection, tmp_path, exported, name)
        assert (again.unchanged.total(), again.newest) == (len(found), len(contents))
    savepoint.rollback()
    for name, export in EXPORTS.items():
        savepoint = connection.begin_nested()
        load_text(connection, tmp_path, (tmp_path / name).read_text(), name)
        assert sorted(row.document for row in rows(connection, "sources")) == sorted(contents[:2])
        assert "".join(export(connection)) == (tmp_path / name).read_text()
        savepoint.rollback()


def test_an_export_is_in_order_of_slugs_and_in_batches(connection: Connection, tmp_path: Path) -> None:
    found: list[Fields] = []
    for number in range(1_200):
        found.append({"kind": "company", "slug": f"c{number}", "name": "C"})
        product = {"kind": "product", "company": f"c{number}", "name": "P", "category": "c"}
        cited = [{"source": "s", "paragraph": 1, "sentence": 1}]
        if number % 3 == 0:
            found += [{**product, "slug": slug, "citations": cited} for slug in ("p", "o")]
    found.append({"kind": "source", "type": "page", "slug": "s", "title": "S", "text": "Said so."})
    load_text(connection, tmp_path, "\n".join(map(json.dumps, found)), "a.ndjson")
    exported = [json.loads(line) for line in export_ndjson(connection)]
    assert len(exported) == len(found)
    companies = [fields["slug"] for fields in exported if fields["kind"] == "company"]
    assert companies == sorted(companies)
    assert [fields["slug"] for fields in exported if fields.get("company") == "c3"] == ["o", "p"]
    assert exported[0]["kind"] == "source"
    assert len(read(tmp_path, "".join(export_yaml(connection)))) == len(found)


def test_an_empty_database_gives_an_empty_dataset(connection: Connection, tmp_path: Path) -> None:
    assert list(export_ndjson(connection)) == []
    assert read(tmp_path, "".join(export_yaml(connection))) == []


@pytest.mark.parametrize("name", EXPORTS)
def test_a_date_that_needs_words_is_exported_with_them(connection: Connection, tmp_path: Path, name: str) -> None:
    """2023-24 alone is refused: it is winter in EDTF, and a financial year elsewhere."""
    load_text(
        connection,
        tmp_path,
        '{"kind":"company","slug":"a","name":"A","founded":{"edtf":"2023-24","text":"winter 2023"}}',
        "a.ndjson",
    )
    before = [row.document for row in rows(connection, "companies")]

    load_text(connection, tmp_path, "".join(EXPORTS[name](connection)), name)

    assert [row.document for row in rows(connection, "companies")] == before
