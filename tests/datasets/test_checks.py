"""What must hold across records: all violations are reported at once, and a rollback leaves nothing."""

from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.records.located import DatasetInvalid
from app.records.passages import digest
from tests.datasets.examples import TEXT, dataset, load_text, problems_of, rows


def faults(connection: Connection, tmp_path: Path, content: str, name: str = "data.yaml") -> list[tuple[int, str, str]]:
    with pytest.raises(DatasetInvalid) as invalid, connection.begin_nested():
        load_text(connection, tmp_path, content, name)
    assert rows(connection, "revision_head")[0].newest == len(rows(connection, "revisions"))
    return problems_of(invalid)


def test_errors_across_records_come_all_at_once(connection: Connection, tmp_path: Path) -> None:
    content = (
        dataset().replace("1, sentence: 2}", "1, sentence: 8}", 1).replace("fern-rising, paragraph: 2", "other, paragraph: 2")
    )
    content = content.replace("body_start", f"length: 7\n    sha256: {'0' * 64}\n    body_start", 1)
    content = content.replace("paragraph: 1, sentence: 3", f"paragraph: 1, sentence: 3, start: 1, end: 4, sha256: {'0' * 64}")
    content += """\
  - slug: fernhold
    name: Again
metrics:
  - {slug: m, company: nobody, metric: m, name: M, value: 1, unit: NOK, citations: [{source: s, paragraph: 1, sentence: 1}]}
"""
    found = faults(connection, tmp_path, content)

    def line_of(fragment: str) -> int:
        return content[: content.index(fragment)].count("\n") + 1

    assert found == [
        (line_of("length: 7"), "sources[0].length", f"is 7, but the text has {len(TEXT)} characters"),
        (line_of("sha256: 0"), "sources[0].sha256", f"is not the digest of the text, {digest(TEXT)}"),
        (line_of("sentence: 8"), "companies[0].citations[0].sentence", "paragraph 1 has 3 sentences, not 8"),
        (line_of("source: other"), "companies[0].products[0].citations[0].source", "there is no source 'other'"),
        (line_of("start: 1"), "companies[0].metrics[0].citations[0].sha256", "the passage 1–4 has another digest"),
        (
            line_of("name: Again") - 1,
            "companies[1].slug",
            f"the company 'fernhold' was given before, at {tmp_path / 'data.yaml'}:{line_of('slug: fernhold')}",
        ),
        (line_of("company: nobody"), "metrics[0].citations[0].source", "there is no source 's'"),
        (line_of("company: nobody"), "metrics[0].company", "there is no company 'nobody'"),
    ]
    assert rows(connection, "companies") == []


def test_what_refers_to_an_invalid_record_is_not_reported_too(connection: Connection, tmp_path: Path) -> None:
    content = dataset().replace("title: Fern Rising", "titel: Fern Rising").replace("country: NO", "country: Norway")
    assert [field for _, field, _ in faults(connection, tmp_path, content)] == [
        "sources[0].title",
        "sources[0].titel",
        "companies[0].country",
    ]


def test_a_source_without_text_needs_full_citations_within_its_length(connection: Connection, tmp_path: Path) -> None:
    lines = [
        f'{{"kind":"source","type":"page","slug":"s","title":"S","length":9,"sha256":"{"0" * 64}"}}',
        (
            f'{{"kind":"company","slug":"a","name":"A","citations":[{{"source":"s","paragraph":1,"sentence":1}},'
            f'{{"source":"s","paragraph":1,"sentence":1,"start":5,"end":10,"sha256":"{"0" * 64}"}}]}}'
        ),
    ]
    assert faults(connection, tmp_path, "\n".join(lines), "a.ndjson") == [
        (2, "citations[0].start", "is missing: the source is without text, so give start, end and sha256"),
        (2, "citations[1].end", "the passage 5–10 lies beyond the end, 9"),
    ]


def test_an_identifier_given_twice_is_refused(connection: Connection, tmp_path: Path) -> None:
    identifiers = '[{"scheme":"ticker","value":"A"},{"scheme":"ticker","value":"A"}]'
    line = f'{{"kind":"company","slug":"a","name":"A","identifiers":{identifiers}}}'
    assert faults(connection, tmp_path, line, "a.ndjson") == [(1, "identifiers[1]", "ticker 'A' is given twice")]


def test_an_invalid_record_still_reports_its_wrong_references_and_repeated_names(connection: Connection, tmp_path: Path) -> None:
    text = """companies:
  - slug: alpha
    name: ""
    metrics:
      - {slug: m, metric: users, name: M, value: 1, unit: users, colour: red,
         citations: [{source: none, paragraph: 1, sentence: 1}]}
      - {slug: m, metric: users, name: "", value: 1, unit: users, citations: []}
"""
    found = faults(connection, tmp_path, text)

    assert [field for _, field, _ in found] == [
        "companies[0].name",
        "companies[0].metrics[0].colour",
        "companies[0].metrics[0].citations[0].source",
        "companies[0].metrics[1].citations",
        "companies[0].metrics[1].name",
        "companies[0].metrics[1].slug",
    ]
    assert found[2][2] == "there is no source 'none'"


@pytest.mark.parametrize(
    ("field", "value", "reported"),
    [
        ("country", "ZZ", "'ZZ' is not an ISO 3166-1 alpha-2 country code, such as CN"),
        ("country", "cn", "expected two capital letters, CN for China, not 'cn'"),
        ("identifiers", "[{scheme: isin, value: US0378331006}]", "'US0378331006' is no ISIN"),
        ("identifiers", "[{scheme: lei, value: 5493001KJTIIGC8Y1R13}]", "'5493001KJTIIGC8Y1R13' is no LEI"),
        ("identifiers", "[{scheme: wikidata, value: L42}]", "'L42' is no Wikidata item"),
        ("identifiers", "[{scheme: website, value: 'javascript:alert(1)'}]", "'javascript:alert(1)' is no web address"),
    ],
)
def test_a_value_that_its_register_lacks_is_refused(
    connection: Connection, tmp_path: Path, field: str, value: str, reported: str
) -> None:
    [(_, found, message)] = faults(connection, tmp_path, f"companies: [{{slug: a, name: A, {field}: {value}}}]")

    assert found.startswith(f"companies[0].{field}")
    assert message.startswith(reported)
