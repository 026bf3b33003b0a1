"""The SQL of milestones."""

from app.api.facts.milestones.parameters import CompanyMilestonesParameters, MilestonesParameters
from app.api.facts.queries import fact_statements, list_facts
from app.database.models import Milestone
from app.http.lists.listing import Listing
from app.http.lists.pages import ListStatements, one_of
from app.records.milestone import Milestone as MilestoneDocument

COLUMNS = ("title", "category", "date.edtf", "date.text", "date.earliest", "date.latest", "scope", "description")


def list_milestones(parameters: CompanyMilestonesParameters | MilestonesParameters, company: str | None = None) -> Listing:
    return list_facts(Milestone, parameters, _statements, model=MilestoneDocument, columns=COLUMNS, company=company)


def _statements(parameters: CompanyMilestonesParameters | MilestonesParameters, of_one: bool) -> ListStatements:  # noqa: FBT001 - part of a key
    conditions = [one_of(Milestone.category, "category", parameters.category)] if parameters.category else []
    return fact_statements(Milestone, parameters, *conditions, sort_keys={}, of_one=of_one)
