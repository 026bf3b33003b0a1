"""The endpoint that undoes revisions."""

from itertools import islice
from typing import Annotated, Self

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Connection

from app.api.changes.schemas import LARGEST_NUMBER
from app.api.editing.changes import respond_result
from app.api.editing.dataset_upload import MOST_CHANGES, Count
from app.api.editing.idempotency import first_answer, remember
from app.api.editing.openapi import undo_responses
from app.api.editing.requests import ChangeParameters, ChangeRequest, IdempotencyKey, change_request
from app.api.editing.undo import UndoImpossible, Undone, UnknownRevision, undo
from app.auth.access import WriterDependency
from app.database.database import Database
from app.datasets.preview import ResourceChange, changes_after
from app.errors.reading import InvalidParameters
from app.errors.writing import Conflict
from app.http.dependencies import DatabaseDependency
from app.http.parameters import WholeNumber
from app.http.request_body import REFUSED_BY_FRAMEWORK
from app.revisions.log import RevisionLog

router = APIRouter(prefix="/v1/changes", tags=["changes"], max_body_size=REFUSED_BY_FRAMEWORK)

MOST_REVISIONS = 10_000
"""Revisions of one request: other writers wait until it ends. More are undone on the server."""


class UndoParameters(ChangeParameters):
    """What to undo."""

    first: Annotated[
        int,
        Field(ge=1, le=LARGEST_NUMBER, description="Number of the revision to undo, or of the first of several.", examples=[65]),
        WholeNumber,
    ]
    last: Annotated[
        int | None,
        Field(ge=1, le=LARGEST_NUMBER, description="Number of the last revision to undo. Default: `first`.", examples=[65]),
        WholeNumber,
    ] = None
    dry_run: Annotated[bool, Field(description="List what would change, without changing anything.", examples=[True])] = False

    @property
    def end(self) -> int:
        return self.first if self.last is None else self.last

    @property
    def default_reason(self) -> str:
        return f"Undo of revision {self.first}" + (f"-{self.end}" if self.end != self.first else "")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.first:
            raise PydanticCustomError("not_in_order", "is before first; expected the smaller number in first", {"field": "last"})
        if self.end - self.first >= MOST_REVISIONS:
            message = f"expected at most {MOST_REVISIONS:,} revisions; undo more with company-profiles undo on the server"
            raise PydanticCustomError("too_many", message, {"field": "last"})
        return self


class UndoResult(BaseModel, json_schema_serialization_defaults_required=True):
    """What an undo changed, or with `dry_run=true` would change."""

    changed: Annotated[Count, Field(description="Revisions that were undone.")]
    unchanged: Annotated[Count, Field(description="Revisions that had nothing left to undo.")]
    newest: Annotated[int, Field(ge=0, le=2**53 - 1, description="Number of the newest revision afterwards.", examples=[66])]
    changes: Annotated[
        list[ResourceChange],
        Field(max_length=MOST_CHANGES, description="The first 1,000 changes that a dry run found. Empty unless `dry_run=true`."),
    ] = []


@router.post(
    "/undo",
    operation_id="undo_changes",
    summary="Undo changes",
    response_model=UndoResult,
    responses=undo_responses(),
)
async def post_undo(
    request: Request,
    database: DatabaseDependency,
    actor: WriterDependency,
    parameters: Annotated[UndoParameters, Query()],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Undo the revisions from `first` to `last`, the newest first, all of them or none, by recording new revisions.

    Each resource is again as it was before. It is refused if a later revision changed one of the resources, or if something
    refers to what would be deleted: `suggestions` has the URLs. `dry_run=true` lists the changes without making them.
    """
    reason = parameters.reason or parameters.default_reason
    change = await change_request(request, actor, reason, idempotency_key=idempotency_key)
    return await to_thread.run_sync(_undo, database, change, parameters)


def _undo(database: Database, change: ChangeRequest, parameters: UndoParameters) -> Response:
    """Undoes revisions in one transaction, unless the response to this very request is stored."""
    with (database.trying if parameters.dry_run else database.writing)() as connection:
        with change.log(connection) as log:
            repeated = first_answer(connection, change, log.recorded_at)
            if repeated is not None:
                return repeated
            undone = _undone(connection, log, parameters)
        changes = changes_after(connection, log.before) if parameters.dry_run else ()
        changed = sum(1 for one in undone if one.revision)
        result = UndoResult(
            changed=changed, unchanged=len(undone) - changed, newest=log.newest, changes=list(islice(changes, MOST_CHANGES))
        )
        response = respond_result(result, log.newest, dry_run=parameters.dry_run)
        if not parameters.dry_run:
            remember(connection, change, response, log.recorded_at)
        return response


def _undone(connection: Connection, log: RevisionLog, parameters: UndoParameters) -> list[Undone]:
    """What was undone. Raises InvalidParameters for a revision that does not exist, and Conflict."""
    try:
        return undo(connection, log, parameters.first, parameters.end)
    except UnknownRevision as unknown:
        raise InvalidParameters.on("first" if parameters.last is None else "last", str(unknown)) from None
    except UndoImpossible as impossible:
        raise Conflict(f"Nothing was undone: {impossible}", suggestions=list(impossible.urls)) from None
