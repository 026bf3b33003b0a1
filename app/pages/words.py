"""Numbers, units, countries, languages and dates in words, for people. Nothing is rounded, and nothing is added."""

import datetime
import re
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from app.http.negotiation import DEFAULT_LANGUAGE
from app.values.date_words import in_words
from app.values.dates import FactDate

if TYPE_CHECKING:
    from babel import Locale

_CURRENCY = re.compile("[A-Z]{3}")
_PLAIN_DATE = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-[0-9]{2})?)?")
"""A year, a month or a day: its words say its bounds."""
_SHORTENED_FROM = 1_000_000
_ABBREVIATED_FROM = 10_000
_QUALIFIERS = {
    "exact": "", "about": "about ", "more_than": "more than ", "at_least": "at least ", "less_than": "less than ",
    "at_most": "at most ",
}  # fmt: skip
_UNITS = {
    "companies": "{} companies", "count": "{}", "countries": "{} countries", "developers": "{} developers",
    "people": "{} people", "percent": "{} percent", "queries_per_day": "{} queries per day", "rank": "number {}",
    "ratio": "{}", "shares": "{} shares", "users": "{} users", "users_per_day": "{} users per day",
}  # fmt: skip


@lru_cache(64)
def words_in(language: str) -> "Words":
    """The words of a language that ``language_of`` names."""
    return Words(language)


class Words:
    """The words of one language. Sentences are English; numbers, dates and names are in the reader's language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.tag = language.replace("_", "-")

    @cached_property
    def _locale(self) -> "Locale":
        from babel import Locale  # noqa: PLC0415 - it reads its data with the first page

        return Locale.parse(self.language)

    @property
    def direction(self) -> str:
        return self._locale.text_direction

    @property
    def is_english(self) -> bool:
        return self.language.startswith(DEFAULT_LANGUAGE[:2])

    def number(self, value: Decimal | int) -> str:
        """Every digit."""
        from babel.numbers import format_decimal  # noqa: PLC0415 - as above

        return format_decimal(value, locale=self._locale, decimal_quantization=False)

    def short(self, value: Decimal | int) -> str:
        """The number with a word such as billion, if that loses no digit; otherwise every digit."""
        from babel.numbers import format_compact_decimal  # noqa: PLC0415 - as above

        exact = Decimal(value)
        if abs(exact) < _SHORTENED_FROM or not _has_few_digits(exact):
            return self.number(value)
        return format_compact_decimal(exact, format_type="long", locale=self._locale, fraction_digits=3)

    def shortest(self, value: Decimal | int) -> str:
        """The number with an abbreviation such as B for billion, if that loses no digit."""
        from babel.numbers import format_compact_decimal  # noqa: PLC0415 - as above

        exact = Decimal(value)
        if abs(exact) < _ABBREVIATED_FROM or not _has_few_digits(exact):
            return self.number(value)
        return format_compact_decimal(exact, format_type="short", locale=self._locale, fraction_digits=3)

    def rounded(self, value: Decimal) -> str:
        """One decimal place, for what was calculated. Every digit belongs beside it."""
        from babel.numbers import format_decimal  # noqa: PLC0415 - as above

        return format_decimal(value, format="#,##0.#", locale=self._locale)

    def amount(self, value: Decimal, unit: str, qualifier: str = "exact") -> str:
        """A number with its unit, as short as it can be exact: about 21.1 billion Chinese yuan."""
        return _QUALIFIERS[qualifier] + self._with_unit(self.short(value), value, unit)

    def full_amount(self, value: Decimal, unit: str) -> str:
        """The same with every digit."""
        return self._with_unit(self.number(value), value, unit)

    def _with_unit(self, number: str, value: Decimal, unit: str) -> str:
        if _CURRENCY.fullmatch(unit):
            from babel.numbers import get_currency_name  # noqa: PLC0415 - as above

            return f"{number} {get_currency_name(unit, count=value, locale=self._locale)}"
        if value == 1 and unit in _ONE_OF:
            return f"1 {_ONE_OF[unit]}"
        return _UNITS.get(unit, "{} " + unit.replace("_", " ")).format(number)

    def unit(self, unit: str) -> str:
        """A unit by itself: Chinese yuan, people."""
        if _CURRENCY.fullmatch(unit):
            from babel.numbers import get_currency_name  # noqa: PLC0415 - as above

            return get_currency_name(unit, locale=self._locale)
        return {"count": "number", "rank": "rank, 1 is first", "ratio": "ratio"}.get(unit, unit.replace("_", " "))

    def qualifier(self, qualifier: str) -> str:
        return _QUALIFIERS[qualifier].strip()

    def country(self, code: str) -> str:
        return str(self._locale.territories.get(code, code))

    def language_name(self, tag: str) -> str:
        """The name of a BCP 47 language, by its first subtag; the tag itself if it has none."""
        return str(self._locale.languages.get(tag.partition("-")[0].lower(), tag))

    def day(self, day: datetime.date) -> str:
        from babel.dates import format_date  # noqa: PLC0415 - as above

        return format_date(day, "long", locale=self._locale)

    def moment(self, moment: datetime.datetime) -> str:
        """The day of a moment, in UTC."""
        return self.day(moment.date())

    @staticmethod
    def is_of_source(date: FactDate) -> bool:
        """Whether the text of a date is in the words of its source."""
        return date.text not in (date.edtf, in_words(date.edtf), in_words(date.edtf, is_period=True))

    def bounds(self, date: FactDate) -> str | None:
        """The first and last day that a date may mean; None if its words say so themselves."""
        if _PLAIN_DATE.fullmatch(date.edtf) and not self.is_of_source(date):
            return None
        if date.earliest is None:
            return f"{self.day(date.latest)} or earlier" if date.latest else None
        if date.latest is None:
            return f"{self.day(date.earliest)} or later"
        if date.earliest == date.latest:
            return self.day(date.earliest)
        return f"between {self.day(date.earliest)} and {self.day(date.latest)}"

    def counted(self, number: int, noun: str) -> str:
        """A count with its noun: 1 milestone, 2 milestones."""
        return f"{self.number(number)} {noun if number == 1 else noun + 's'}"


_ONE_OF = {
    "companies": "company", "countries": "country", "developers": "developer", "people": "person", "shares": "share",
    "users": "user",
}  # fmt: skip


def _has_few_digits(value: Decimal) -> bool:
    """Whether a number of thousands, millions or billions needs at most three decimal places."""
    power = value.adjusted() // 3 * 3
    return value.scaleb(3 - power) == value.scaleb(3 - power).to_integral_value()
