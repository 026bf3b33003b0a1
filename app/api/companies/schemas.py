"""Companies with facts, profiles and pages of companies, as the API serves them."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.http.lists.listing import PageLinks
from app.records.company import Company
from app.records.metric import Metric
from app.records.milestone import Milestone
from app.records.product import Product
from app.records.source import Source
from app.values.text import ResourceUrl

MOST_FACTS = 200
"""Maximum number of facts of each kind, and of sources, in a profile."""

More = Annotated[
    ResourceUrl | None,
    Field(
        description=f"URL of the whole list if it has more than {MOST_FACTS} items; otherwise null.",
        examples=["/v1/companies/baidu/milestones"],
    ),
]


class MilestonesPart(BaseModel):
    """The company's milestones, oldest first."""

    items: Annotated[list[Milestone], Field(max_length=MOST_FACTS)]
    more: More


class ProductsPart(BaseModel):
    """The company's products, by name."""

    items: Annotated[list[Product], Field(max_length=MOST_FACTS)]
    more: More


class MetricsPart(BaseModel):
    """The company's metrics, by metric and period."""

    items: Annotated[list[Metric], Field(max_length=MOST_FACTS)]
    more: More


class SourcesPart(BaseModel):
    """The sources that the company and its facts cite."""

    items: Annotated[list[Source], Field(max_length=MOST_FACTS)]
    more: More


Number = Annotated[int, Field(ge=0, le=2**53 - 1, examples=[16])]


class FactCounts(BaseModel):
    """How many facts of each kind a company has, and how many sources it and its facts cite."""

    milestones: Number
    products: Number
    metrics: Number
    sources: Number


class CompanyWithFacts(Company):
    """An organisation, with the facts that `include` adds."""

    milestones: MilestonesPart | None = None
    products: ProductsPart | None = None
    metrics: MetricsPart | None = None
    counts: FactCounts | None = None


class Profile(BaseModel):
    """A company with all its facts and the sources that they cite."""

    company: Company
    milestones: MilestonesPart
    products: ProductsPart
    metrics: MetricsPart
    sources: SourcesPart


class CompanyPage(PageLinks):
    """A page of companies."""

    items: Annotated[list[CompanyWithFacts], Field(max_length=200)]
