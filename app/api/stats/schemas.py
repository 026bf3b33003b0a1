"""Statistics, as the API serves them."""

import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from app.records.shared_identifiers import MOST_SHARED, SharedIdentifier

Count = Annotated[int, Field(ge=0, le=2**53 - 1, examples=[2])]


class Counts(BaseModel):
    """How many resources of each kind there are."""

    companies: Count
    milestones: Count
    products: Count
    metrics: Count
    sources: Count


class Facet(BaseModel):
    """A value and how often it occurs."""

    value: Annotated[str, Field(max_length=100, examples=["CN"])]
    count: Count


Values = Annotated[list[Facet], Field(max_length=100, description="The most frequent values first, at most 100.")]


class Facets(BaseModel):
    """The values that filters accept."""

    countries: Values
    milestone_categories: Values
    product_categories: Values
    metrics: Values
    units: Values
    source_types: Values


class Stats(BaseModel):
    """Counts of everything, at one revision."""

    revision: Annotated[
        int, Field(ge=0, le=2**53 - 1, description="Number of the newest revision; 0 in an empty database.", examples=[64])
    ]
    updated_at: Annotated[datetime.datetime | None, Field(description="When it was recorded.", examples=["2026-11-24T09:30:00Z"])]
    counts: Counts
    facets: Facets
    shared_identifiers: Annotated[
        list[SharedIdentifier],
        Field(
            max_length=MOST_SHARED, description="The first 100 identifiers that several companies have: they may be one company."
        ),
    ]
