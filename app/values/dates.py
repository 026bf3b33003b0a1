"""Dates as sources state them: EDTF in, bounds out.

EDTF is part of ISO 8601-2:2019 and specified by the Library of Congress
(https://www.loc.gov/standards/datetime/). Levels 0 and 1 are accepted, and the sub-year groupings of level 2 ("2000-40" is
the first half of 2000).
"""

import datetime
import re
from calendar import monthrange
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, NamedTuple, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from app.values.date_words import in_words
from app.values.text import NEW_TEXT, Line

if TYPE_CHECKING:
    from edtf.parser.parser_classes import EDTFObject

# The parser is slow on garbage, so it only gets texts of this form. On some that are nearly EDTF, such as "../201X" and
# "2014-XX/2015", it raises AttributeError or TypeError.
_MOMENT = re.compile(
    r"-?(?!XXXX)[0-9X]{4}(?:-(?:[0-9]{2}|XX)(?:-(?:[0-9]{2}|XX))?)?(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}(?::[0-9]{2})?)?)?[?~%]?"
)
_MONTH_AND_DAY = r"(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?"
_PLAIN = re.compile(rf"(?!0000)[0-9]{{4}}{_MONTH_AND_DAY}(?:/(?!0000)[0-9]{{4}}{_MONTH_AND_DAY})?")
_OVER_NEW_YEAR = re.compile(r"([0-9]{4})-(?:24|28|30)")
"""Winter (24), that of the northern hemisphere (28), and summer of the southern (30)."""
_LONGEST = 60
_TWO_YEARS = re.compile(r"\b[0-9]{4} ?[-–/] ?[0-9]{2}(?:[0-9]{2})?\b")
_EXPECTED = (
    "expected an EDTF date such as 2014, 2014-05, 2014-05-06, 2012/2014, 2014/.., 201X, 2014~ or 2000-40 (first half of 2000)"
)

YEAR_OR_MONTH = re.compile(r"[0-9]{4}(-[0-9]{2})?")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})")
Clock = Callable[[], datetime.datetime]


def now() -> datetime.datetime:
    """The current time in UTC."""
    return datetime.datetime.now(datetime.UTC)


class Bounds(NamedTuple):
    """The first and last day that a date may mean; None if open or unknown."""

    earliest: datetime.date | None
    latest: datetime.date | None
    uncertain: bool


@lru_cache(maxsize=65_536)
def parse_date(text: str) -> Bounds:
    """Reads an EDTF date. Raises ValueError that describes what is expected. For writes only: most forms take milliseconds."""
    if _PLAIN.fullmatch(text):
        # Plain dates, of which registers have millions, need no parser.
        start, _, end = text.partition("/")
        return _in_order(text, _plain(start)[0], _plain(end or start)[1], uncertain=False)
    return parse_form(text)


def _plain(text: str) -> tuple[datetime.date, datetime.date]:
    """The first and last day of a year, a month or a day."""
    year, month, day = int(text[:4]), int(text[5:7] or 0), int(text[8:] or 0)
    last = day or (monthrange(year, month)[1] if month else 31)
    return _day((year, month or 1, day or 1), text), _day((year, month or 12, last), text)


def parse_form(text: str) -> Bounds:
    """Reads an EDTF date of any form with the parser."""
    parts = text.split("/")
    is_interval = len(parts) == 2
    if is_interval and all(part in ("", "..") for part in parts):
        raise ValueError(f"{text!r} has no bound at all; leave the date out (null) instead")
    if len(parts) > 2 or not all(_MOMENT.fullmatch(part) or (is_interval and part in ("", "..")) for part in parts):
        raise _no_date(text)
    parsed = _parsed(text)
    earliest = None if parts[0] in ("", "..") else _first_of_season(parts[0]) or _day(parsed.lower_strict(), text)
    latest = None if parts[-1] in ("", "..") else _last_of_season(parts[-1]) or _day(parsed.upper_strict(), text)
    return _in_order(text, earliest, latest, uncertain=any(mark in text for mark in "?~%"))


def _no_date(text: str) -> ValueError:
    from app.values.date_notations import advice  # noqa: PLC0415 - its patterns are only needed for what is refused

    written = advice(text) if len(text) <= _LONGEST else None
    return ValueError(f"{text[:60]!r} is not a date; {f'write {written}' if written else _EXPECTED}")


def _first_of_season(part: str) -> datetime.date | None:
    """The first day of a season over two years, which may be called by either: winter 2023 may start in December 2022."""
    found = _OVER_NEW_YEAR.fullmatch(part)
    return datetime.date(int(found[1]) - 1, 12, 1) if found and int(found[1]) > 1 else None


def _last_of_season(part: str) -> datetime.date | None:
    found = _OVER_NEW_YEAR.fullmatch(part)
    year = int(found[1]) + 1 if found else 0
    return datetime.date(year, 2, monthrange(year, 2)[1]) if 0 < year <= datetime.MAXYEAR else None


def _parsed(text: str) -> "EDTFObject":
    """Imports the parser, which takes 7 MB, only when a text needs it. Most servers never see such a text."""
    from edtf import EDTFParseException, parse_edtf  # noqa: PLC0415
    from edtf.parser import parser_classes as forms  # noqa: PLC0415

    plain = (forms.Date, forms.DateAndTime, forms.Season, forms.Level2Season, forms.Interval, forms.Level1Interval)
    try:
        parsed = parse_edtf(text)
    except (EDTFParseException, AttributeError, TypeError):
        raise _no_date(text) from None
    if not isinstance(parsed, (*plain, forms.UncertainOrApproximate, forms.Unspecified)):
        raise ValueError(f"{text!r} is EDTF that this database does not support; {_EXPECTED}")
    return parsed


def _in_order(text: str, earliest: datetime.date | None, latest: datetime.date | None, *, uncertain: bool) -> Bounds:
    if earliest and latest and earliest > latest:
        raise ValueError(f"{text!r} ends before it starts")
    return Bounds(earliest, latest, uncertain)


def _day(moment: tuple[int, ...], text: str) -> datetime.date:
    try:
        return datetime.date(*moment[:3])
    except ValueError:
        raise ValueError(f"{text!r} is outside the years 1 to 9999 or is not a calendar day") from None


def _edtf_text(value: object) -> object:
    """YAML reads a bare 2014 as a number, but it is a year."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class DateRecord(BaseModel, extra="forbid", frozen=True):
    """A date as written in a dataset: the EDTF text, and the words of the source. Without words it is served in English."""

    edtf: Annotated[str, BeforeValidator(_edtf_text), Field(min_length=1, max_length=_LONGEST)]
    text: Line | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, value: object, validate: ModelWrapValidatorHandler["DateRecord"], info: ValidationInfo) -> "DateRecord":
        """Accepts a bare EDTF text too."""
        edtf = _edtf_text(value)
        if not isinstance(edtf, str):
            record = _require_date(validate(value))
            return _require_agreement(record) if info.context == NEW_TEXT else record
        of_text = _of_text(edtf) if len(edtf) <= _LONGEST else None  # what is cached must be short
        return of_text or _require_date(validate({"edtf": edtf}))

    def words(self, *, is_period: bool = False) -> str:
        """The words of the source, or English ones."""
        return self.text or in_words(self.edtf, is_period=is_period)


def has_one_meaning(edtf: str) -> bool:
    """Whether EDTF text needs no words beside it."""
    return _meanings(edtf) is None


def _meanings(edtf: str) -> str | None:
    """What to write instead of what is EDTF for one thing and common for another."""
    if not any(len(end) == 7 and end[5:6] in "234" for end in edtf.split("/")):
        return None
    from app.values.date_notations import ambiguous  # noqa: PLC0415 - as above

    return next(filter(None, map(ambiguous, edtf.split("/"))), None)


def _require_date(record: DateRecord) -> DateRecord:
    parse_date(record.edtf)
    if (record.text is None or _TWO_YEARS.search(record.text)) and (instead := _meanings(record.edtf)):
        raise ValueError(f"{record.edtf!r} has several meanings; {instead}")
    return record


def _require_agreement(record: DateRecord) -> DateRecord:
    if record.text is None:
        return record
    from app.values.date_agreement import is_another_time  # noqa: PLC0415 - as above

    if is_another_time(record.text, parse_date(record.edtf), parse_date):
        raise ValueError(f"{record.edtf!r} and {record.text!r} are different times; correct one, or leave the text out")
    return record


@lru_cache(maxsize=65_536)
def _of_text(edtf: str) -> DateRecord | None:
    """The record of an EDTF text, shared between equal texts; None if it is invalid."""
    try:
        return DateRecord.model_validate({"edtf": edtf})
    except ValidationError:
        return None


class FactDate(BaseModel):
    """A date and the first and last day that it may mean."""

    model_config = ConfigDict(json_schema_extra={"examples": [{
        "edtf": "2000-40", "text": "early 2000", "earliest": "2000-01-01", "latest": "2000-06-30",
    }]})  # fmt: skip

    edtf: Annotated[str, Field(max_length=60, description="Extended Date/Time Format text (ISO 8601-2).", examples=["2000-40"])]
    text: Annotated[
        str,
        Field(
            max_length=300, description="The date in words: those of the source if given, else English.", examples=["early 2000"]
        ),
    ]
    earliest: Annotated[
        datetime.date | None,
        Field(description="First day that the date may mean; null if the start is open.", examples=["2000-01-01"]),
    ]
    latest: Annotated[
        datetime.date | None,
        Field(description="Last day that the date may mean; null if the end is open.", examples=["2000-06-30"]),
    ]

    @classmethod
    def from_record(cls, record: DateRecord | None) -> Self | None:
        if record is None:
            return None
        bounds = parse_date(record.edtf)
        return cls(edtf=record.edtf, text=record.words(), earliest=bounds.earliest, latest=bounds.latest)


def moment(as_of: str) -> int | datetime.datetime:
    """What ``as_of`` names: a revision, a time, or a day, which is meant to its end in UTC. Raises ValueError."""
    if as_of.isdecimal() and as_of.isascii():
        return int(as_of)
    if ISO_DATE.fullmatch(as_of):
        return datetime.datetime.combine(datetime.date.fromisoformat(as_of), datetime.time.max, datetime.UTC)
    if not _TIME.fullmatch(as_of):
        raise ValueError("no time with its zone")
    return datetime.datetime.fromisoformat(as_of)
