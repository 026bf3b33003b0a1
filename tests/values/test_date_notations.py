"""Notations of dates that newspapers, registers and accountants use: each is refused with what to write instead."""

import re
from datetime import date
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from app.values.dates import DateRecord, parse_date

RECORD = TypeAdapter(DateRecord)
ONE_MEANING = {
    "2023-35": ["Q3 2023", "2023 Q3", "2023-Q3", "2023Q3", "3Q 2023", "3Q2023", "Q3/2023", "the third quarter of 2023"],
    "2023-36": ["4th quarter 2023", "the last quarter of 2023"],
    "2023-40": ["H1 2023", "1H 2023", "2023 H1", "first half of 2023", "early 2023"],
    "2023-41": ["H2 2023", "2H2023", "the second half of 2023", "late 2023"],
    "2023-04/2023-09": ["mid-2023", "half year ended 30 September 2023", "six months to September 2023"],
    "2022-04/2023-03": ["year ended 31 March 2023", "twelve months ended March 31, 2023", "year to March 2023"],
    "2023-04/2023-06": ["quarter ended 30 June 2023", "three months ended June 30, 2023"],
    "2023-01/2023-09": ["nine months ended 30 September 2023", "9 months to September 2023", "Jan–Sep 2023"],
    "2019/2021": ["2019–2021", "2019-2021", "2019 to 2021", "from 2019 to 2021", "between 2019 and 2021", "2019–21"],
    "2022-11/2023-01": ["Nov 2022 – Jan 2023", "November 2022 to January 2023"],
    "201X": ["2010s", "the 2010s", "2010's"],
    "2010/2014": ["early 2010s", "the early 2010s"],
    "2013/2017": ["mid-2010s"],
    "1995/1999": ["late 1990s"],
    "1901/2000": ["20th century", "the 20th century"],
    "2010~": ["c. 2010", "ca. 2010", "circa 2010", "about 2010", "around 2010", "~2010", "approximately 2010"],
    "2010?": ["possibly 2010", "probably 2010"],
    "../2009": ["before 2010"],
    "../2010": ["until 2010", "by 2010", "up to 2010"],
    "2011/..": ["after 2010"],
    "2010/..": ["since 2010", "from 2010 onwards", "2010–present", "2010 –"],
    "1998-05": [
        "May 1998",
        "May, 1998",
        "in May 1998",
        "early May 1998",
        "1998 May",
        "05/1998",
        "5.1998",
        "1998/05",
        "1998年5月",
    ],
    "1998-05-16": ["16 May 1998", "16th of May 1998", "May 16, 1998", "16-May-1998", "16/05/1998", "05/16/1998", "16.5.1998"],
    "1998-05-06": ["1998/05/06", "1998.5.6", "19980506", "1998年5月6日", "6.5.1998"],
    "2019-01-28/2019-02-03": ["2019-W05", "week 5 2019", "CW 5 2019"],
}
"""EDTF, and the notations that mean it."""
SEVERAL_MEANINGS = {
    "spring 2023": ["2023-25", "2023-29"],
    "Summer of 2023": ["2023-26", "2023-30"],
    "Fall 2023": ["2023-27", "2023-31"],
    "winter 2023": ["2023-28", "2023-32"],
    "FY2023": ["2023", "2022-10/2023-09"],
    "FY23": ["2023", "2022-10/2023-09"],
    "fiscal 2023": ["2023", "2022-10/2023-09"],
    "financial year 2022-23": ["2022-04/2023-03", "2022/2023"],
    "2022/23": ["2022-04/2023-03", "2022/2023"],
    "2018-19": ["2018-04/2019-03", "2018/2019"],
    "2023-24": ["2023-04/2024-03", "2023/2024"],
    "2021-22": ["2021-04/2022-03", "2021/2022"],
    "2011/12": ["2011-12", "2011-04/2012-03", "2011/2012"],
    "05/06/2019": ["2019-06-05", "2019-05-06"],
    "2000s": ["200X", "20XX"],
    "T2 2023": ["2023-34", "2023-38"],
}
"""Notations, and how each of their meanings is written."""


PAGE = (Path(__file__).parents[2] / "docs/api/dates.md").read_text(encoding="utf-8")
READ, REFUSED = PAGE.partition("## Words")[0], PAGE.partition("## Other notations")[2]


def rows(text: str, columns: int) -> list[list[str]]:
    """The rows of the tables of a page, without heads."""
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line.startswith("| ")]
    return [row for row in cells if len(row) == columns and "`" in row[0]]


def codes(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def refusal(text: str) -> str:
    with pytest.raises(ValidationError) as error:
        RECORD.validate_python(text)
    return str(error.value)


@pytest.mark.parametrize(("edtf", "text"), [(edtf, text) for edtf, texts in ONE_MEANING.items() for text in texts])
def test_a_notation_is_refused_with_the_edtf_to_write(edtf: str, text: str) -> None:
    assert re.search(rf"write {re.escape(edtf)}(?![0-9X?~/-])", refusal(text))
    assert RECORD.validate_python({"edtf": edtf, "text": text}).text == text


@pytest.mark.parametrize(("text", "meanings"), SEVERAL_MEANINGS.items())
def test_an_ambiguous_notation_is_refused_with_each_way_to_write_it(text: str, meanings: list[str]) -> None:
    message = refusal(text)

    for edtf in meanings:
        assert re.search(rf"(?<![0-9/-]){re.escape(edtf)}(?![0-9X/-])", message), edtf
        assert parse_date(edtf)


@pytest.mark.parametrize(("edtf", "bounds"), [(edtf, row[2:]) for row in rows(READ, 4) for edtf in codes(row[0])])
def test_what_the_page_says_is_read_has_the_days_that_it_says(edtf: str, bounds: list[str]) -> None:
    if edtf not in ("2000-36", "2000-39"):  # the ends of a row
        first, last, _ = parse_date(edtf)
        assert [str(first or "null"), str(last or "null")] == bounds
    assert RECORD.validate_python(edtf).edtf == edtf


@pytest.mark.parametrize(("text", "meanings"), [(text, row[1]) for row in rows(REFUSED, 2) for text in codes(row[0])])
def test_what_the_page_says_is_refused_is_refused_with_what_it_says_to_write(text: str, meanings: str) -> None:
    message = refusal(text)

    for edtf in [code for code in codes(meanings) if not code.startswith("{")]:
        assert re.search(rf"(?<![0-9/-]){re.escape(edtf)}(?![0-9X?~/-])", message), (edtf, message)
        assert parse_date(edtf)


def test_the_page_of_dates_names_each_season_and_part_of_a_year() -> None:
    assert {f"2000-{code}" for code in range(21, 42)} - {"2000-34", "2000-35", "2000-38"} <= {
        edtf for row in rows(READ, 4) for edtf in codes(row[0])
    }


def test_a_season_that_may_be_a_financial_year_needs_words() -> None:
    assert "text: winter 2023" in refusal("2023-24")
    for years in ("2024-25", "2025-26", "1924-25", "1939-40", "1932-33", "1930-39", "1938-39", "2022-23/2023-24", "2032-33"):
        assert "for the years" in refusal(years)
    assert "for a financial year" not in refusal("1930-39")
    assert RECORD.validate_python({"edtf": "2023-24", "text": "winter 2023"}).edtf == "2023-24"
    assert RECORD.validate_python("1999-21").edtf == "1999-21"
    assert RECORD.validate_python("2023-21").edtf == "2023-21"


@pytest.mark.parametrize(
    "text", ["31 February 2019", "31/04/2019", "2019-W60", "at the turn of the century", "year ended 2 May 2020"]
)
def test_what_nobody_can_read_is_refused_with_examples(text: str) -> None:
    assert "expected an EDTF date such as 2014" in refusal(text)


@pytest.mark.parametrize("text", ["unknown", "n.d.", "'98"])
def test_no_date_and_no_century_are_told_apart(text: str) -> None:
    assert ("null" in refusal(text)) != ("four digits" in refusal(text))


@pytest.mark.parametrize("season", ["24", "28", "30"])
def test_a_season_over_new_year_excludes_no_day_of_either_year(season: str) -> None:
    bounds = parse_date(f"2023-{season}")

    assert (bounds.earliest, bounds.latest) == (date(2022, 12, 1), date(2024, 2, 29))
