"""The page of search results."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from app.api.search.parameters import SearchParameters
from app.api.search.schemas import SearchHit
from app.api.search.service import search
from app.http.dependencies import DatabaseDependency
from app.http.responses import url_of
from app.pages.layout import data_page
from app.values.text import Printable

router = APIRouter(include_in_schema=False)


class SearchPageParameters(SearchParameters):
    """What the search form sends: its field may be empty."""

    q: Annotated[Printable, Field(max_length=1000)] = ""


@router.get("/search")
async def get_search_page(
    request: Request, database: DatabaseDependency, parameters: Annotated[SearchPageParameters, Query()]
) -> Response:
    """What the search finds, with what matched marked."""
    found = await search(database, request.scope["path"], parameters)
    return data_page(
        request,
        "search.html",
        f"{parameters.q} · Search" if parameters.q else "Search",
        found.stamp,
        query=parameters.q,
        json_url=url_of("/v1/search", [("q", parameters.q)]),
        hits=[SearchHit.model_validate_json(hit) for hit in await found.hits()],
        found=found,
    )
