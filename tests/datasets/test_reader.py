"""Reading datasets: values exact, and every error at once with its line."""

import io
from decimal import Decimal
from pathlib import Path

import pytest

from app.datasets import ndjson_reader
from app.datasets.reader import MEDIA_TYPES, read_dataset, read_stream
from app.records.company import CompanyRecord
from app.records.located import DatasetInvalid
from app.records.metric import MetricRecord
from tests.datasets.examples import dataset, problems_of, read, write

PLACE = '"citations":[{"source":"s","paragraph":1,"sentence":1}]'
METRIC = f'{{"kind":"metric","company":"a","slug":"m","metric":"m","name":"M","unit":"NOK",{PLACE},"value":%s}}\n'
BROKEN_YAML = """\
sorces: []
companies:
  - slug: Not A Slug
    name: 2014
    metrics:
      - slug: m
        metric: revenue
        name: Revenue
        value: much
        unit: gold
        citations:
          - source: s
            paragraph: 0
            sentence: 1
  - slug: b
    nam: B
  - slug: c
    name: C
    name: D
    founded: 2014-13-99
  - &anchor
    slug: d
    name: !!str D
    note: *anchor
  - text
metrics:
  - slug: m
"""


def faults(tmp_path: Path, content: str | bytes, name: str = "data.yaml") -> list[tuple[int, str, str]]:
    with pytest.raises(DatasetInvalid) as invalid:
        read(tmp_path, content, name)
    return problems_of(invalid)


def test_yaml_nests_facts_in_their_company(tmp_path: Path) -> None:
    records = read(tmp_path, dataset())
    assert [(r.kind, r.company, r.record.slug, r.place.path) for r in records] == [
        ("source", None, "fern-rising", "sources[0]"),
        ("company", None, "fernhold", "companies[0]"),
        ("milestone", "fernhold", "founded", "companies[0].milestones[0]"),
        ("product", "fernhold", "glod", "companies[0].products[0]"),
        ("metric", "fernhold", "sales", "companies[0].metrics[0]"),
    ]


def test_yaml_takes_facts_at_the_top_with_their_company(tmp_path: Path) -> None:
    content = "milestones:\n- {slug: a, company: b, title: T, category: c, citations: [{source: s, paragraph: 1, sentence: 1}]}\n"
    assert [(r.kind, r.company, r.record.slug) for r in read(tmp_path, content)] == [("milestone", "b", "a")]


def test_norway_is_a_country_and_words_that_yaml_once_took_for_values_are_text(tmp_path: Path) -> None:
    record = read(
        tmp_path, "companies:\n- {slug: a, name: Yes, country: NO, summary: 12:30:00, note: 0o17, founded: 2014-05-06}\n"
    )[0].record
    assert isinstance(record, CompanyRecord)
    assert (record.name, record.country, record.summary, record.note) == ("Yes", "NO", "12:30:00", "0o17")
    assert record.founded is not None
    assert record.founded.edtf == "2014-05-06"


@pytest.mark.parametrize("number", ["0.1", "123456789012345", "-1.00000000000001", "2.5e9", "1e-12"])
def test_numbers_are_exact(tmp_path: Path, number: str) -> None:
    for record in (read(tmp_path, dataset(number))[-1].record, read(tmp_path, METRIC % number, "a.ndjson")[0].record):
        assert isinstance(record, MetricRecord)
        assert record.value == Decimal(number)


def test_yaml_errors_come_all_at_once_with_their_lines(tmp_path: Path) -> None:
    found = faults(tmp_path, BROKEN_YAML)
    lines_and_fields = [(line, field) for line, field, _ in found]
    assert lines_and_fields == [
        (1, "sorces"),
        (3, "companies[0].slug"),
        (4, "companies[0].name"),
        (9, "companies[0].metrics[0].value"),
        (10, "companies[0].metrics[0].unit"),
        (13, "companies[0].metrics[0].citations[0].paragraph"),
        (15, "companies[1].name"),
        (16, "companies[1].nam"),
        (19, "companies[2].name"),
        (20, "companies[2].founded"),
        (21, "companies[3]"),
        (23, "companies[3].name"),
        (24, "companies[3].note"),
        (25, "companies[4]"),
        *[(27, f"metrics[0].{name}") for name in ("citations", "company", "metric", "name", "unit", "value")],
    ]
    messages = {field: message for _, field, message in found}
    assert messages["sorces"] == "unknown field; did you mean sources?"
    assert (
        messages["companies[0].slug"]
        == "expected lower-case letters a–z, digits and single hyphens, such as baidu, not 'Not A Slug'; did you mean not-a-slug?"
    )
    assert messages["companies[0].name"] == "expected text, not 2014; put it in quotes"
    assert messages["companies[0].metrics[0].citations[0].paragraph"] == "should be greater than or equal to 1, not 0"
    assert messages["companies[1].nam"] == "unknown field; did you mean name?"
    assert messages["companies[2].name"] == "is given twice; first on line 18"
    assert messages["companies[4]"] == "expected a mapping, not 'text'"


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 0, "is empty"),
        (b"# nothing\n", 0, "is empty"),
        (b"- a\n", 1, "expected a mapping with the lists sources, companies, milestones, products, metrics, not a list"),
        (b"companies: 3\n", 1, "expected a list, not 3"),
        (b"companies: [\n", 2, "is not YAML"),
        (b"companies:\n  - slug: 'a\n", 2, "is not YAML: the quotes that start here never end"),
        (b"companies: []\n---\ncompanies: []\n", 2, "a second document"),
        (b"a: 1\nb: \xff\n", 2, "is not UTF-8: byte 0xff"),
        (b"companies: []\n# \x00\n", 2, "contains the control character U+0000"),
        (b"companies:\n- " + b"[" * 60 + b"]" * 60, 2, "is nested more than 50 levels deep"),
        (b"companies:\n" + b"? " * 60 + b"a\n", 2, "a key must be text"),
        (b"? [a]\n: b\n", 1, "a key must be text"),
        (b"companies: [{slug: a, name: A, note: 1" + b"0" * 999 + b"}]", 1, "a number of 1,000 characters is out of range"),
        (b"companies: [{slug: a, name: A, note: 1e99999}]", 1, "the number 1e99999 is out of range"),
    ],
)
def test_a_broken_yaml_file_is_refused(tmp_path: Path, content: bytes, line: int, message: str) -> None:
    found = faults(tmp_path, content)
    assert any(at == line and message in text for at, _, text in found), found


def test_ndjson_errors_come_all_at_once_with_their_lines(tmp_path: Path) -> None:
    lines = [
        b'\xef\xbb\xbf{"kind":"company","slug":"a","name":"A"}',
        b"",
        b'{"kind":"company","slug":"b","name":"B",}',
        b'{"kind":"firm"}',
        b"[1]",
        b'{"kind":"company","slug":"c","slug":"d","name":"C"}',
        b'{"kind":"company","slug":"c","name":"C","note":NaN}',
        b'{"kind":"company","slug":"c","name":"\xff"}',
        b'{"kind":"company","slug":"c","name":"\\u0000\\ud800"}',
        b"[" * 100_000,
        b'{"kind":"milestone","slug":"m","title":"T","category":"c","citations":[{"source":"s","paragraph":1,"sentence":1}]}',
        b"\0\0",
        (METRIC % "12345678901234567.89").encode(),
        b'{"kind":"company","slug":"c","name":"C","x\\ud800":1}',
    ]
    found = faults(tmp_path, b"\n".join(lines), "data.jsonl")
    expected = {
        3: "name",
        4: "kind",
        5: "",
        6: "slug",
        7: "note",
        8: "",
        9: "name",
        10: "",
        11: "company",
        12: "",
        13: "value",
        15: "",
    }
    assert [(line, field) for line, field, _ in found] == list(expected.items())
    messages = [message for _, _, message in found]
    assert messages[0] == "is not JSON: Expecting property name enclosed in double quotes (column 41)"
    assert messages[1] == "expected one of source, company, milestone, product, metric, not 'firm'"
    assert messages[3] == "is given twice (column 30)"
    assert messages[4] == "NaN is not a number (column 41)"
    assert messages[5] == "is not UTF-8: byte 0xff; save it as UTF-8 (column 38)"
    assert messages[6] == "contains the control character U+0000 at position 0"


def test_a_line_beyond_the_limit_is_refused_and_the_next_one_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjson_reader, "LONGEST_LINE", 100)
    content = b"x" * 1_000 + b'\n{"kind":"firm"}\n'
    assert [(line, field) for line, field, _ in faults(tmp_path, content, "a.ndjson")] == [(1, ""), (2, "kind")]


def test_standard_input_is_ndjson() -> None:
    records = list(read_dataset(["-"], io.BytesIO(b'{"kind":"company","slug":"a","name":"A"}')))
    assert [record.place.file for record in records] == ["standard input"]


def test_a_format_that_is_named_wins_over_the_ending_and_is_that_of_standard_input(tmp_path: Path) -> None:
    path = write(tmp_path, "companies: [{slug: a, name: A}]", "data.json")
    given = io.BytesIO(b"companies: [{slug: b, name: B}]")
    assert [r.record.slug for r in read_dataset([path, "-"], given, format="yaml")] == ["a", "b"]


def test_a_stream_that_is_read_stays_open() -> None:
    stream = io.BytesIO(b'{"companies": [{"slug": "a", "name": "A"}]}')
    assert [record.place.file for record in read_stream("the body", stream, MEDIA_TYPES["application/json"])] == ["the body"]
    assert not stream.closed


def test_each_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "empty.ndjson").touch()
    (tmp_path / "notes.txt").touch()
    names = ["missing.yaml", "folder.yaml", "notes.txt", "empty.ndjson"]
    with pytest.raises(DatasetInvalid) as invalid:
        list(read_dataset(tmp_path / name for name in names))
    text = str(invalid.value)
    assert f"{tmp_path / 'missing.yaml'}: no such file or directory" in text
    assert f"{tmp_path / 'folder.yaml'}: is a directory" in text
    assert f"{tmp_path / 'notes.txt'}: unknown file extension; expected one of .yaml" in text
    assert f"{tmp_path / 'empty.ndjson'}: is empty" in text


def test_no_more_than_a_thousand_errors_are_printed(tmp_path: Path) -> None:
    with pytest.raises(DatasetInvalid) as invalid:
        read(tmp_path, "x\n" * 1_234, "a.ndjson")
    assert len(str(invalid.value).splitlines()) == 1_001
    assert str(invalid.value).endswith("… and 234 more")


def test_a_name_that_cannot_be_read_is_refused_on_its_line(tmp_path: Path) -> None:
    lines = '{"kind":"company","slug":"a","name":"A"}\n{"kind":"company","slug":"b","name":"\\u200b"}\n'
    with pytest.raises(DatasetInvalid) as invalid:
        read(tmp_path, lines, "a.ndjson")
    assert str(invalid.value) == f"{tmp_path / 'a.ndjson'}:2: name: contains no visible character"


def test_errors_are_safe_to_print(tmp_path: Path) -> None:
    with pytest.raises(DatasetInvalid) as invalid:
        read(tmp_path, '{"kind":"company","slug":"a","name":"A","\\u001b[31m\\ud800\\n":1}', "a.ndjson")
    assert str(invalid.value).isprintable()
    str(invalid.value).encode()
