"""What is exported loads back to the same content."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from app.datasets.exporter import export_ndjson, export_yaml
from tests.datasets.examples import dataset, load_text, read, rows

Fields = dict[str, Any]
EXPORTS = {"data.yaml": export_yaml, "data.ndjson": export_ndjson}

slugs = st.from_regex(r"[a-z0-9]{1,4}(-[a-z0-9]{1,3})?", fullmatch=True)
keywords = st.from_regex(r"[a-z0-9]{1,6}(_[a-z0-9]{1,3})?", fullmatch=True)
printable = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
tricky = st.sampled_from(
    [
        "NO",
        "yes",
        "~",
        "null",
        "true",
        "1e5",
        "-0",
        "0x1F",
        "1_000",
        "2014-05-06",
        "12:30:00",
        "- a",
        "a: b",
        "#",
        "'",
        '"',
        "<<",
        "=",
        "{",
        "&a",
    ]
)
lines = st.one_of(tricky, st.text(printable, min_size=1, max_size=20).filter(str.strip))
paragraphs = st.one_of(lines, st.text(printable | st.sampled_from("\n\t"), min_size=1, max_size=60).filter(str.strip))
numbers = st.decimals(-(10**14), 10**14, places=0) | st.integers(-(10**14), 10**14).map(lambda n: Decimal(n).scaleb(-7))
dates = st.sampled_from(["2014", "2000-40", "2012/2014", "2014/..", "201X", "2014-05~"])
date_records = dates | st.builds(lambda edtf, text: {"edtf": edtf, "text": text}, dates, lines)


def records(kind: str, required: Fields, **rest: st.SearchStrategy[Any]) -> st.SearchStrategy[Fields]:
    return st.fixed_dictionaries({"kind": st.just(kind), **required}, optional={"note": paragraphs, **rest})


texts = st.text(printable | st.sampled_from("\n\t"), max_size=80).map(lambda text: text + "\n\nSaid so.")
titled: Fields = {"type": keywords, "title": lines}
published: Fields = {"authors": st.lists(lines, max_size=2), "published": date_records, "publisher": lines}
published["url"] = st.sampled_from(["https://fern.example/a?b=c#d", "http://例え.example/é"])
extent: Fields = {"length": st.integers(50, 99), "sha256": st.just("0" * 64)}
sources = st.tuples(
    records("source", {**titled, "slug": st.just("with-text"), "text": texts}, **published),
    records("source", {**titled, "slug": st.just("without"), **extent}, **published),
)

place: Fields = {"source": "without", "paragraph": 1, "sentence": 1, "start": 0, "end": 50, "sha256": "1" * 64}
cited: Fields = {"citations": st.lists(st.sampled_from([place, {**place, "start": 3}]), min_size=1, max_size=2)}
names = st.fixed_dictionaries({"name": lines}, optional={"language": st.sampled_from(["zh", "no", "en-GB"])})
identifiers = st.fixed_dictionaries({"scheme": keywords.filter(lambda scheme: scheme != "lei"), "value": lines})
companies = records(
    "company",
    {"name": lines},
    country=st.sampled_from(["NO", "CN"]),
    founded=date_records,
    summary=paragraphs,
    other_names=st.lists(names, max_size=2),
    identifiers=st.lists(identifiers, max_size=1),
    **cited,
)

titles: Fields = {"title": lines, "category": keywords, **cited}
offers: Fields = {"name": lines, "category": keywords, **cited}
measures: Fields = {"metric": keywords, "name": lines, "value": numbers, "unit": st.sampled_from(["NOK", "people"]), **cited}
equivalents = st.fixed_dictionaries({"value": numbers, "unit": st.just("USD")}, optional={"stated_as": lines})
qualified: Fields = {"qualifier": st.sampled_from(["exact", "about"]), "stated_as": lines, "equivalent": equivalents}
facts = [
    records("milestone", titles, description=paragraphs, date=date_records, scope=lines),
    records("product", offers, description=paragraphs, launched=date_records),
    records("metric", measures, period=date_records, scope=lines, **qualified),
]


@st.composite
def datasets(draw: st.DrawFn) -> list[Fields]:
    """A source with text and one without, companies and facts that cite one of them."""
    found = list(draw(sources))
    for slug in draw(st.lists(slugs, unique=True, max_size=3)):
        found.append({**draw(companies), "slug": slug})
        for fact in facts:
            found += [{**draw(fact), "slug": name, "company": slug} for name in draw(st.lists(slugs, unique=True, max_size=2))]
    return found


def dumped(fields: Fields) -> str:
    return json.dumps(fields, default=lambda number: int(number) if number == int(number) else float(number))


@pytest.mark.parametrize("name", EXPORTS)
def test_the_example_comes_back_unchanged(connection: Connection, tmp_path: Path, name: str) -> None:
    load_text(connection, tmp_path, dataset("0.1"))
    exported = "".join(EXPORTS[name](connection))
    assert "country: NO\n" in exported or "country: 'NO'\n" in exported or '"country":"NO"' in exported
    report = load_text(connection, tmp_path, exported, name)
    assert (report.unchanged.total(), report.newest) == (5, 5)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
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
