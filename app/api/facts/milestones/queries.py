"""The SQL of milestones."""

from typing import Annotated

from pydantic import Field
from sqlalchemy import ColumnElement

from app.api.facts.filters import FactParameters, FactsAcrossParameters
from app.api.facts.queries import list_facts
from app.database.models import Milestone
from app.http.lists.listing import Listing
from app.http.parameters import sort_documentation, sortable
from app.records.milestone import Category
from app.records.milestone import Milestone as MilestoneDocument

Categories = Annotated[
    list[Category], Field(max_length=20, description="Only milestones of one of these categories.", examples=[["launch"]])
]
COLUMNS = ("title", "category", "date.edtf", "date.text", "date.earliest", "date.latest", "scope", "description")


class CompanyMilestonesParameters(FactParameters):
    """Filters of one company's milestones."""

    category: Categories = []
    sort: Annotated[str, sortable("date", "slug"), sort_documentation("date", "slug")] = "date"


class MilestonesParameters(FactsAcrossParameters):
    """Filters of milestones across companies."""

    category: Categories = []
    sort: Annotated[str, sortable("date", "company", "slug"), sort_documentation("date", "company", "slug")] = "date"


def list_milestones(parameters: CompanyMilestonesParameters | MilestonesParameters, company: str | None = None) -> Listing:
    conditions: list[ColumnElement[bool]] = [Milestone.category.in_(parameters.category)] if parameters.category else []
    return list_facts(Milestone, parameters, *conditions, sort_keys={}, model=MilestoneDocument, columns=COLUMNS, company=company)
