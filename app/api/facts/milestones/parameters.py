"""Query parameters of lists of milestones."""

from typing import Annotated

from app.api.facts.parameters import FactParameters, FactsAcrossParameters
from app.http.lists.parameters import several, sort_by
from app.records.milestone import Category

Categories = Annotated[list[Category], several("Only milestones of one of these categories.", "launch")]


class CompanyMilestonesParameters(FactParameters):
    """Filters for one company's milestones."""

    category: Categories = []
    sort: Annotated[str, sort_by("date", "slug")] = "date"


class MilestonesParameters(FactsAcrossParameters):
    """Filters for milestones across companies."""

    category: Categories = []
    sort: Annotated[str, sort_by("date", "company", "slug")] = "date"
