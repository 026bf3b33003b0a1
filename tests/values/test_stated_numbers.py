"""A value that contradicts the number in the words of its source is found, and nothing else is."""

from decimal import Decimal

import pytest

from app.values.stated_numbers import contradicted, single_number


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("3200", "count", "32,000 kettles"),
        ("320000", "count", "32,000 kettles"),
        ("32", "count", "32,000 kettles"),
        ("32000000", "count", "32,000 kettles"),
        ("32000", "count", "23,000 kettles"),
        ("18.4", "CNY", "RMB 18.4 billion"),
        ("18400000", "CNY", "RMB 18.4 billion"),
        ("184000000000", "CNY", "RMB 18.4 billion"),
        ("4500000", "EUR", "4,5 Milliarden Euro"),
        ("0.17", "percent", "17 percent"),
        ("71", "percent", "about 17 percent"),
        ("1500", "people", "between 1,100 and 1,300 people"),
        ("4", "rank", "No. 14"),
        ("3000", "count", "32,000 in 2023"),
        ("1200000", "INR", "12 crore rupees"),
    ],
)
def test_a_contradiction_is_found(value: str, unit: str, text: str) -> None:
    assert contradicted(Decimal(value), unit, text) is not None


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("32000", "count", "32,000 kettles"),
        ("32000", "count", "32.000 Kessel"),
        ("32000", "count", "32 000 chaudières"),
        ("32000", "count", "32'000"),
        ("2125", "count", "2.125 Stück"),
        ("2.125", "percent", "2,125 Prozent"),
        ("18400000000", "CNY", "RMB 18.4 billion"),
        ("18400000000", "CNY", "RMB18.4bn"),
        ("1200000", "EUR", "1,2 million d'euros"),
        ("120000000", "INR", "12 crore"),
        ("250000000", "CNY", "2.5亿元"),
        ("30000", "people", "3万人"),
        ("5000000", "USD", "$5m"),
        ("5", "count", "5 m"),
        ("17", "percent", "17 percent"),
        ("0.17", "ratio", "17%"),
        ("0.25", "percentage_points", "25 basis points"),
        ("0.5", "USD", "50 cents"),
        ("1200", "people", "between 1,100 and 1,300 people"),
        ("1500000", "EUR", "1 to 2 million euros"),
        ("75", "percent", "3 out of 4 shops"),
        ("-5200000", "EUR", "a loss of 5.2 million"),
        ("32000", "count", "32,000 in 2023"),
        ("3", "rank", "third in 2022"),
        ("33.3", "percent", "a third"),
        ("2", "ratio", "twice as many as in 2019"),
        ("11", "people", "onze mécaniciens en 2023"),
        ("1000000000", "CNY", "billions"),
        ("1500000", "EUR", "1½ million"),
        ("9", "count", "9 at the end of 2022"),
        ("1000000000", "CNY", "billions in Q3 2023"),
        ("1200000", "EUR", "1 million and 200 thousand"),
        ("5", "count", "x" * 5_000),
    ],
)
def test_what_agrees_or_is_in_words_raises_no_alarm(value: str, unit: str, text: str) -> None:
    assert contradicted(Decimal(value), unit, text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,000", "1000"),
        ("12 million", "12000000"),
        ("~5", "5"),
        ("12%", "12"),
        ("1.234", None),
        ("many", None),
        ("1 to 2", None),
    ],
)
def test_a_text_with_one_meaning_is_a_number(text: str, number: str | None) -> None:
    assert single_number(text) == (None if number is None else Decimal(number))
