"""Query parameters of sources and of the facts that cite one."""

from typing import Annotated

from pydantic import Field

from app.http.lists.parameters import DatedListParameters, ListParameters, several, sort_by
from app.http.parameters import AsOf
from app.records.source import SourceType
from app.values.resources import FactKind
from app.values.text import Line, Slug


class SourcesParameters(DatedListParameters):
    """Filters for sources. The date is the date of publication."""

    type: Annotated[list[SourceType], several("Only sources of one of these types.", "article")] = []
    publisher: Annotated[Line | None, Field(description="Only sources of this publisher.", examples=["Global Times Online"])] = (
        None
    )
    as_of: AsOf = None
    sort: Annotated[str, sort_by("title", "published", "slug")] = "title"


class SourceFactsParameters(ListParameters):
    """Filters for the facts that cite a source. Facts come in the order of the source's text."""

    kind: Annotated[list[FactKind], several("Only facts of these kinds.", "milestone", most=3)] = []
    company: Annotated[list[Slug], several("Only facts about one of these companies.", "baidu")] = []
    as_of: AsOf = None
    sort: Annotated[str, sort_by("place")] = "place"
