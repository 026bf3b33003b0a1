"""The SQL of milestones."""

from sqlalchemy import ColumnElement

from app.api.facts.milestones.parameters import CompanyMilestonesParameters, MilestonesParameters
from app.api.facts.queries import list_facts
from app.database.models import Milestone
from app.http.lists.listing import Listing
from app.records.milestone import Milestone as MilestoneDocument

COLUMNS = ("title", "category", "date.edtf", "date.text", "date.earliest", "date.latest", "scope", "description")


def list_milestones(parameters: CompanyMilestonesParameters | MilestonesParameters, company: str | None = None) -> Listing:
    conditions: list[ColumnElement[bool]] = [Milestone.category.in_(parameters.category)] if parameters.category else []
    return list_facts(Milestone, parameters, *conditions, sort_keys={}, model=MilestoneDocument, columns=COLUMNS, company=company)
