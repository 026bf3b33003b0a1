"""Endpoint of the timeline."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.timeline.parameters import TimelineParameters
from app.api.timeline.queries import list_timeline
from app.api.timeline.schemas import TimelinePage, TimelineYears
from app.api.timeline.years import respond_years
from app.http.dependencies import DatabaseDependency
from app.http.lists.listing import respond_list
from app.http.openapi import list_responses

router = APIRouter(prefix="/v1/timeline", tags=["timeline"])


@router.get(
    "",
    operation_id="list_timeline",
    summary="List the timeline",
    response_model=TimelinePage | TimelineYears,
    responses=list_responses(),
)
async def get_timeline(
    request: Request, database: DatabaseDependency, parameters: Annotated[TimelineParameters, Query()]
) -> Response:
    """Milestones, product launches and metrics with a period, of all companies or of those that you filter for.

    Sorted by the first day that a date may mean; fuzzy dates keep their words and bounds. Undated milestones come last;
    products without a launch date and metrics without a period are not included. `group=year` groups the items of a page.
    """
    listing = list_timeline(parameters)
    past_or_present = await database.as_of(parameters.as_of)
    if parameters.group:
        return await respond_years(request, past_or_present, listing, parameters)
    return await respond_list(request, past_or_present, listing, parameters)
