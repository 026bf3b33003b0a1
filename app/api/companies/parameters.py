"""Query parameters of companies."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.http.lists.parameters import DatedListParameters, several, sort_by
from app.http.parameters import AsOf, ResourceParameters
from app.values.text import IDENTIFIER_PATTERN, CountryCode, Line

INCLUDABLE = ("milestones", "products", "metrics", "citations")
MOST_INCLUDED = 50
"""Maximum number of facts of each kind with each company."""


def _known_parts(value: str) -> str:
    for part in value.split(","):
        if part not in INCLUDABLE:
            raise PydanticCustomError(
                "unknown_part",
                "{given} cannot be included; expected {expected}, separated by commas",
                {"given": repr(part), "expected": ", ".join(INCLUDABLE), "name": part, "known": ",".join(INCLUDABLE)},
            )
    return value


_ALTERNATIVES = "|".join(INCLUDABLE)
Include = Annotated[
    str | None,
    AfterValidator(lambda value: value if value is None else _known_parts(value)),
    Field(
        max_length=100,
        description=f"What to add to each company, comma-separated: {', '.join(INCLUDABLE)}. Of each kind of fact at most"
        f" {MOST_INCLUDED}; `more` then links to the whole list. Citations are always included. JSON only.",
        examples=["milestones,metrics"],
        json_schema_extra={"pattern": f"^(?:{_ALTERNATIVES})(?:,(?:{_ALTERNATIVES}))*$"},
    ),
]


class CompaniesParameters(DatedListParameters):
    """Filters for companies. The date is the date of founding."""

    country: Annotated[list[CountryCode], several("Only companies of one of these countries.", "CN")] = []
    name: Annotated[
        Line | None,
        Field(
            min_length=1,
            max_length=300,
            description="Only companies with this name; case and accents are ignored.",
            examples=["Baidu"],
        ),
    ] = None
    identifier: Annotated[
        str | None,
        Field(
            max_length=361,
            pattern=IDENTIFIER_PATTERN,
            description="Only companies with this identifier, written scheme:value.",
            examples=["website:https://www.baidu.com"],
        ),
    ] = None
    as_of: AsOf = None
    sort: Annotated[str, sort_by("name", "slug", "country", "founded")] = "name"


class CompaniesWithFactsParameters(CompaniesParameters):
    """Filters for companies, and what to add to each."""

    include: Include = None
    counts: Annotated[
        bool, Field(description="Add how many facts of each kind and sources each company has. JSON only.", examples=[True])
    ] = False


class CompanyParameters(ResourceParameters):
    """Parameters of one company."""

    include: Include = None
