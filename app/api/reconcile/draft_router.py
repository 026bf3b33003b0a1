"""The endpoints that only the draft of the Reconciliation Service API 1.0 has. The others are in ``router``."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from app.api.reconcile.draft_schemas import ExtensionTable, MatchBatch, MatchResults
from app.api.reconcile.extension import extend_in_rows
from app.api.reconcile.extension_schemas import ExtensionQuery
from app.api.reconcile.forms import read_match, read_table_extension, receive_json
from app.api.reconcile.openapi import json_body
from app.api.reconcile.parameters import NoParameters
from app.http.conditional import Stamp
from app.http.dependencies import DatabaseDependency
from app.http.negotiation import ONE_FORMAT, negotiate
from app.http.openapi import one_responses

router = APIRouter(prefix="/reconcile", tags=["reconciliation"])

_RESPONSES = {status: entry for status, entry in one_responses().items() if status != 304}


@router.post(
    "/match",
    operation_id="match",
    summary="Match names, as in the draft of version 1.0",
    response_model=MatchResults,
    responses=_RESPONSES,
    openapi_extra=json_body(MatchBatch),
)
async def post_match(
    request: Request,
    database: DatabaseDependency,
    parameters: Annotated[NoParameters, Query()],  # noqa: ARG001
) -> Response:
    """Candidates for a batch of up to 1,000 queries, in the order of the queries.

    Scores and matches are those of version 0.2. A condition on an unknown property is ignored, and `notes` says so; if it is
    required, no company meets it.
    """
    return await _respond(request, database, _match)


@router.post(
    "/extend",
    operation_id="extend",
    summary="Fetch values, as in the draft of version 1.0",
    response_model=ExtensionTable,
    responses=_RESPONSES,
    openapi_extra=json_body(ExtensionQuery),
)
async def post_extend(
    request: Request,
    database: DatabaseDependency,
    parameters: Annotated[NoParameters, Query()],  # noqa: ARG001
) -> Response:
    """Property values of up to 1,000 companies. `<property>.citation` is where a value comes from."""
    return await _respond(request, database, _extend)


async def _respond(
    request: Request, database: DatabaseDependency, read: Callable[[Connection, bytes], tuple[bytes, Stamp]]
) -> Response:
    negotiate(request, None, ONE_FORMAT)
    result, _ = await database.scan(read, await receive_json(request))
    return Response(result, media_type="application/json", headers={"Cache-Control": "no-store"})


def _match(connection: Connection, body: bytes) -> tuple[bytes, Stamp]:
    from app.api.reconcile.matching import match  # noqa: PLC0415 - its libraries take memory that few servers need

    return match(connection, read_match(body))


def _extend(connection: Connection, body: bytes) -> tuple[bytes, Stamp]:
    table, stamp = extend_in_rows(connection, read_table_extension(body))
    return table.model_dump_json(by_alias=True, exclude_none=True).encode(), stamp
