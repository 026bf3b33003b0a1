"""Cheap datasets cost little: the values of an item, the errors that are counted and what is remembered of them are bounded."""

import io
import tracemalloc

import pytest

from app.datasets import json_reader, strict_json, yaml_nodes
from app.datasets.json_places import json_lines
from app.datasets.reader import Format, read_stream
from app.records.located import LONGEST_PATH, MOST_COUNTED, MOST_LISTED, DatasetInvalid
from app.values import dates
from app.values.dates import DateRecord


def refusal(content: bytes, format: Format) -> DatasetInvalid:
    with pytest.raises(DatasetInvalid) as caught:
        list(read_stream("body", io.BytesIO(content), format))
    return caught.value


@pytest.mark.parametrize(
    ("format", "content"),
    [
        ("yaml", b"companies: [" + b"1," * MOST_COUNTED + b"1]\n"),
        ("yaml", b"companies: [" + b"{a: 1}," * MOST_COUNTED + b"{}]\n"),
        ("json", b'{"companies": [' + b"1," * MOST_COUNTED + b"1]}"),
        ("json", b"{" + b",".join(b'"x%d":1' % number for number in range(MOST_COUNTED + 1)) + b"}"),
        ("ndjson", b"1\n" * (MOST_COUNTED + 1)),
        ("ndjson", b'{"kind":"company","company":"x","slug":1}\n' * MOST_COUNTED),
    ],
    ids=["yaml", "yaml maps", "json", "json keys", "ndjson", "ndjson records"],
)
def test_reading_stops_after_so_many_errors(format: Format, content: bytes) -> None:
    invalid = refusal(content, format)

    assert MOST_COUNTED <= invalid.findings.count < MOST_COUNTED + 5
    assert len(invalid.findings.listed) == MOST_LISTED
    assert str(invalid).endswith("more; reading stopped here")


@pytest.mark.parametrize(
    ("format", "content"),
    [
        ("yaml", "companies:\n- slug: x\n  name: [{0}]\n"),
        ("yaml", "nonsense: [{0}]\n"),
        ("yaml", "[{0}]\n"),
        ("yaml", "? [{0}]\n: 1\n"),
        ("json", '{{"companies":[{{"slug":"x","name":[{0}]}}]}}'),
        ("json", '{{"nonsense":[{0}]}}'),
        ("json", '{{"companies":[{{"slug":"x","name":[{0}'),
    ],
)
@pytest.mark.parametrize("value", ["1", "[]", '"a"', '{{"a":1}}'])
def test_an_item_of_too_many_values_is_refused(format: Format, content: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (strict_json, yaml_nodes, json_reader):
        monkeypatch.setattr(module, "MOST_ITEM_VALUES", 1000)

    invalid = refusal(content.format(",".join([value.format()] * 5000)).encode(), format)

    assert "has more than 1,000 values" in str(invalid)


def test_a_line_of_too_many_values_is_refused_and_the_next_one_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_json, "MOST_VALUES", 1000)
    line = b'{"kind":"company","slug":"x","name":[' + b"1," * 200_000 + b"1]}\n"

    invalid = refusal(line + b"{}\n", "ndjson")

    assert "values" in str(invalid).splitlines()[0]
    assert len(str(invalid).splitlines()) == 2


def test_a_list_may_have_more_items_than_one_item_may_have_values(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (strict_json, yaml_nodes, json_reader):
        monkeypatch.setattr(module, "MOST_ITEM_VALUES", 20)
    companies = ",".join(f'{{"slug":"x{number}","name":"X"}}' for number in range(100))

    for format in ("json", "yaml"):
        read = read_stream("body", io.BytesIO(f'{{"companies": [{companies}]}}\n'.encode()), format)
        assert len(list(read)) == 100


def test_the_places_of_many_values_below_a_long_key_take_little() -> None:
    lines = json_lines('{"' + "k" * 100_000 + '":[1,\n2,3]}', 1)

    assert max(map(len, lines)) <= LONGEST_PATH + 10


def test_a_long_text_in_place_of_a_date_is_not_remembered() -> None:
    before = dates._of_text.cache_info().currsize
    with pytest.raises(ValueError, match="at most 60"):
        DateRecord.model_validate("2014" * 1000)

    assert dates._of_text.cache_info().currsize == before


@pytest.mark.parametrize("content", ["a: [", "a: {b: ]}\n", "a: b: c\n"])
def test_an_unknown_key_is_reported_though_its_value_is_not_yaml(content: str) -> None:
    first, *others = str(refusal(content.encode(), "yaml")).splitlines()

    assert "is not YAML" in first + "".join(others)
    assert "body:1: a: unknown field" in (first, *others)


def test_a_value_that_is_no_list_is_reported_on_its_line() -> None:
    assert str(refusal(b"companies:\n  nonsense\n", "yaml")) == "body:2: companies: expected a list, not 'nonsense'"


def test_each_line_with_a_control_character_is_reported_by_its_first_one() -> None:
    content = b"\n" * 1000 + b"a: b\x01\x02\n\nok\nc\x03\n\x04"

    assert str(refusal(content, "yaml")).splitlines() == [
        "body:1001: contains the control character U+0001 at position 4",
        "body:1004: contains the control character U+0003 at position 1",
        "body:1005: contains the control character U+0004 at position 0",
    ]


@pytest.mark.slow
def test_millions_of_empty_lines_beside_a_control_character_take_little_memory() -> None:
    content = b"\n" * 30_000_000 + b"\x01"
    tracemalloc.start()
    assert str(refusal(content, "yaml")) == "body:30000001: contains the control character U+0001 at position 0"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 8 * len(content)
