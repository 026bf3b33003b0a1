"""Query parameters of comparisons."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from app.api.compare.schemas import MOST_COMPANIES
from app.http.lists.parameters import Bom, Defuse, several
from app.http.parameters import AsOf
from app.values.text import SLUG_PATTERN, Keyword

ComparisonFormat = TypeAliasType(
    "ComparisonFormat", Annotated[Literal["json", "csv", "xlsx"], Field(description="A format of a comparison.")]
)
_SLUG = SLUG_PATTERN.strip("^$")
_EXPECTED = f"expected 2 to {MOST_COMPANIES} slugs of companies, separated by commas, such as baidu,kuaishou"


def _slugs(text: str) -> str:
    slugs = text.split(",")
    wrong = next((slug for slug in slugs if len(slug) > 100 or not re.fullmatch(_SLUG, slug)), None)
    if wrong is not None:
        raise PydanticCustomError(
            "no_slug", "{given} is no slug; {expected}", {"given": repr(wrong[:100]), "expected": _EXPECTED}
        )
    twice = next((slug for slug in slugs if slugs.count(slug) > 1), None)
    if twice is not None:
        raise PydanticCustomError("named_twice", "{given} is named twice; name it once", {"given": twice})
    if not 2 <= len(slugs) <= MOST_COMPANIES:
        message = "{number} {verb} named; {expected}"
        verb = "is" if len(slugs) == 1 else "are"
        raise PydanticCustomError("number_of_companies", message, {"number": len(slugs), "verb": verb, "expected": _EXPECTED})
    return text


class CompareParameters(BaseModel, extra="forbid"):
    """The companies to compare, and which of their metrics."""

    companies: Annotated[
        str,
        Field(
            max_length=101 * MOST_COMPANIES,
            description=f"Slugs of 2 to {MOST_COMPANIES} companies, comma-separated. Their order is preserved.",
            examples=["baidu,kuaishou"],
            json_schema_extra={"pattern": f"^{_SLUG}(?:,{_SLUG}){{1,{MOST_COMPANIES - 1}}}$"},
        ),
        AfterValidator(_slugs),
    ]
    metric: Annotated[list[Keyword], several("Only these metrics.", "revenue")] = []
    as_of: AsOf = None
    format: Annotated[
        ComparisonFormat | None,
        Field(description="Response format; overrides the `Accept` header. CSV and XLSX contain the metrics.", examples=["json"]),
    ] = None
    bom: Bom = False
    defuse: Defuse = True
