"""A metric, as a dataset records it and as the API serves it."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

from app.records.fact import Citations, FactPlace, FactRecord, Note, Recorded, Scope
from app.values.dates import DateRecord, FactDate
from app.values.numbers import Number
from app.values.text import Keyword, Line, ResourceUrl, Slug
from app.values.units import Unit

Qualifier = TypeAliasType(
    "Qualifier",
    Annotated[
        Literal["exact", "about", "more_than", "at_least", "less_than", "at_most"],
        Field(description="How the source qualifies the number.", examples=["more_than"]),
    ],
)
StatedAs = Annotated[Line | None, Field(description="The number in the source's own notation.", examples=["RMB 21.1 billion"])]


class EquivalentRecord(BaseModel, extra="forbid"):
    """The same amount in another unit, if the source itself states it."""

    value: Number
    unit: Unit
    stated_as: StatedAs = None


class MetricRecord(FactRecord):
    """A metric in a dataset."""

    metric: Keyword
    name: Line
    value: Number
    unit: Unit
    qualifier: Qualifier = "exact"
    stated_as: StatedAs = None
    period: DateRecord | None = None
    scope: Scope = None
    equivalent: EquivalentRecord | None = None


class Equivalent(BaseModel, json_schema_serialization_defaults_required=True):
    """A conversion that the source states with the amount. It is not computed here."""

    value: Annotated[Number, Field(examples=[3160000000])]
    unit: Annotated[Unit, Field(examples=["USD"])]
    stated_as: Annotated[str | None, Field(max_length=300, examples=["USD 3.16 billion"])]
    implied_rate: Annotated[
        Number | None,
        Field(
            description="Units of the amount per unit of the equivalent; null if the equivalent is zero.",
            examples=[6.67721518987342],
        ),
    ]
    stated_by_source: Literal[True] = True


class Metric(FactPlace, Recorded):
    """One observation: a number with its unit, period, qualifier and scope."""

    slug: Annotated[Slug, Field(examples=["revenue"])]
    url: Annotated[ResourceUrl, Field(examples=["/v1/companies/kuaishou/metrics/revenue"])]
    company: Annotated[Slug, Field(description="Slug of the company that the metric is about.", examples=["kuaishou"])]
    company_url: Annotated[ResourceUrl, Field(examples=["/v1/companies/kuaishou"])]
    kind: Literal["metric"]
    metric: Annotated[Keyword, Field(description="What is measured; the same keyword for every company.", examples=["revenue"])]
    name: Annotated[Line, Field(examples=["Total revenue"])]
    value: Annotated[Number, Field(description="At most 15 significant digits, exact.", examples=[21100000000])]
    unit: Unit
    qualifier: Qualifier
    stated_as: StatedAs
    period: Annotated[FactDate | None, Field(description="The measured period; null if the source does not say.")]
    scope: Scope
    equivalent: Equivalent | None
    note: Note
    citations: Citations


class Growth(BaseModel):
    """Growth from one year to the next, computed from two observations. No source states it."""

    derived: Literal[True] = True
    metric: Annotated[
        str, Field(max_length=70, description="The keyword of the metric, followed by `_growth`.", examples=["revenue_growth"])
    ]
    value: Annotated[Number, Field(description="Rounded to 15 significant digits.", examples=[23.8])]
    unit: Literal["percent"] = "percent"
    period: Annotated[FactDate, Field(description="The later period; the earlier one is the same period a year before.")]
    scope: Scope
    of: Annotated[
        ResourceUrl,
        Field(description="The later observation.", examples=["/v1/companies/acme/metrics/revenue-2020"]),
    ]
    facts: Annotated[
        list[ResourceUrl],
        Field(
            min_length=2,
            max_length=2,
            description="The two observations that it is computed from, the earlier one first.",
            examples=[["/v1/companies/acme/metrics/revenue-2019", "/v1/companies/acme/metrics/revenue-2020"]],
        ),
    ]
