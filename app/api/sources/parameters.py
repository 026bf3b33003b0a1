"""Query parameters of sources and of the facts that cite one."""

from typing import Annotated

from pydantic import Field

from app.http.lists.parameters import DatedListParameters, ListParameters, sort_documentation, sortable
from app.http.parameters import AsOf
from app.records.source import SourceType
from app.values.resources import FactKind
from app.values.text import Line, Slug


class SourcesParameters(DatedListParameters):
    """Filters for sources. The date is the date of publication."""

    type: Annotated[
        list[SourceType], Field(max_length=20, description="Only sources of one of these types.", examples=[["article"]])
    ] = []
    publisher: Annotated[Line | None, Field(description="Only sources of this publisher.", examples=["Global Times Online"])] = (
        None
    )
    as_of: AsOf = None
    sort: Annotated[str, sortable("title", "published", "slug"), sort_documentation("title", "published", "slug")] = "title"


class SourceFactsParameters(ListParameters):
    """Filters for the facts that cite a source. Facts come in the order of the source's text."""

    kind: Annotated[list[FactKind], Field(max_length=3, description="Only facts of these kinds.", examples=[["milestone"]])] = []
    company: Annotated[
        list[Slug], Field(max_length=20, description="Only facts about one of these companies.", examples=[["baidu"]])
    ] = []
    as_of: AsOf = None
    sort: Annotated[str, sortable("place"), sort_documentation("place")] = "place"
