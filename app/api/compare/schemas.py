"""A comparison, as the API serves it."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.api.compare.reasons import Reason
from app.records.fact import Scope
from app.records.metric import Equivalent, Qualifier, StatedAs
from app.values.dates import FactDate
from app.values.numbers import Number
from app.values.text import CountryCode, Keyword, Line, ResourceUrl, Slug
from app.values.units import Unit

MOST_COMPANIES = 20
MOST_FACTS = 500
"""Maximum number of facts of each kind that are read of one company."""
_MOST_ROWS = MOST_COMPANIES * MOST_FACTS

Plural = Literal["milestones", "products", "metrics"]
Count = Annotated[int, Field(ge=0, le=MOST_FACTS, description="How many the company has of them.", examples=[1])]


class ComparedCompany(BaseModel):
    """One of the companies that are compared."""

    slug: Slug
    name: Annotated[Line, Field(examples=["Baidu"])]
    country: CountryCode | None
    url: Annotated[ResourceUrl, Field(examples=["/v1/companies/baidu"])]
    truncated: Annotated[
        list[Plural],
        Field(
            max_length=3,
            description=f"Kinds of which the company has more than {MOST_FACTS}; only the first {MOST_FACTS} are compared.",
            examples=[[]],
        ),
    ]


class Observation(BaseModel):
    """A metric of one company, in short; `url` leads to all of it and to its citations."""

    url: Annotated[ResourceUrl, Field(examples=["/v1/companies/kuaishou/metrics/revenue"])]
    name: Annotated[Line, Field(examples=["Total revenue"])]
    value: Annotated[Number, Field(examples=[21100000000])]
    unit: Unit
    qualifier: Qualifier
    stated_as: StatedAs
    period: FactDate | None
    scope: Scope
    equivalent: Annotated[Equivalent | None, Field(description="A conversion that the source states. It is shown, never used.")]


class MetricCell(BaseModel):
    """What one company has in a row."""

    company: Annotated[Slug, Field(examples=["kuaishou"])]
    observation: Annotated[Observation | None, Field(description="Null if the company has no such value.")]
    also: Annotated[
        list[ResourceUrl],
        Field(
            max_length=MOST_FACTS,
            description="Further observations of the company with the same unit, scope and period.",
            examples=[[]],
        ),
    ]
    ratio: Annotated[
        Number | None,
        Field(
            description="The value divided by that of `base`, to 15 digits; null unless comparable and `base` positive.",
            examples=[1.25],
        ),
    ]
    difference: Annotated[
        Number | None,
        Field(description="The value less that of `base`; null unless the row is comparable.", examples=[4100000000]),
    ]


class ReasonGiven(BaseModel):
    """Why the values of a row are not comparable."""

    code: Annotated[Reason, Field(description="One of a closed list.", examples=["period_unknown"])]
    sentence: Annotated[
        str,
        Field(max_length=200, description="The same in words.", examples=["A source does not say which period its value is of."]),
    ]


class MetricRow(BaseModel):
    """One metric of all companies, with the same unit, scope and period, or with what differs."""

    metric: Annotated[Keyword, Field(description="What is measured.", examples=["revenue"])]
    name: Annotated[Line, Field(description="Its name at the first company that has it.", examples=["Total revenue"])]
    unit: Annotated[Unit | None, Field(description="Null if the values differ in it.")]
    scope: Annotated[Line | None, Field(description="Null if the values differ in it or have none.", examples=["Whole company"])]
    period: Annotated[FactDate | None, Field(description="Null if the values differ in it or one has none.")]
    comparable: Annotated[
        bool,
        Field(description="Whether the values are comparable. Empty cells are ignored.", examples=[False]),
    ]
    reasons: Annotated[
        list[ReasonGiven],
        Field(
            max_length=len(Reason),
            description="Why not; empty if the row is comparable. If only one company has a value, how the nearest values"
            " of the others, which are in other rows, differ from its value.",
        ),
    ]
    base: Annotated[
        Slug, Field(description="The first company with a value; ratios and differences refer to it.", examples=["baidu"])
    ]
    common_unit: Annotated[
        Unit | None,
        Field(
            description="If units differ: a unit in which each source states its value, directly or as `equivalent`.",
            examples=["USD"],
        ),
    ]
    cells: Annotated[list[MetricCell], Field(max_length=MOST_COMPANIES, description="One for each company, in its order.")]


class ComparedProduct(BaseModel):
    """A product, in short."""

    name: Annotated[Line, Field(examples=["Baidu AI Cloud"])]
    url: Annotated[ResourceUrl, Field(examples=["/v1/companies/baidu/products/baidu-ai-cloud"])]


class ProductCell(BaseModel):
    """The products of one company in a category."""

    company: Slug
    count: Count
    items: Annotated[list[ComparedProduct], Field(max_length=MOST_FACTS)]


class ProductRow(BaseModel):
    """One category of products."""

    category: Annotated[Keyword, Field(examples=["platform"])]
    cells: Annotated[list[ProductCell], Field(max_length=MOST_COMPANIES, description="One for each company, in its order.")]


class ComparedMilestone(BaseModel):
    """A milestone, in short."""

    title: Annotated[Line, Field(examples=["Founded"])]
    url: Annotated[ResourceUrl, Field(examples=["/v1/companies/baidu/milestones/founded"])]
    date: Annotated[FactDate | None, Field(description="As fuzzy as the source; null if undated.")]


class MilestoneCell(BaseModel):
    """The milestones of one company in a year."""

    company: Slug
    count: Count
    items: Annotated[list[ComparedMilestone], Field(max_length=MOST_FACTS)]


class MilestoneRow(BaseModel):
    """One year, or what has no date."""

    year: Annotated[
        int | None,
        Field(ge=1, le=9999, description="Year of the first day that may be meant; null without a date.", examples=[2000]),
    ]
    cells: Annotated[list[MilestoneCell], Field(max_length=MOST_COMPANIES, description="One for each company, in its order.")]


class Comparison(BaseModel):
    """Companies side by side."""

    companies: Annotated[list[ComparedCompany], Field(max_length=MOST_COMPANIES, description="In the order of the request.")]
    truncated: Annotated[bool, Field(description="Whether a company has more facts than were compared.", examples=[False])]
    metrics: Annotated[list[MetricRow], Field(max_length=_MOST_ROWS, description="By metric, unit, scope and period.")]
    products: Annotated[list[ProductRow], Field(max_length=_MOST_ROWS, description="By category.")]
    milestones: Annotated[list[MilestoneRow], Field(max_length=_MOST_ROWS, description="By year, undated last.")]
