"""Query parameters that lists of facts share."""

from typing import Annotated

from fastapi import Query

from app.http.lists.parameters import DatedListParameters, several
from app.http.parameters import AsOf
from app.records.fact import Checked
from app.values.text import CountryCode, Slug


class FactParameters(DatedListParameters):
    """Parameters of every list of facts."""

    source: Annotated[list[Slug], several("Only facts that cite one of these sources.", "chinas-sci-tech-is-going-global")] = []
    checked: Annotated[
        Checked | None,
        Query(
            description="text: only facts whose citations were all compared with the source's text."
            " claimed: only facts with a citation that was not.",
        ),
    ] = None
    as_of: AsOf = None


class FactsAcrossParameters(FactParameters):
    """Parameters of every list of facts across companies."""

    company: Annotated[list[Slug], several("Only facts about one of these companies.", "baidu", "kuaishou")] = []
    country: Annotated[list[CountryCode], several("Only facts about companies of one of these countries.", "CN")] = []
