"""Units of metrics: currencies, money per share, and a list of words."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated

from pycountry import currencies
from pydantic import AfterValidator, Field

UNITS = {
    "companies": "number of companies",
    "count": "number of what the metric's name says",
    "countries": "number of countries",
    "developers": "number of developers",
    "people": "number of people",
    "percent": "hundredths",
    "percentage_points": "difference of two percentages",
    "queries_per_day": "queries in a day",
    "rank": "place in an order, 1 is first",
    "ratio": "quotient without unit",
    "shares": "number of shares",
    "users": "number of users",
    "users_per_day": "users in a day",
}
"""Units other than currencies, which are ISO 4217 codes."""
PER = {"share": "one share"}
"""What an amount of money may be per: ``usd_per_share``. The pattern of units, which is a promise, has capitals only alone."""
UNIT_PATTERN = r"^(?:[A-Z]{3}|[a-z]+(?:_[a-z]+)*)$"
UNIT_FORM = f"an ISO 4217 currency such as CNY, money per share such as cny_per_share, or one of {', '.join(UNITS)}"
"""What a message expects of a unit."""


@cache
def _currency_codes() -> frozenset[str]:
    """Read when the first unit is checked, because the package holds more of each currency than this needs."""
    return frozenset(currency.alpha_3 for currency in currencies)


@cache
def currency_eras() -> Mapping[str, tuple[date, date]]:
    """The first and last day of each currency in any country, by the Unicode CLDR, which has DEM and other former ones too."""
    from babel.core import get_global  # noqa: PLC0415 - it takes memory that few units need

    eras: dict[str, tuple[date, date]] = {}
    for currencies_of_country in get_global("territory_currencies").values():
        for code, start, end, _ in currencies_of_country:
            first, last = date(*start) if start else date.min, date(*end) if end else date.max
            known = eras.get(code, (first, last))
            eras[code] = min(first, known[0]), max(last, known[1])
    return eras


def is_currency(code: str) -> bool:
    """Whether ISO 4217 has or had the code."""
    return code in _currency_codes() or (re.fullmatch("[A-Z]{3}", code) is not None and code in currency_eras())


def is_unit(unit: str) -> bool:
    """Whether a unit can be stored."""
    money, _, thing = unit.partition("_per_")
    return unit in UNITS or is_currency(money.upper() if thing in PER else unit)


def unit_fault(unit: str, meant: str | None = None) -> str:
    """What is wrong with a unit, and the one that was probably meant."""
    return f"{unit!r} is no unit; {f'did you mean {meant}? E' if meant else 'e'}xpected {UNIT_FORM}"


def _require_known_unit(unit: str) -> str:
    if not is_unit(unit):
        raise ValueError(unit_fault(unit))
    return unit


Unit = Annotated[
    str,
    Field(
        min_length=3,
        max_length=60,
        pattern=UNIT_PATTERN,
        description="ISO 4217 code for money, `usd_per_share` for money per share, otherwise one of the documented units.",
        examples=["CNY"],
    ),
    AfterValidator(_require_known_unit),
]
