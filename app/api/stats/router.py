"""Endpoint of the statistics."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.stats.queries import read_stats
from app.api.stats.schemas import Stats
from app.http.dependencies import DatabaseDependency
from app.http.negotiation import ONE_FORMAT, negotiate
from app.http.openapi import one_responses
from app.http.parameters import Parameters
from app.http.responses import respond

router = APIRouter(prefix="/v1/stats", tags=["statistics"])


@router.get("", operation_id="get_stats", summary="Get statistics", response_model=Stats, responses=one_responses())
async def get_stats(request: Request, database: DatabaseDependency, parameters: Annotated[Parameters, Query()]) -> Response:
    """The number of resources of each kind, the newest revision, and the values that filters accept.

    `shared_identifiers` lists what an editor should look at: companies with one identifier may be one company.
    """
    format = negotiate(request, parameters.format, ONE_FORMAT)
    stats, stamp = await database.scan(read_stats)
    return respond(request, stats.model_dump_json().encode(), stamp, format)
