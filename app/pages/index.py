"""The index of the API, for programs that start at its root."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from app import __version__
from app.http.conditional import Stamp
from app.http.negotiation import ONE_FORMAT, negotiate
from app.http.openapi import one_responses
from app.http.parameters import Parameters
from app.http.responses import respond
from app.values.text import ResourceUrl

router = APIRouter()

Page = Annotated[str, Field(max_length=100, pattern=r"^/")]


class ApiLinks(BaseModel, json_schema_serialization_defaults_required=True):
    """URLs on this server."""

    companies: Annotated[ResourceUrl, Field(examples=["/v1/companies"])] = "/v1/companies"
    milestones: Annotated[ResourceUrl, Field(examples=["/v1/milestones"])] = "/v1/milestones"
    products: Annotated[ResourceUrl, Field(examples=["/v1/products"])] = "/v1/products"
    metrics: Annotated[ResourceUrl, Field(examples=["/v1/metrics"])] = "/v1/metrics"
    sources: Annotated[ResourceUrl, Field(examples=["/v1/sources"])] = "/v1/sources"
    timeline: Annotated[ResourceUrl, Field(examples=["/v1/timeline"])] = "/v1/timeline"
    compare: Annotated[ResourceUrl, Field(examples=["/v1/compare"])] = "/v1/compare"
    search: Annotated[ResourceUrl, Field(examples=["/v1/search"])] = "/v1/search"
    suggest: Annotated[ResourceUrl, Field(examples=["/v1/suggest"])] = "/v1/suggest"
    changes: Annotated[ResourceUrl, Field(examples=["/v1/changes"])] = "/v1/changes"
    change_stream: Annotated[
        ResourceUrl, Field(description="Changes as server-sent events.", examples=["/v1/changes/stream"])
    ] = "/v1/changes/stream"
    undo: Annotated[ResourceUrl, Field(description="POST here to undo changes.", examples=["/v1/changes/undo"])] = (
        "/v1/changes/undo"
    )
    datasets: Annotated[
        ResourceUrl, Field(description="GET everything as a dataset, or POST one, here.", examples=["/v1/datasets"])
    ] = "/v1/datasets"
    dataset_schema: Annotated[ResourceUrl, Field(examples=["/v1/datasets/schema"])] = "/v1/datasets/schema"
    stats: Annotated[ResourceUrl, Field(examples=["/v1/stats"])] = "/v1/stats"
    openapi: Annotated[Page, Field(description="OpenAPI 3.1 document.", examples=["/openapi.json"])] = "/openapi.json"
    docs: Annotated[Page, Field(description="API explorer.", examples=["/docs"])] = "/docs"
    redoc: Annotated[Page, Field(description="API reference.", examples=["/redoc"])] = "/redoc"
    problems: Annotated[Page, Field(description="Explanation of each error.", examples=["/problems"])] = "/problems"


class ApiIndex(BaseModel, json_schema_serialization_defaults_required=True):
    """The name and version of this API, and its URLs."""

    name: Annotated[str, Field(max_length=100, examples=["Company Profiles"])] = "Company Profiles"
    version: Annotated[str, Field(max_length=40, examples=[__version__])] = __version__
    links: ApiLinks = ApiLinks()


_INDEX = ApiIndex().model_dump_json().encode()
_STAMP = Stamp("index", 0)
"""The index changes only with the version, which is part of every ETag."""


@router.get(
    "/v1",
    operation_id="get_index",
    summary="Get the index",
    tags=["statistics"],
    response_model=ApiIndex,
    responses=one_responses(),
)
async def get_index(request: Request, parameters: Annotated[Parameters, Query()]) -> Response:
    """The URLs of all lists and documents. Works without a database."""
    return respond(request, _INDEX, _STAMP, negotiate(request, parameters.format, ONE_FORMAT))
