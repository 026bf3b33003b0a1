"""Endpoints of sources."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from app.api.json_ld import respond_resource
from app.api.sources.facts import list_source_facts
from app.api.sources.parameters import SourceFactsParameters, SourcesParameters
from app.api.sources.queries import list_sources, one_source
from app.errors.reading import NotFound
from app.http.dependencies import DatabaseDependency, SourcePath
from app.http.lists.listing import PageLinks, respond_list
from app.http.negotiation import RESOURCE_FORMATS, negotiate
from app.http.openapi import LINKED_DATA, list_responses, one_responses
from app.http.parameters import ResourceParameters
from app.records.metric import Metric
from app.records.milestone import Milestone
from app.records.product import Product
from app.records.source import Source

router = APIRouter(prefix="/v1/sources", tags=["sources"])


class SourcePage(PageLinks):
    """A page of sources."""

    items: Annotated[list[Source], Field(max_length=200)]


Fact = Annotated[Milestone | Product | Metric, Field(discriminator="kind")]


class SourceFactPage(PageLinks):
    """A page of facts of all kinds. `kind` is the kind of an item."""

    items: Annotated[list[Fact], Field(max_length=200)]


@router.get("", operation_id="list_sources", summary="List sources", response_model=SourcePage, responses=list_responses())
async def get_sources(
    request: Request, database: DatabaseDependency, parameters: Annotated[SourcesParameters, Query()]
) -> Response:
    """The documents that facts cite, by title. `from` and `to` filter by date of publication."""
    return await respond_list(request, await database.as_of(parameters.as_of), list_sources(parameters), parameters)


@router.get(
    "/{source}",
    operation_id="get_source",
    summary="Get a source",
    response_model=Source,
    responses=one_responses(NotFound, other_formats=LINKED_DATA),
)
async def get_source(
    request: Request, source: SourcePath, database: DatabaseDependency, parameters: Annotated[ResourceParameters, Query()]
) -> Response:
    """One source: its authors and publisher, and the length and digest of the text that citations point into."""
    format = negotiate(request, parameters.format, RESOURCE_FORMATS)
    past_or_present = await database.as_of(parameters.as_of)
    document, stamp = await past_or_present.read(one_source, source)
    return respond_resource(request, document, stamp, format)


@router.get(
    "/{source}/facts",
    operation_id="list_source_facts",
    summary="List the facts that cite a source",
    response_model=SourceFactPage,
    responses=list_responses(NotFound),
)
async def get_source_facts(
    request: Request, source: SourcePath, database: DatabaseDependency, parameters: Annotated[SourceFactsParameters, Query()]
) -> Response:
    """Every fact that cites the source, each once, in the order of the source's text.

    Each citation gives paragraph, sentence, character offsets and digest, so that you can read along in the source.
    """
    return await respond_list(request, await database.as_of(parameters.as_of), list_source_facts(parameters, source), parameters)
