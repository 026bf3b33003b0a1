"""Query parameters that lists take: the page, the fields, the order and the range of dates."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from app.http.parameters import FirstDay, LastDay, WholeNumber

MAXIMUM_LIMIT = 200
DEFAULT_LIMIT = 50
_NO_FILTERS = {"bom", "counts", "cursor", "defuse", "limit", "total", "format", "fields", "include", "growth", "group"}
Format = TypeAliasType("Format", Annotated[Literal["json", "csv", "ndjson", "xlsx"], Field(description="A format of lists.")])
Cursor = Annotated[
    str | None,
    Field(
        min_length=1,
        max_length=4000,
        description="Where the page starts: from the `next` URL of the previous page.",
        json_schema_extra={"pattern": "^[A-Za-z0-9_-]+$"},  # for OpenAPI only: an invalid cursor has a problem of its own
    ),
]


def several(description: str, *examples: str, most: int = 20, title: str | None = None) -> Any:  # noqa: ANN401 - as Field itself is declared
    """What is declared of a filter that takes several values. Two that have one name in different lists need a title."""
    return Field(max_length=most, description=description, examples=[list(examples)], title=title)


def fields_of(item: str, example: str) -> Any:  # noqa: ANN401 - as Field itself is declared
    """What is declared of ``fields``, which names the fields of each item of a list."""
    description = f"Fields to include in each {item}, comma-separated. Default: all."
    return Field(min_length=1, max_length=1000, description=description, examples=[example])


Bom = Annotated[
    bool, Field(description="Start CSV with a byte order mark, which tells Excel that it is UTF-8. CSV only.", examples=[False])
]
Defuse = Annotated[
    bool,
    Field(
        description="Put an apostrophe before text that a spreadsheet would run as a formula. For programs: false. CSV only.",
        examples=[True],
    ),
]


class ListParameters(BaseModel, extra="forbid"):
    """Parameters of every list. Each list adds its own ``sort``."""

    format: Annotated[
        Format | None,
        Field(description="Response format; overrides the `Accept` header.", examples=["json"]),
    ] = None
    limit: Annotated[
        int | None,
        Field(
            ge=1,
            le=MAXIMUM_LIMIT,
            description=f"Items on a page. Default: {DEFAULT_LIMIT}; in CSV, NDJSON and XLSX the whole list.",
            examples=[20],
        ),
        WholeNumber,
    ] = None
    cursor: Cursor = None
    fields: Annotated[str | None, fields_of("item", "slug,url")] = None
    total: Annotated[bool, Field(description="Count all items, as `total`. It costs a pass over the list.", examples=[True])] = (
        False
    )
    bom: Bom = False
    defuse: Defuse = True
    sort: str

    def scope(self, path: str) -> str:
        """What a cursor belongs to: the list, its filters and its order."""
        known = type(self).model_fields
        given = {name: getattr(self, name) for name in sorted(self.model_fields_set - _NO_FILTERS)}
        filters = {name: value for name, value in given.items() if value != known[name].default}
        return f"{path}?{filters}{self.sort}"


class DatedListParameters(ListParameters):
    """A list whose items have a date."""

    from_: Annotated[
        FirstDay | None,
        Field(
            alias="from",
            description="Only items that may be dated on or after this day; also a month or a year.",
            examples=["2012-01-01"],
        ),
    ] = None
    to: Annotated[
        LastDay | None,
        Field(description="Only items that may be dated on or before this day; also a month or a year.", examples=["2017-12-31"]),
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


def sort_by(*names: str) -> FieldInfo:
    """What is declared of a sort parameter: it takes these names, with "-" for descending order."""
    alternatives = "|".join(names)
    field: FieldInfo = Field(
        max_length=200,
        description=f"Sort keys, comma-separated, with `-` for descending order: {', '.join(names)}. Undated items come last.",
        examples=[names[0]],
        json_schema_extra={"pattern": f"^-?(?:{alternatives})(?:,-?(?:{alternatives}))*$"},
    )

    def check(value: str) -> str:
        for part in value.split(","):
            if part.removeprefix("-") not in names:
                raise PydanticCustomError(
                    "unknown_sort",
                    "unknown sort key {given}; expected {expected}, with - for descending order",
                    {"given": repr(part), "expected": ", ".join(names), "name": part, "known": ",".join(names)},
                )
        return value

    field.metadata.insert(0, AfterValidator(check))
    return field
