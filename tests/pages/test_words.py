"""Numbers, units and dates in words: exact in every language."""

from decimal import Decimal

import pytest

from app.pages.words import words_in
from app.values.dates import DateRecord, FactDate

ENGLISH = words_in("en_GB")


@pytest.mark.parametrize(
    ("value", "unit", "qualifier", "words"),
    [
        ("21100000000", "CNY", "exact", "21.1 billion Chinese yuan"),
        ("1200000", "EUR", "about", "about 1.2 million euros"),
        ("1", "EUR", "exact", "1 euro"),
        ("1234567", "EUR", "exact", "1,234,567 euros"),
        ("-5000000", "USD", "at_most", "at most -5 million US dollars"),
        ("100", "countries", "more_than", "more than 100 countries"),
        ("1", "people", "exact", "1 person"),
        ("23.8", "percent", "less_than", "less than 23.8 percent"),
        ("1", "rank", "exact", "number 1"),
        ("1000000000", "queries_per_day", "at_least", "at least 1 billion queries per day"),
        ("0.000012", "ratio", "exact", "0.000012"),
        ("4", "count", "exact", "4"),
    ],
)
def test_an_amount_has_its_unit_and_qualifier_and_loses_no_digit(value: str, unit: str, qualifier: str, words: str) -> None:
    assert ENGLISH.amount(Decimal(value), unit, qualifier) == words


def test_other_languages_have_their_own_numbers_and_names() -> None:
    german = words_in("de")
    assert german.amount(Decimal(21_100_000_000), "CNY") == "21,1 Milliarden Renminbi Yuan"
    assert german.country("CN") == "China"
    assert words_in("fr").country("DE") == "Allemagne"
    assert words_in("ar").direction == "rtl"
    assert ENGLISH.language_name("zh-Hant") == "Chinese"
    assert ENGLISH.country("ZZ") == "Unknown Region"


@pytest.mark.parametrize(
    ("edtf", "text", "bounds"),
    [
        ("2014", None, None),
        ("2014-05-06", None, None),
        ("2014", "the year of the fair", "between 1 January 2014 and 31 December 2014"),
        ("2000-40", "early 2000", "between 1 January 2000 and 30 June 2000"),
        ("201X", None, "between 1 January 2010 and 31 December 2019"),
        ("2014/..", None, "1 January 2014 or later"),
        ("../2014", None, "31 December 2014 or earlier"),
        ("2014-05-06?", None, "6 May 2014"),
    ],
)
def test_the_bounds_of_a_date_are_said_if_its_words_do_not(edtf: str, text: str | None, bounds: str | None) -> None:
    date = FactDate.from_record(DateRecord.model_validate({"edtf": edtf, "text": text}))
    assert date is not None
    assert ENGLISH.bounds(date) == bounds
    assert ENGLISH.is_of_source(date) is (text is not None)
