"""Endpoints of changes."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse

from app.api.changes.events import change_events
from app.api.changes.long_poll import wait_for_changes
from app.api.changes.parameters import ChangesParameters, StreamParameters
from app.api.changes.queries import require_reached
from app.api.changes.responses import respond_changes
from app.api.changes.schemas import LARGEST_NUMBER, Change, ChangeEvent, ChangesPage
from app.errors.reading import InvalidParameters
from app.http.conditional import Stamp
from app.http.dependencies import DatabaseDependency
from app.http.lists.field_selection import choose_fields
from app.http.lists.pages import newest_stamp
from app.http.lists.tables import negotiate_list
from app.http.openapi import list_responses
from app.http.openapi_problems import Responses, problem_responses
from app.http.parameters import WholeNumber
from app.http.request_state import request_state
from app.revisions.current import CurrentRevision

router = APIRouter(prefix="/v1/changes", tags=["changes"])


async def get_current_revision(request: Request) -> CurrentRevision:
    current: CurrentRevision = request.app.state.current_revision
    return current


CurrentRevisionDependency = Annotated[CurrentRevision, Depends(get_current_revision)]

LastEventId = Annotated[
    int | None,
    Header(
        alias="Last-Event-ID",
        ge=0,
        le=LARGEST_NUMBER,
        description="Id of the last event received; overrides `since`. Browsers send it when they reconnect.",
        examples=[60],
    ),
    WholeNumber,
]

_EXAMPLE = {"dataset": "7f3a9c1e", "since": 64}
_EVENT_RESPONSES: Responses = {
    200: {
        "description": "Events, for as long as the client listens.",
        "content": {"text/event-stream": {"schema": {"$ref": "#/components/schemas/ChangeEvent"}, "example": _EXAMPLE}},
    },
    **problem_responses(InvalidParameters),
}


@router.get("", operation_id="list_changes", summary="List changes", response_model=ChangesPage, responses=list_responses())
async def get_changes(
    request: Request,
    database: DatabaseDependency,
    current: CurrentRevisionDependency,
    parameters: Annotated[ChangesParameters, Query()],
) -> Response:
    """Every revision after `since`, by number, without gaps or duplicates.

    Follow `next`; when it is null, continue with `since` = `newest`. With `wait` the response is sent as soon as there is a
    change. With filters a page examines at most 10,000 revisions, so it may have a `next` and yet hold fewer items than
    `limit`, or none. A `since` beyond the newest revision is refused: you read it from another dataset.
    """
    format = negotiate_list(request, parameters)
    chosen = choose_fields(parameters.fields, (Change,))
    changes = await wait_for_changes(request, database, current, parameters)
    return respond_changes(request, changes, parameters, format, chosen)


@router.get(
    "/stream",
    operation_id="stream_changes",
    summary="Stream changes",
    response_model=ChangeEvent,
    response_class=Response,
    responses=_EVENT_RESPONSES,
)
async def stream_changes(
    request: Request,
    database: DatabaseDependency,
    current: CurrentRevisionDependency,
    parameters: Annotated[StreamParameters, Query()],
    last_event_id: LastEventId = None,
) -> Response:
    """Server-sent events, for `EventSource` in browsers and for anything else that reads lines.

    The first event, `start`, names the dataset. Then each revision is an event `create`, `update` or `delete`, whose id is its
    number and whose data is the change as in the list. A comment every 15 seconds keeps the connection alive.
    """
    field, since = ("since", parameters.since) if last_event_id is None else ("Last-Event-ID", last_event_id)
    start = await database.at_least(since or 0).read(newest_stamp)
    if since is not None:
        require_reached(since, start, field)
        start = Stamp(start.dataset, since)
    state = request_state(request.scope)
    state.begin_waiting()
    state.is_endless = True
    events = _nothing() if state.is_head else change_events(database, current, parameters, start)
    return EventSourceResponse(events, headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})


async def _nothing() -> AsyncIterator[bytes]:
    """The body of a response to HEAD, which would otherwise never end."""
    yield b""
