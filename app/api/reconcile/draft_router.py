"""The endpoints that only the draft of the Reconciliation Service API 1.0 has. The others are in ``router``."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from app.api.reconcile.draft_schemas import ExtensionTable, MatchBatch, MatchResults
from app.api.reconcile.extension import extend_in_rows
from app.api.reconcile.extension_schemas import ExtensionQuery
from app.api.reconcile.forms import read_match, read_table_extension, receive_json
from app.api.reconcile.parameters import NoParameters
from app.api.reconcile.router import POST_RESPONSES, respond_to_post
from app.api.reconcile.schemas import as_json
from app.http.conditional import Stamp
from app.http.dependencies import DatabaseDependency
from app.http.openapi import json_body

router = APIRouter(prefix="/reconcile", tags=["reconciliation"])


@router.post(
    "/match",
    operation_id="match",
    summary="Match names, as in the draft of version 1.0",
    response_model=MatchResults,
    responses=POST_RESPONSES,
    openapi_extra=json_body(MatchBatch.__name__),
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
    return await respond_to_post(request, database, receive_json, _match)


@router.post(
    "/extend",
    operation_id="extend",
    summary="Fetch values, as in the draft of version 1.0",
    response_model=ExtensionTable,
    responses=POST_RESPONSES,
    openapi_extra=json_body(ExtensionQuery.__name__),
)
async def post_extend(
    request: Request,
    database: DatabaseDependency,
    parameters: Annotated[NoParameters, Query()],  # noqa: ARG001
) -> Response:
    """Property values of up to 1,000 companies. `<property>.citation` is where a value comes from."""
    return await respond_to_post(request, database, receive_json, _extend)


def _match(connection: Connection, body: bytes) -> tuple[bytes, Stamp]:
    from app.api.reconcile.matching import match  # noqa: PLC0415 - its libraries take memory that few servers need

    return match(connection, read_match(body))


def _extend(connection: Connection, body: bytes) -> tuple[bytes, Stamp]:
    table, stamp = extend_in_rows(connection, read_table_extension(body))
    return as_json(table), stamp
