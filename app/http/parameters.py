"""Base models of query parameters.

Each endpoint has a model of its own that forbids unknown parameters, so that a misspelt one is an error instead of a wrong
response.
"""

import datetime
import re
from calendar import monthrange
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from app.values.dates import ISO_DATE, YEAR_OR_MONTH, moment


def _calendar_day(value: object) -> object:
    """Accept only a full ISO 8601 date: no timestamps, no numbers of seconds."""
    if not isinstance(value, str):
        return value
    try:
        return datetime.date.fromisoformat(ISO_DATE.fullmatch(value)[0])  # type: ignore[index]
    except (TypeError, ValueError):
        raise PydanticCustomError("not_a_day", "expected a year, month or calendar day as YYYY, YYYY-MM or YYYY-MM-DD") from None


def _first_day(value: object) -> object:
    """The first day of a year, a month or a day."""
    return _calendar_day(_completed(value, last=False))


def _last_day(value: object) -> object:
    """The last day of a year, a month or a day."""
    return _calendar_day(_completed(value, last=True))


def _completed(value: object, *, last: bool) -> object:
    if not isinstance(value, str) or not YEAR_OR_MONTH.fullmatch(value):
        return value
    month = value if len(value) > 4 else f"{value}-{'12' if last else '01'}"
    year, number = int(month[:4]), int(month[5:])
    return f"{month}-{monthrange(year, number)[1] if last and year and 1 <= number <= 12 else 1:02}"


def whole_number(value: object) -> object:
    """Accept only digits. Python would also read 1_0, 1.0 and spaces around a number."""
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,30}", value):
        raise PydanticCustomError("not_whole", "expected a whole number, such as 20")
    return value


FirstDay = Annotated[datetime.date, BeforeValidator(_first_day)]
"""A day, or the first one of a month or a year."""
LastDay = Annotated[datetime.date, BeforeValidator(_last_day)]
"""A day, or the last one of a month or a year."""


def _known_moment(value: str | None) -> str | None:
    try:
        if value is not None:
            moment(value)
    except ValueError:
        expected = (
            "expected a revision such as 64, a day such as 2026-11-24, or a time with its zone such as 2026-11-24T09:30:00Z"
        )
        raise PydanticCustomError("no_moment", expected) from None
    return value


AsOf = Annotated[
    str | None,
    AfterValidator(_known_moment),
    Field(
        min_length=1,
        max_length=40,
        description="Return the dataset as of this revision, this time (RFC 3339), or the end of this day (UTC).",
        examples=["64"],
        json_schema_extra={"pattern": r"^([0-9]{1,15}|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{5,15}(Z|[+-][0-9]{2}:[0-9]{2}))?)$"},
    ),
]


class Parameters(BaseModel, extra="forbid"):
    """The parameters of every endpoint under /v1."""

    format: Annotated[
        Literal["json"] | None,
        Field(title="JSON format", description="Response format; overrides the `Accept` header.", examples=["json"]),
    ] = None


ResourceFormat = TypeAliasType(
    "ResourceFormat", Annotated[Literal["json", "jsonld"], Field(description="A format of a single resource.")]
)


class ResourceParameters(BaseModel, extra="forbid"):
    """The parameters of an endpoint that returns one resource."""

    format: Annotated[
        ResourceFormat | None,
        Field(title="resource format", description="Response format; overrides the `Accept` header.", examples=["json"]),
    ] = None
    as_of: AsOf = None


WholeNumber = BeforeValidator(whole_number)
"""Must come after the limits, or the OpenAPI document loses them."""


def query_pairs(parameters: BaseModel) -> list[tuple[str, str]]:
    """The parameters that were sent, as they are written in a URL."""
    given = parameters.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    pairs = [(name, item) for name, value in given.items() for item in (value if isinstance(value, list) else [value])]
    return [(name, str(item).lower() if isinstance(item, bool) else str(item)) for name, item in pairs]
