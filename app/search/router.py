"""The addresses of search and suggestions."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.dependencies import DatabaseDependency
from app.formats import LIST_FORMATS, ONE_FORMAT, Format, answer, csv_lines, ndjson_lines, negotiate
from app.openapi import list_responses, one_responses
from app.search.answering import search
from app.search.queries import SearchParameters
from app.search.schemas import SearchPage, Suggestions
from app.search.suggestions import SuggestParameters, suggest

router = APIRouter(prefix="/v1", tags=["search"])

COLUMNS = ("kind", "title", "company", "url", "match.field", "match.text", "citations")


@router.get("/search", operation_id="search", summary="Search everything", response_model=SearchPage, responses=list_responses())
async def get_search(
    request: Request, database: DatabaseDependency, parameters: Annotated[SearchParameters, Query()]
) -> Response:
    """Companies by all their names, facts and sources in which every word of the query occurs, the best first.

    A word matches by its beginning, whatever its case and accents; words in quotation marks must follow each other.
    Each hit says which field matched and where. Where nothing matches, misspelt words are put right, and `corrected`
    says what was searched instead.
    """
    format = negotiate(request, parameters.format, LIST_FORMATS)
    found = await database.scan(search, request.url.path, parameters)
    if format is Format.JSON:
        return answer(request, found.page.model_dump_json(exclude_unset=True).encode(), found.stamp, format, link=found.page.next)
    lines = [hit.model_dump_json() for hit in found.page.items]
    body = b"".join(csv_lines(lines, COLUMNS) if format is Format.CSV else ndjson_lines(lines))
    return answer(request, body, found.stamp, format, link=found.page.next)


@router.get(
    "/suggest", operation_id="suggest", summary="Suggest companies", response_model=Suggestions, responses=one_responses()
)
async def get_suggestions(
    request: Request, database: DatabaseDependency, parameters: Annotated[SuggestParameters, Query()]
) -> Response:
    """Up to ten companies for an as-you-type box: names and slugs that start so, then those that are spelt nearly so."""
    format = negotiate(request, parameters.format, ONE_FORMAT)
    suggestions, stamp = await database.read(suggest, parameters)
    return answer(request, suggestions.model_dump_json().encode(), stamp, format)
