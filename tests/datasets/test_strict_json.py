"""Strict JSON: exact values, and for anything else what is wrong, where."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from app.datasets.strict_json import DEEPEST, JsonFault, parse_json, parse_line
from app.records.validation import Value


def test_values_are_exact() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": [1, 0.1, -2.50e3, true, null, "\\u00e9 \xc3\xa9 ]"]}') == {
        "a": [1, Decimal("0.1"), Decimal("-2.50e3"), True, None, "é é ]"]
    }


def test_many_brackets_beside_each_other_or_in_a_text_are_not_deep() -> None:
    assert parse_json(b"[" + b"[]," * 500 + b"[]]") == [[]] * 501
    assert parse_json(b'{"a": "' + b"[" * 500 + b'\\""}') == {"a": "[" * 500 + '"'}
    assert parse_json(b"[" * DEEPEST + b"]" * DEEPEST)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (b'{"a":[1,-2,true,null,"\xc3\xa9 ]"]}\r\n', {"a": [1, -2, True, None, "é ]"]}),
        (b'{"a":23.8}', {"a": 23.8}),
        (b'{"a": 23.8}', {"a": Decimal("23.8")}),
        (b'{"a":0.12345678901234567890}', {"a": Decimal("0.12345678901234567890")}),
        (b'{"a":123456789012345678901234567890}', {"a": 123456789012345678901234567890}),
        (b"1e400", Decimal("1e400")),
        (b"[-0]", [0]),
        (b'"\\ud800"', "\ud800"),
    ],
)
def test_a_line_is_read_as_the_number_and_text_that_it_holds(line: bytes, value: Value) -> None:
    read = parse_line(line)
    assert read == value
    assert repr(read) == repr(value)


@pytest.mark.parametrize("parse", [parse_json, parse_line])
@pytest.mark.parametrize(
    ("content", "line", "column", "path", "message"),
    [
        (b"", 1, 1, "", "is not JSON: Expecting value"),
        (b'{"a": 1} 2', 1, 10, "", "is not JSON: Extra data"),
        (b'{"a":\n [1, {"b": tru}]}', 2, 12, "a[1].b", "is not JSON: Expecting value"),
        (b'{"a": "b', 1, 7, "a", "is not JSON: Unterminated string starting"),
        (b'{"a', 1, 2, "", "is not JSON: Unterminated string starting"),
        (b'{"a": {"b": 1,\n"c.d": 2, "c": {"d": 1}, "b": 3}}', 2, 26, "a.b", "is given twice"),
        (b'{"a":1,"a":1}', 1, 8, "a", "is given twice"),
        (b'{"a": [1, NaN]}', 1, 11, "a[1]", "NaN is not a number"),
        (b"-Infinity", 1, 1, "", "-Infinity is not a number"),
        (b'{"a": 1e99999}', 1, 2, "a", "the number 1e99999 is out of range"),
        (b"1" * 5_000, 1, 1, "", "a number of 5,000 characters is out of range"),
        (b'{"a": "\xc3\xa9\xe9"}', 1, 9, "", "is not UTF-8: byte 0xe9; save it as UTF-8"),
        (b"[\n\0]", 2, 1, "", "contains a NUL byte; expected UTF-8 text"),
        (b"[\n" * 101 + b"]" * 101, 101, 1, "", "is nested more than 100 levels deep"),
        (b'{"a":' * 10_000, 1, 501, "", "is nested more than 100 levels deep"),
    ],
)
def test_anything_else_is_refused_where_it_is(
    parse: Callable[[bytes], Value], content: bytes, line: int, column: int, path: str, message: str
) -> None:
    with pytest.raises(JsonFault) as refused:
        parse(content)
    fault = refused.value
    assert (fault.line, fault.column, fault.path, fault.message) == (line, column, path, message)
    assert str(fault) == f"{message} (line {line}, column {column})"
