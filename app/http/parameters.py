"""Query parameters: what every address takes, and how strict it is.

Each endpoint has one model of its own that forbids what it does not name, so a misspelt parameter
is an error and not a question answered wrongly.
"""

import datetime
import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from app.values.dates import ISO_DATE, moment

MAXIMUM_LIMIT = 200
DEFAULT_LIMIT = 50

_NO_FILTERS = {"cursor", "limit", "total", "format", "fields", "include", "growth", "group"}


def _calendar_day(value: object) -> object:
    """Only a full ISO 8601 date: no timestamps, no numbers of seconds."""
    if not isinstance(value, str):
        return value
    try:
        return datetime.date.fromisoformat(ISO_DATE.fullmatch(value)[0])  # type: ignore[index]
    except (TypeError, ValueError):
        raise PydanticCustomError("not_a_day", "expected a day of the calendar as YYYY-MM-DD") from None


def whole_number(value: object) -> object:
    """Plain digits only: Python would also read 1_0, 1.0 and blanks around a number."""
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,30}", value):
        raise PydanticCustomError("not_whole", "expected a whole number, such as 20")
    return value


Day = Annotated[datetime.date, BeforeValidator(_calendar_day)]


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
        description="Answer as the dataset was after this revision, at this time (RFC 3339), or at the end of this day (UTC).",
        examples=["64"],
        json_schema_extra={"pattern": r"^([0-9]{1,15}|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{5,15}(Z|[+-][0-9]{2}:[0-9]{2}))?)$"},
    ),
]


class Parameters(BaseModel):
    """What every address under /v1 takes."""

    model_config = ConfigDict(extra="forbid")

    format: Annotated[
        Literal["json"] | None, Field(description="Format of the answer; wins over the `Accept` header.", examples=["json"])
    ] = None


class ResourceParameters(Parameters):
    """What the address of one resource takes."""

    as_of: AsOf = None


WholeNumber = BeforeValidator(whole_number)
"""Stands after the limits, which else are lost to the OpenAPI document."""
Cursor = Annotated[
    str | None,
    Field(
        min_length=1,
        max_length=4000,
        description="Where the page starts: from the `next` address of the page before.",
        json_schema_extra={"pattern": "^[A-Za-z0-9_-]+$"},  # of the document only: a changed cursor has a problem of its own
    ),
]


class ListParameters(BaseModel):
    """What every list takes. Each list adds its own ``sort``."""

    model_config = ConfigDict(extra="forbid")

    format: Annotated[
        Literal["json", "csv", "ndjson"] | None,
        Field(description="Format of the answer; wins over the `Accept` header.", examples=["json"]),
    ] = None
    limit: Annotated[
        int | None,
        Field(
            ge=1,
            le=MAXIMUM_LIMIT,
            description=f"Items on a page: {DEFAULT_LIMIT} unless given. CSV and NDJSON hold the whole list unless it is given.",
            examples=[20],
        ),
        WholeNumber,
    ] = None
    cursor: Cursor = None
    fields: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=1000,
            description="The fields that each item shall hold, separated by commas; all of them unless given.",
            examples=["slug,url"],
        ),
    ] = None
    total: Annotated[bool, Field(description="Count all items too. It costs a pass over the list.", examples=[True])] = False
    sort: str

    def scope(self, path: str) -> str:
        """What a cursor belongs to: the list, its filters and its order."""
        known = type(self).model_fields
        given = {name: getattr(self, name) for name in sorted(self.model_fields_set - _NO_FILTERS)}
        filters = {name: value for name, value in given.items() if value != known[name].default}
        return f"{path}?{filters}{self.sort}"


def sortable(*names: str) -> AfterValidator:
    """The check of a sort parameter: known names, "-" before one that descends."""

    def check(value: str) -> str:
        for part in value.split(","):
            if part.removeprefix("-") not in names:
                raise PydanticCustomError(
                    "unknown_sort",
                    "{given} is no sort key; expected {expected}, with - before one that descends",
                    {"given": repr(part), "expected": ", ".join(names), "name": part, "known": ",".join(names)},
                )
        return value

    return AfterValidator(check)


def sort_documentation(*names: str) -> FieldInfo:
    """The description of a sort parameter in the OpenAPI."""
    alternatives = "|".join(names)
    field: FieldInfo = Field(
        max_length=200,
        description=f"Sort keys, separated by commas, `-` before one that descends: {', '.join(names)}. Undated items come last.",
        examples=[names[0]],
        json_schema_extra={"pattern": f"^-?(?:{alternatives})(?:,-?(?:{alternatives}))*$"},
    )
    return field


class DatedListParameters(ListParameters):
    """A list whose items have a date."""

    from_: Annotated[
        Day | None,
        Field(alias="from", description="Only items that may be dated on or after this day.", examples=["2012-01-01"]),
    ] = None
    to: Annotated[
        Day | None, Field(description="Only items that may be dated on or before this day.", examples=["2017-12-31"])
    ] = None
    certain: Annotated[
        bool, Field(description="With `from` and `to`: only items that must lie in the range, not all that may.", examples=[True])
    ] = False
    dated: Annotated[
        bool | None, Field(description="Only items that have a date (true) or have none (false).", examples=[True])
    ] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ and self.to and self.from_ > self.to:
            raise PydanticCustomError("empty_range", "from is after to; expected the earlier day in from", {"field": "from"})
        return self


def query_pairs(parameters: BaseModel) -> list[tuple[str, str]]:
    """The parameters that were given, as they are written in an address."""
    given = parameters.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    pairs = [(name, item) for name, value in given.items() for item in (value if isinstance(value, list) else [value])]
    return [(name, str(item).lower() if isinstance(item, bool) else str(item)) for name, item in pairs]
