"""The address of the facts that are read from a source."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from app.api.sources.facts import SourceFactsParameters, list_source_facts
from app.errors.reading import NotFound
from app.http.dependencies import DatabaseDependency, SourcePath
from app.http.lists.listing import PageLinks, answer_list
from app.http.openapi import list_responses
from app.records.metric import Metric
from app.records.milestone import Milestone
from app.records.product import Product

router = APIRouter(prefix="/v1/sources", tags=["sources"])

Fact = Annotated[Milestone | Product | Metric, Field(discriminator="kind")]


class SourceFactPage(PageLinks):
    """A page of facts of all kinds. `kind` tells which one an item is."""

    items: Annotated[list[Fact], Field(max_length=200)]


@router.get(
    "/{source}/facts",
    operation_id="list_source_facts",
    summary="List the facts read from a source",
    response_model=SourceFactPage,
    responses=list_responses(NotFound),
)
async def get_source_facts(
    request: Request, source: SourcePath, database: DatabaseDependency, parameters: Annotated[SourceFactsParameters, Query()]
) -> Response:
    """Every fact that cites the source, each once, in the order in which the source tells them.

    Read the source beside it: each citation gives paragraph, sentence, characters and digest.
    """
    return await answer_list(request, await database.as_of(parameters.as_of), list_source_facts(parameters, source), parameters)
