"""A date without words of its source is called in English, and words that are another time are refused."""

import pytest
from hypothesis import given, settings
from pydantic import TypeAdapter, ValidationError

from app.values.date_words import in_words
from app.values.dates import DateRecord, parse_date
from app.values.text import NEW_TEXT
from tests.lengths import by_length
from tests.properties.test_dates import NEARLY_DATES

RECORD = TypeAdapter(DateRecord)
WORDS = {
    "2014": "2014",
    "0987": "AD 987",
    "1998-05": "May 1998",
    "2014-05-06": "6 May 2014",
    "2014-05-06T23:59:59Z": "6 May 2014, 23:59:59 UTC",
    "2014-05-06T23:59:59+05:30": "6 May 2014, 23:59:59 UTC+05:30",
    "2014-05-06T23:59:59": "6 May 2014, 23:59:59",
    "2009-21": "spring 2009",
    "2009-24": "winter 2009",
    "2009-25": "spring 2009 (northern hemisphere)",
    "2009-28": "winter 2009 (northern hemisphere)",
    "2009-30": "summer 2009 (southern hemisphere)",
    "2023-34": "second quarter of 2023",
    "2000-37": "January to April 2000",
    "2000-40": "first half of 2000",
    "2000-41": "second half of 2000",
    "201X": "2010s",
    "200X": "2000–2009",
    "19XX": "1900–1999",
    "2014?": "2014 (uncertain)",
    "2014~": "around 2014",
    "2014%": "around 2014 (uncertain)",
    "201X~": "around the 2010s",
    "1998-05~": "around May 1998",
    "2014/..": "2014 or later",
    "2014/": "2014 or later",
    "../2014": "2014 or earlier",
    "/2014-02": "February 2014 or earlier",
    "2014~/..": "around 2014 or later",
    "2014/2014": "2014",
    "2014-XX": "2014 (month not known)",
    "2014-XX-XX": "2014 (month and day not known)",
    "2014-05-XX": "May 2014 (day not known)",
    "2014-XX-06": "2014 (on day 6 of a month)",
    "201X-05": "May in one of the years 2010–2019",
    "20XX-05-06": "6 May in one of the years 2000–2099",
}
OF_EVENTS_AND_PERIODS = {
    "2012/2014": ("between 2012 and 2014", "2012 to 2014"),
    "2010-12-31/2011-01-01": ("between 31 December 2010 and 1 January 2011", "31 December 2010 to 1 January 2011"),
    "2010/202X": ("between 2010 and the 2020s", "2010 to 2020s"),
    "2014~/2015?": ("between around 2014 and 2015 (uncertain)", "around 2014 to 2015 (uncertain)"),
}


@pytest.mark.parametrize(("edtf", "words"), WORDS.items())
def test_a_date_is_called_in_english(edtf: str, words: str) -> None:
    assert parse_date(edtf)
    assert in_words(edtf) == in_words(edtf, is_period=True) == words


@pytest.mark.parametrize(("edtf", "words"), OF_EVENTS_AND_PERIODS.items())
def test_what_happens_between_two_dates_lasts_from_one_to_the_other_if_it_is_a_period(edtf: str, words: tuple[str, str]) -> None:
    assert (in_words(edtf), in_words(edtf, is_period=True)) == words


@given(NEARLY_DATES)
@settings(max_examples=by_length(everyday=100, full=1000))
def test_every_date_has_words_which_agree_with_it(edtf: str) -> None:
    try:
        record = RECORD.validate_python({"edtf": edtf, "text": "then"})
    except ValidationError:
        return
    words = in_words(record.edtf)
    assert 4 <= len(words) <= 300
    assert RECORD.validate_python({"edtf": edtf, "text": words}, context=NEW_TEXT).text == words


@pytest.mark.parametrize(
    ("edtf", "text"),
    [
        ("2014", "2015"),
        ("1998-06", "May 1998"),
        ("1998-06-01", "1998-05-16"),
        ("2001", "before 1999"),
        ("1998-05-16", "17 May 1998"),
        ("1800", "20th century"),
        ("2020", "the 2010s"),
        ("2021", "FY 2022/23"),
        ("2019-07-06", "05/06/2019"),
    ],
)
def test_words_that_are_another_time_are_refused(edtf: str, text: str) -> None:
    with pytest.raises(ValidationError, match="are different times"):
        RECORD.validate_python({"edtf": edtf, "text": text}, context=NEW_TEXT)
    assert RECORD.validate_python({"edtf": edtf, "text": text}).text == text  # as stored before the rule existed


@pytest.mark.parametrize(
    ("edtf", "text"),
    [
        ("2022-10/2022-12", "Q1 2023"),  # of a financial year
        ("2022-07/2022-12", "H1 2023"),
        ("2022-10/2023-09", "FY2023"),
        ("2022-02-01/2023-01-31", "2022"),
        ("2009~", "c. 2010"),
        ("2000-01-18", "early 2000"),
        ("1994", "late 1990s"),
        ("2014/..", "after its AI development began in 2014"),
        ("2012/2014", "within two years"),
        ("2023-03", "spring 2023"),
        ("2019-06-05", "05/06/2019"),
        ("1923", "'98"),
    ],
)
def test_words_of_the_source_stay_if_they_may_be_the_same_time(edtf: str, text: str) -> None:
    assert RECORD.validate_python({"edtf": edtf, "text": text}, context=NEW_TEXT).text == text
