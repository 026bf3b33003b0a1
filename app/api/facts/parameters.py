"""Query parameters that lists of facts share."""

from typing import Annotated

from pydantic import Field

from app.http.lists.parameters import DatedListParameters
from app.http.parameters import AsOf
from app.values.text import CountryCode, Slug


class FactParameters(DatedListParameters):
    """Parameters of every list of facts."""

    source: Annotated[
        list[Slug],
        Field(
            max_length=20,
            description="Only facts that cite one of these sources.",
            examples=[["chinas-sci-tech-is-going-global"]],
        ),
    ] = []
    as_of: AsOf = None


class FactsAcrossParameters(FactParameters):
    """Parameters of every list of facts across companies."""

    company: Annotated[
        list[Slug], Field(max_length=20, description="Only facts about one of these companies.", examples=[["baidu", "kuaishou"]])
    ] = []
    country: Annotated[
        list[CountryCode],
        Field(max_length=20, description="Only facts about companies of one of these countries.", examples=[["CN"]]),
    ] = []
