"""Query parameters of lists of milestones."""

from typing import Annotated

from pydantic import Field

from app.api.facts.parameters import FactParameters, FactsAcrossParameters
from app.http.lists.parameters import sort_documentation, sortable
from app.records.milestone import Category

Categories = Annotated[
    list[Category], Field(max_length=20, description="Only milestones of one of these categories.", examples=[["launch"]])
]


class CompanyMilestonesParameters(FactParameters):
    """Filters for one company's milestones."""

    category: Categories = []
    sort: Annotated[str, sortable("date", "slug"), sort_documentation("date", "slug")] = "date"


class MilestonesParameters(FactsAcrossParameters):
    """Filters for milestones across companies."""

    category: Categories = []
    sort: Annotated[str, sortable("date", "company", "slug"), sort_documentation("date", "company", "slug")] = "date"
