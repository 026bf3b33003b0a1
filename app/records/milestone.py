"""A milestone, as a dataset records it and as the API serves it."""

from typing import Annotated, Literal

from pydantic import Field

from app.records.fact import Citations, FactPlace, FactRecord, Note, Recorded, Scope
from app.values.dates import DateRecord, FactDate
from app.values.text import Keyword, Line, Paragraph, ResourceUrl, Slug

Category = Annotated[
    Keyword,
    Field(
        description="founding, launch, research, market_position, expansion, strategy … a dataset may add more.",
        examples=["founding"],
    ),
]


class MilestoneRecord(FactRecord):
    """A milestone in a dataset."""

    title: Line
    description: Paragraph | None = None
    category: Category
    date: DateRecord | None = None
    scope: Scope = None


class Milestone(FactPlace, Recorded):
    """An event in the life of a company, as a source reports it."""

    slug: Annotated[Slug, Field(examples=["founded"])]
    url: Annotated[ResourceUrl, Field(examples=["/v1/companies/baidu/milestones/founded"])]
    kind: Literal["milestone"]
    title: Annotated[Line, Field(examples=["Founded"])]
    description: Annotated[str | None, Field(max_length=4000, examples=["The company was founded early in the year 2000."])]
    category: Category
    date: Annotated[FactDate | None, Field(description="Date of the event; null if the source gives no date.")]
    scope: Scope
    note: Note
    citations: Citations
