"""A number within the limits comes back from JSON as it went in; any other is refused at once."""

import json
import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.values.numbers import SIGNIFICANT_DIGITS, Number, exact, ratio, to_json_number
from tests.lengths import by_length

NUMBERS = TypeAdapter(Number)
WITHIN = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent), st.integers(1 - 10**15, 10**15 - 1), st.integers(-40, 3)
)
ANY_DECIMAL = st.decimals() | st.builds(
    lambda digits, exponent: Decimal(f"{digits}E{exponent}"), st.integers(), st.integers(-(10**17), 10**17)
)


@given(WITHIN)
def test_a_number_goes_through_json_exactly(number: Decimal) -> None:
    text = NUMBERS.dump_json(number)

    assert Decimal(repr(json.loads(text))) == number
    assert NUMBERS.validate_json(text) == number
    assert NUMBERS.validate_python(json.loads(text)) == number


@given(WITHIN)
def test_equal_numbers_are_written_alike(number: Decimal) -> None:
    spelt_otherwise = Decimal(f"{number:f}0" if "." in f"{number:f}" else f"{number:f}.000")

    assert str(exact(spelt_otherwise)) == str(exact(number))
    assert NUMBERS.dump_json(exact(spelt_otherwise)) == NUMBERS.dump_json(exact(number))


@given(st.integers(10**15 + 1, 10**18).filter(lambda integer: integer % 10 != 0))
def test_more_digits_than_a_double_keeps_are_refused(integer: int) -> None:
    for number in (Decimal(integer), -Decimal(integer).scaleb(-20)):
        with pytest.raises(ValueError, match="significant digits"):
            exact(number)


@given(ANY_DECIMAL)
def test_any_decimal_is_kept_exactly_or_refused(number: Decimal) -> None:
    try:
        kept = exact(number)
    except ValueError:
        return
    assert kept == number
    assert Decimal(repr(to_json_number(kept))) == number


@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "sNaN",
        "Infinity",
        "-inf",
        "1e18",
        "-1e18",
        "1e-41",
        "1e999999999",
        "-1e999999999",
        "1e-999999999",
        "1e999999999999999999",
        f"1{'0' * 5000}1",
        f"1.{'0' * 5000}1",
        f"0.{'0' * 5000}1",
        "",
        "one",
        "1,000",
        "0x10",
        "\0",
    ],
)
def test_what_is_no_number_within_the_limits_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        NUMBERS.validate_python(text)


@given(st.floats())
def test_any_float_is_its_shortest_text_or_is_refused(number: float) -> None:
    try:
        kept = NUMBERS.validate_python(number)
    except ValidationError:
        assert (
            not math.isfinite(number)
            or len(Decimal(repr(number)).as_tuple().digits) > SIGNIFICANT_DIGITS
            or abs(number) >= 1e18
            or abs(number) < 1e-24
        )
        return
    assert float(kept) == number


@given(WITHIN, WITHIN)
@settings(max_examples=by_length(everyday=50, full=200))
def test_a_ratio_is_within_half_a_unit_of_its_last_digit_or_null(numerator: Decimal, denominator: Decimal) -> None:
    quotient = ratio(numerator, denominator)

    if quotient is not None:
        assert abs(quotient * denominator - numerator) <= abs(numerator) * Decimal("1e-14")
