"""Endpoints of search and suggestions."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response

from app.api.search.parameters import SearchParameters, SuggestParameters
from app.api.search.queries import COLUMNS
from app.api.search.schemas import SearchHit, SearchPage, Suggestions
from app.api.search.service import search
from app.api.search.suggest import suggest
from app.http.dependencies import DatabaseDependency
from app.http.lists.field_selection import choose_fields, select_fields
from app.http.lists.tables import Table, negotiate_list, respond_page
from app.http.negotiation import ONE_FORMAT, Format, negotiate
from app.http.openapi import list_responses, one_responses
from app.http.responses import json_list, respond

router = APIRouter(prefix="/v1", tags=["search"])


@router.get("/search", operation_id="search", summary="Search everything", response_model=SearchPage, responses=list_responses())
async def get_search(
    request: Request, database: DatabaseDependency, parameters: Annotated[SearchParameters, Query()]
) -> Response:
    """Companies (by all their names), facts and sources that contain every word of the query, the best match first.

    Words match as prefixes and ignore case and accents; words in quotation marks must be adjacent. Each hit reports which
    field matched and where. If a word is in no name or title, the nearest word that is gets searched too, as `corrected`
    reports. If one kind of match, such as whole words in names, has more than 1,000 hits that pass the filters, only 1,000
    of them are ranked, paged and counted in `total`.
    """
    format = negotiate_list(request, parameters)
    chosen = choose_fields(parameters.fields, (SearchHit,))
    found = await search(database, request.scope["path"], parameters)
    hits = await found.hits()
    if format is not Format.JSON:
        return respond_page(request, hits, found.stamp, format, Table("search", COLUMNS, chosen, parameters), found.next)
    said = orjson.dumps({"corrected": found.corrected, "note": found.note})
    body = json_list(",".join(select_fields(hits, chosen)), found.next, found.total)[:-1] + b"," + said[1:]
    return respond(request, body, found.stamp, format, link=found.next)


@router.get(
    "/suggest", operation_id="suggest", summary="Suggest companies", response_model=Suggestions, responses=one_responses()
)
async def get_suggestions(
    request: Request, database: DatabaseDependency, parameters: Annotated[SuggestParameters, Query()]
) -> Response:
    """Up to ten companies for a search-as-you-type box: names and slugs with this prefix, then similar spellings."""
    format = negotiate(request, parameters.format, ONE_FORMAT)
    suggestions, stamp = await database.read(suggest, parameters)
    return respond(request, suggestions.model_dump_json().encode(), stamp, format)
