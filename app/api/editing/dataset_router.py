"""The endpoints of datasets: loading one over HTTP, exporting everything as one, and the schema of the format."""

import json
import tempfile
from functools import cache
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response

from app.api.editing.changes import respond_result
from app.api.editing.dataset_export import ExportParameters, respond_export
from app.api.editing.dataset_upload import IN_MEMORY, DatasetParameters, LoadResult, format_of, load_body, receive
from app.api.editing.openapi import dataset_body, export_responses, load_responses, schema_responses
from app.auth.access import WriterDependency
from app.datasets.json_schema import dataset_schema
from app.http.conditional import Stamp
from app.http.dependencies import DatabaseDependency
from app.http.negotiation import ONE_FORMAT, negotiate
from app.http.parameters import Parameters
from app.http.responses import respond

router = APIRouter(prefix="/v1/datasets", tags=["datasets"])
SCHEMA_PATH = "/v1/datasets/schema"

_STAMP = Stamp("dataset-schema", 0)
"""The schema changes only with the version, which every ETag names."""


@router.post(
    "",
    operation_id="load_dataset",
    summary="Load a dataset",
    response_model=LoadResult,
    responses=load_responses(),
    openapi_extra=dataset_body(),
)
async def post_dataset(
    request: Request,
    database: DatabaseDependency,
    actor: WriterDependency,
    parameters: Annotated[DatasetParameters, Query()],
) -> Response:
    """Load a dataset, all of it or nothing: create what is new, update what differs, leave everything else as it is.

    A dataset holds sources, companies and facts as YAML, JSON or NDJSON; `Content-Type` names the format. Resources are
    matched by slug, so loading the same dataset again changes nothing. `dry_run=true` lists the changes without making them.
    `prune=true` deletes every resource that the dataset does not contain. Errors name the line and the field.
    """
    format = format_of(request)
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
        await receive(request, file, format)
        result = await to_thread.run_sync(load_body, database, file, format, parameters, actor.name)
    return respond_result(result, result.newest, dry_run=parameters.dry_run)


@router.get(
    "",
    operation_id="export_dataset",
    summary="Export the dataset",
    response_class=Response,
    responses=export_responses(),
)
async def get_dataset(
    request: Request,
    database: DatabaseDependency,
    _actor: WriterDependency,
    parameters: Annotated[ExportParameters, Query()],
) -> Response:
    """Everything as one dataset, in YAML or NDJSON: loading it gives the same content.

    This requires a key that may write, because a dataset contains the texts of sources, which nothing else under `/v1` returns.
    It is read in one snapshot while it is sent.
    """
    return await respond_export(request, database, parameters)


@router.get(
    "/schema",
    operation_id="get_dataset_schema",
    summary="Get the schema of datasets",
    response_class=Response,
    responses=schema_responses(),
)
async def get_dataset_schema(request: Request, parameters: Annotated[Parameters, Query()]) -> Response:
    """The format of YAML and JSON datasets as a JSON Schema (2020-12), for completion and validation in your editor.

    In the first line of a YAML file, write `# yaml-language-server: $schema=` followed by the URL of this endpoint.
    """
    return respond(request, _schema(), _STAMP, negotiate(request, parameters.format, ONE_FORMAT))


@cache
def _schema() -> bytes:
    """Built on first use, so that the server starts faster."""
    return json.dumps(dataset_schema(), ensure_ascii=False, separators=(",", ":")).encode()
