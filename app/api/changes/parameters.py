"""Query parameters of changes."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.api.changes.schemas import LARGEST_NUMBER
from app.http.lists.parameters import DEFAULT_LIMIT, MAXIMUM_LIMIT, Bom, Defuse, Format, fields_of, several
from app.http.parameters import WholeNumber
from app.revisions.log import Action
from app.values.resources import Kind
from app.values.text import Slug

LONGEST_WAIT = 60


class ChangeFilters(BaseModel, extra="forbid"):
    """Filters for changes."""

    kind: Annotated[list[Kind], several("Only changes of these kinds of resources.", "company", most=5)] = []
    company: Annotated[
        list[Slug],
        several(
            "Only changes of these companies and their facts, by the slug that the company had at that time.",
            "baidu",
            "kuaishou",
            title="changed company",
        ),
    ] = []
    action: Annotated[Action | None, Field(description="Only changes with this action.", examples=["create"])] = None

    @property
    def filtered(self) -> bool:
        return bool(self.kind or self.company or self.action)


class ChangesParameters(ChangeFilters):
    """Parameters of the list of changes."""

    since: Annotated[
        int,
        Field(
            ge=0,
            le=LARGEST_NUMBER,
            description="Only revisions after this one: the last one that you have. 0 means from the beginning.",
            examples=[60],
        ),
        WholeNumber,
    ] = 0
    wait: Annotated[
        int,
        Field(ge=0, le=LONGEST_WAIT, description="Seconds to wait for a change if there is none yet.", examples=[1]),
        WholeNumber,
    ] = 0
    limit: Annotated[
        int,
        Field(ge=1, le=MAXIMUM_LIMIT, description=f"Changes on a page. Default: {DEFAULT_LIMIT}.", examples=[20]),
        WholeNumber,
    ] = DEFAULT_LIMIT
    format: Annotated[
        Format | None,
        Field(description="Response format; overrides the `Accept` header. CSV and XLSX have no `document`.", examples=["json"]),
    ] = None
    fields: Annotated[str | None, fields_of("change", "revision,action,url")] = None
    bom: Bom = False
    defuse: Defuse = True


class StreamParameters(ChangeFilters):
    """Parameters of the stream of changes."""

    since: Annotated[
        int | None,
        Field(
            ge=0,
            le=LARGEST_NUMBER,
            description="Start after this revision. Default: only new revisions.",
            examples=[60],
        ),
        WholeNumber,
    ] = None
