"""A cursor gives back the sort key it was made of. A changed, cut or foreign one is an InvalidCursor and nothing else."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.database.models import Metric
from app.errors.reading import InvalidCursor
from app.http.lists.cursors import KeyValue, decode_cursor, encode_cursor
from app.http.lists.sorting import SortOrder, by_date, by_number, by_optional_text, by_text
from tests.lengths import by_length

KNOWN = {
    "text": by_text(Metric.slug),
    "optional": by_optional_text(Metric.scope),
    "number": by_number(Metric.value),
    "date": by_date(Metric.earliest, Metric.latest),
}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
NUMBERS = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent), st.integers(1 - 10**15, 10**15 - 1), st.integers(-40, 3)
)
VALUES: dict[str, st.SearchStrategy[KeyValue]] = {"text": TEXTS, "optional": TEXTS, "number": NUMBERS, "date": st.dates()}
NAMES = st.lists(st.sampled_from(sorted(KNOWN)), min_size=1, max_size=4, unique=True)
SCOPE = "/v1/metrics?{}text"


@st.composite
def keys(draw: st.DrawFn) -> tuple[SortOrder, list[KeyValue]]:
    """An order and the values of a row in it, the last being its id."""
    names = draw(NAMES)
    sort = ",".join(draw(st.sampled_from(["", "-"])) + name for name in names)
    values = [draw(VALUES[name]) for name in names]
    return SortOrder.parse(sort, KNOWN, Metric.id), [*values, draw(st.integers(1, 2**53))]


@given(keys())
def test_a_cursor_gives_back_its_key(key: tuple[SortOrder, list[KeyValue]]) -> None:
    order, values = key
    assert decode_cursor(encode_cursor(values, SCOPE), order.readers, SCOPE) == values


@given(NUMBERS)
def test_a_double_stands_for_its_decimal_though_it_is_a_unit_off(number: Decimal) -> None:
    """As SQLite's conversion is, for some decimals."""
    order = SortOrder.parse("number", KNOWN, Metric.id)
    for double in (float(number) * (1 - 2**-53), float(number), float(number) * (1 + 2**-52)):
        assert decode_cursor(encode_cursor([double, 1], SCOPE), order.readers, SCOPE)[0] == number


@given(keys(), st.data())
@settings(max_examples=by_length(everyday=50, full=200))
def test_a_cursor_with_any_character_changed_is_invalid(key: tuple[SortOrder, list[KeyValue]], data: st.DataObject) -> None:
    order, values = key
    cursor = encode_cursor(values, SCOPE)
    place = data.draw(st.integers(0, len(cursor) - 1))
    other = data.draw(st.sampled_from("AZaz09-_=+/. \0é百") | st.characters())
    changed = cursor[:place] + other + cursor[place + 1 :]
    if changed != cursor:
        with pytest.raises(InvalidCursor):
            decode_cursor(changed, order.readers, SCOPE)


@given(keys(), st.data())
def test_a_cursor_that_is_cut_or_longer_is_invalid(key: tuple[SortOrder, list[KeyValue]], data: st.DataObject) -> None:
    order, values = key
    cursor = encode_cursor(values, SCOPE)
    cut = cursor[: data.draw(st.integers(0, len(cursor) - 1))]
    for changed in (cut, cursor[1:], cursor + "A", cursor + "=", cursor + "====", cursor + "\n", " " + cursor, cursor * 2):
        with pytest.raises(InvalidCursor):
            decode_cursor(changed, order.readers, SCOPE)


@given(keys(), st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
def test_a_cursor_of_another_list_is_invalid(key: tuple[SortOrder, list[KeyValue]], scope: str) -> None:
    order, values = key
    if scope != SCOPE:
        with pytest.raises(InvalidCursor):
            decode_cursor(encode_cursor(values, SCOPE), order.readers, scope)


@given(st.text(max_size=100) | st.binary(max_size=100).map(lambda raw: raw.decode("latin-1")))
def test_any_other_text_is_invalid(text: str) -> None:
    with pytest.raises(InvalidCursor):
        decode_cursor(text, SortOrder.parse("date,number", KNOWN, Metric.id).readers, SCOPE)


def test_a_sort_key_given_twice_counts_once() -> None:
    order = SortOrder.parse("text,-text,date,text", KNOWN, Metric.id)

    assert len(order.keys) == 3
    assert not order.keys[0].descending
    assert encode_cursor(["a", datetime.date(2014, 1, 1), 1], SCOPE)
