"""A cursor gives back the sort key it was made of. A changed, cut or foreign one is an InvalidCursor and nothing else."""

import datetime
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.database.models import Metric
from app.errors.reading import InvalidCursor
from app.http.lists.cursors import KeyValue, encode_cursor, receive_cursor
from app.http.lists.sorting import SortOrder, by_date, by_number, by_optional_text, by_text
from tests.lengths import by_length

KNOWN = {
    "text": by_text(Metric.slug),
    "optional": by_optional_text(Metric.scope),
    "number": by_number(Metric.value),
    "date": by_date(Metric.earliest, Metric.latest),
}
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=300)
NUMBERS = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent), st.integers(1 - 10**15, 10**15 - 1), st.integers(-40, 3)
)
VALUES: dict[str, st.SearchStrategy[KeyValue]] = {"text": TEXTS, "optional": TEXTS, "number": NUMBERS, "date": st.dates()}
NAMES = st.lists(st.sampled_from(sorted(KNOWN)), min_size=1, max_size=4, unique=True)
SCOPE = "/v1/metrics?{}text"
SECRET = "5f" * 32


def encoded(values: Sequence[KeyValue | float]) -> str:
    return encode_cursor(values, SCOPE, SECRET)


def decoded(cursor: str, order: SortOrder, scope: str = SCOPE) -> list[KeyValue]:
    """The values of a cursor whose seal is genuine."""
    received = receive_cursor(cursor, order.readers)
    received.require_seal(scope, SECRET)
    return received.values


@st.composite
def keys(draw: st.DrawFn) -> tuple[SortOrder, list[KeyValue]]:
    """An order and the values of a row in it, the last being its id."""
    names = draw(NAMES)
    sort = ",".join(draw(st.sampled_from(["", "-"])) + name for name in names)
    values = [draw(VALUES[name]) for name in names]
    return SortOrder.parse(sort, KNOWN, Metric.id), [*values, draw(st.integers(1, 2**53))]


def test_a_seal_has_at_least_128_bits() -> None:
    cursor = encoded([1])

    assert 8 * len(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).removesuffix(b'["1"]')) >= 128


@given(keys())
def test_a_cursor_gives_back_its_key(key: tuple[SortOrder, list[KeyValue]]) -> None:
    order, values = key
    assert decoded(encoded(values), order) == values


@given(NUMBERS)
def test_a_double_stands_for_its_decimal_though_it_is_a_unit_off(number: Decimal) -> None:
    """As SQLite's conversion is, for some decimals."""
    order = SortOrder.parse("number", KNOWN, Metric.id)
    for double in (float(number) * (1 - 2**-53), float(number), float(number) * (1 + 2**-52)):
        assert decoded(encoded([double, 1]), order)[0] == number


@given(keys(), st.data())
@settings(max_examples=by_length(everyday=50, full=200))
def test_a_cursor_with_any_character_changed_is_invalid(key: tuple[SortOrder, list[KeyValue]], data: st.DataObject) -> None:
    order, values = key
    cursor = encoded(values)
    place = data.draw(st.integers(0, len(cursor) - 1))
    other = data.draw(st.sampled_from("AZaz09-_=+/. \0é百") | st.characters())
    changed = cursor[:place] + other + cursor[place + 1 :]
    if changed != cursor:
        with pytest.raises(InvalidCursor):
            decoded(changed, order)


@given(keys(), st.data())
def test_a_cursor_that_is_cut_or_longer_is_invalid(key: tuple[SortOrder, list[KeyValue]], data: st.DataObject) -> None:
    order, values = key
    cursor = encoded(values)
    cut = cursor[: data.draw(st.integers(0, len(cursor) - 1))]
    for changed in (cut, cursor[1:], cursor + "A", cursor + "=", cursor + "====", cursor + "\n", " " + cursor, cursor * 2):
        with pytest.raises(InvalidCursor):
            decoded(changed, order)


@given(keys(), st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
def test_a_cursor_of_another_list_is_invalid(key: tuple[SortOrder, list[KeyValue]], scope: str) -> None:
    order, values = key
    if scope != SCOPE:
        with pytest.raises(InvalidCursor):
            decoded(encoded(values), order, scope)


@given(keys(), st.text("0123456789abcdef", min_size=1, max_size=64))
def test_a_cursor_that_is_sealed_with_another_secret_is_invalid(key: tuple[SortOrder, list[KeyValue]], secret: str) -> None:
    order, values = key
    if secret != SECRET:
        with pytest.raises(InvalidCursor):
            decoded(encode_cursor(values, SCOPE, secret), order)


ODD_KEYS = st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.lists(st.text())
ODD_TEXTS = st.sampled_from(["\0", "a" * 301, "-1", str(2**63), "9" * 300, "NaN", "1e999999", "Infinity", "10000-01-01", ""])


@given(keys(), ODD_KEYS | ODD_TEXTS, st.data())
def test_a_key_that_no_column_holds_is_invalid_whatever_the_seal(
    key: tuple[SortOrder, list[KeyValue]], odd: object, data: st.DataObject
) -> None:
    order, values = key
    texts: list[object] = [str(value) for value in values]
    texts[data.draw(st.integers(0, len(texts) - 1))] = odd
    cursor = urlsafe_b64encode(b"s" * 15 + json.dumps(texts).encode()).decode().rstrip("=")
    try:
        received = receive_cursor(cursor, order.readers).values
    except InvalidCursor:
        return
    assert all(0 <= value < 2**63 for value in received if isinstance(value, int))
    assert all(len(value) <= 300 and "\0" not in value for value in received if isinstance(value, str))
    assert all(abs(value) < 10**18 for value in received if isinstance(value, Decimal))


@given(st.text(max_size=100) | st.binary(max_size=100).map(lambda raw: raw.decode("latin-1")))
def test_any_other_text_is_invalid(text: str) -> None:
    with pytest.raises(InvalidCursor):
        decoded(text, SortOrder.parse("date,number", KNOWN, Metric.id))


def test_a_sort_key_given_twice_counts_once() -> None:
    order = SortOrder.parse("text,-text,date,text", KNOWN, Metric.id)

    assert len(order.keys) == 3
    assert not order.keys[0].descending
    assert encoded(["a", datetime.date(2014, 1, 1), 1])
