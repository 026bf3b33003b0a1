"""Any text is a date with bounds in order, or a ValueError that says what was expected; nothing else, and soon."""

import datetime
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.values.dates import Bounds, DateRecord, FactDate, parse_date, parse_form
from tests.lengths import by_length

YEARS = st.from_regex(r"[0-9X]{4}", fullmatch=True)
PARTS = st.sampled_from(
    ["XX", "00", "01", "02", "12", "13", "21", "24", "29", "30", "31", "32", "37", "40", "41", "42", "1X", "X1"]
)
MARKS = st.sampled_from(["", "", "?", "~", "%", "?~"])
MOMENTS = st.one_of(
    st.builds(str.__add__, YEARS, MARKS),
    st.builds("{}-{}{}".format, YEARS, PARTS, MARKS),
    st.builds("{}-{}-{}{}".format, YEARS, PARTS, PARTS, MARKS),
    st.builds("{}-02-{}T{}:59:60{}".format, YEARS, PARTS, PARTS, st.sampled_from(["", "Z", "+01:00", "-14", "+99:99"])),
)
SIDES = st.one_of(MOMENTS, st.sampled_from(["", "..", "open", "unknown", "-0001", "y17000", "Y-17E7"]))
NEARLY_DATES = st.one_of(MOMENTS, st.builds("{}/{}".format, SIDES, SIDES), st.builds("[{},{}]".format, SIDES, SIDES))
GARBAGE = st.one_of(
    st.text(max_size=60),
    st.text("0123456789X?~%/.-TZ:+YESypux[]{}(),^ ", max_size=60),
    st.lists(st.sampled_from(["2014", "-05", "XX", "X1", "/", "..", "?", "~", "(", "[", "{", "T", "y"]), max_size=20).map(
        "".join
    ),
)


def day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "uncertain"),
    [
        ("2000-40", "2000-01-01", "2000-06-30", False),
        ("2000-41", "2000-07-01", "2000-12-31", False),
        ("2000-33", "2000-01-01", "2000-03-31", False),
        ("2012/2014", "2012-01-01", "2014-12-31", False),
        ("2014/..", "2014-01-01", None, False),
        ("2014/", "2014-01-01", None, False),
        ("../2014-02", None, "2014-02-28", False),
        ("/2016-02", None, "2016-02-29", False),
        ("200X", "2000-01-01", "2009-12-31", False),
        ("2017-05?", "2017-05-01", "2017-05-31", True),
        ("2014~", "2014-01-01", "2014-12-31", True),
        ("2014%/2015", "2014-01-01", "2015-12-31", True),
        ("2014", "2014-01-01", "2014-12-31", False),
        ("2014-05-06", "2014-05-06", "2014-05-06", False),
        ("2014-05-06T23:59:59Z", "2014-05-06", "2014-05-06", False),
        ("0001", "0001-01-01", "0001-12-31", False),
        ("9999-12-31", "9999-12-31", "9999-12-31", False),
    ],
)
def test_a_date_of_the_design_has_its_bounds(text: str, earliest: str | None, latest: str | None, uncertain: bool) -> None:  # noqa: FBT001
    assert parse_date(text) == Bounds(day(earliest), day(latest), uncertain)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "..",
        "/",
        "../..",
        "2000-40~",
        "2014-02-30",
        "2015-02-29",
        "2014-13",
        "0000",
        "XXXX",
        "-0500",
        "Y17E7",
        "2014/2013",
        "2014 ",
        "2014\n",
        "\uff12\uff10\uff11\uff14",
        "2014/2015/2016",
        "../201X",
        "2014-XX/2015",
        "2014-1X",
        "2014-05-X1",
        "[2014,2015]",
        "2014" * 20,
    ],
)
def test_a_text_that_is_no_date_says_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|no bound|outside the years|ends before|; write 2014"):
        parse_date(text)


@given(NEARLY_DATES | GARBAGE)
@settings(max_examples=by_length(everyday=60, full=600))
def test_any_text_has_bounds_in_order_or_is_refused(text: str) -> None:
    started = time.monotonic()
    try:
        earliest, latest, _ = parse_form(text)
    except ValueError:
        return
    finally:
        assert time.monotonic() - started < 5
    assert earliest or latest
    assert (earliest or datetime.date.min) <= (latest or datetime.date.max)


@pytest.mark.parametrize(
    "pattern", ["X", "1X", "(", "[", "{", "2014-", "2014/", "-", "~?", "201X-XX/", "T00:00:00", "9", "\U0010ffff", "\ud800"]
)
def test_sixty_characters_of_garbage_are_refused_at_once(pattern: str) -> None:
    text = (pattern * 60)[:60]
    started = time.monotonic()
    with pytest.raises(ValueError, match="date"):
        parse_date(text)
    assert time.monotonic() - started < 0.5


@given(NEARLY_DATES)
@settings(max_examples=by_length(everyday=20, full=150))
def test_a_date_is_served_as_it_was_written(text: str) -> None:
    try:
        record = DateRecord.model_validate({"edtf": text, "text": "then"})
    except ValidationError:
        return
    served = FactDate.from_record(record)
    assert served is not None
    assert FactDate.model_validate_json(served.model_dump_json()) == served
    assert (served.edtf, served.text) == (text, "then")


PLAIN = st.one_of(
    st.builds("{:04}".format, st.integers(0, 9999)),
    st.builds("{:04}-{:02}".format, st.integers(0, 9999), st.integers(0, 13)),
    st.builds("{:04}-{:02}-{:02}".format, st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32)),
)


@given(PLAIN | st.builds("{}/{}".format, PLAIN, PLAIN))
@settings(max_examples=by_length(everyday=30, full=300))
def test_a_plain_date_is_read_as_the_parser_reads_it(text: str) -> None:
    def outcome(read: Callable[[str], Bounds]) -> Bounds | None:
        try:
            return read(text)
        except ValueError:
            return None

    assert outcome(parse_date) == outcome(parse_form)
