"""The timeline, as the API serves it."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.http.lists.listing import PageLinks
from app.records.metric import Metric
from app.records.milestone import Milestone
from app.records.product import Product
from app.values.dates import FactDate
from app.values.resources import FactKind
from app.values.text import Line, ResourceUrl, Slug

MOST_ENTRIES = 200
"""Maximum number of entries on a page, and so in a year of it."""

Fact = Annotated[Milestone | Product | Metric, Field(discriminator="kind", description="The whole fact, with its citations.")]


class TimelineEntry(BaseModel):
    """A milestone, a product's launch or a metric's period."""

    date: Annotated[
        FactDate | None,
        Field(description="When it happened, was launched or was measured; null for an undated milestone."),
    ]
    kind: Annotated[FactKind, Field(description="Which kind of fact it is.", examples=["milestone"])]
    company: Annotated[Slug, Field(description="Slug of the company that the fact is about.", examples=["baidu"])]
    company_url: Annotated[ResourceUrl, Field(examples=["/v1/companies/baidu"])]
    title: Annotated[Line, Field(description="The milestone's title, or the product's or metric's name.", examples=["Founded"])]
    url: Annotated[ResourceUrl, Field(description="URL of the fact.", examples=["/v1/companies/baidu/milestones/founded"])]
    fact: Fact


class TimelinePage(PageLinks):
    """A page of the timeline."""

    items: Annotated[list[TimelineEntry], Field(max_length=MOST_ENTRIES)]


class TimelineYear(BaseModel):
    """The entries of a page that start in one year; those without a date under null."""

    year: Annotated[
        int | None,
        Field(ge=1, le=9999, description="Year of the first day that may be meant; null without a date.", examples=[2000]),
    ]
    items: Annotated[list[TimelineEntry], Field(max_length=MOST_ENTRIES)]


class TimelineYears(PageLinks):
    """A page of the timeline, by year. A year may continue on the next page."""

    groups: Annotated[list[TimelineYear], Field(max_length=MOST_ENTRIES)]
