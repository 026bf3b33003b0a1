"""The pages for people."""

import logging
from collections.abc import Callable
from typing import TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from app.database.database import Database
from app.http.dependencies import DatabaseDependency
from app.http.in_time import in_time
from app.pages.developers import developers_page
from app.pages.documentation import redoc_page, swagger_page
from app.pages.front import closed_page, front_page, read_front
from app.pages.openapi import OPENAPI_PATH, openapi_document
from app.pages.problems import problem_page, problems_page
from app.pages.queries import read_overview
from app.pages.static import DIGEST, asset_response

_READ_SECONDS = 2.0
"""How long a page that works without the database waits for what it shows of the data."""
ROBOTS = """\
# Pages for people may be indexed. Programs read facts from the API, without a crawler.
User-agent: *
Disallow: /v1/
"""

T = TypeVar("T")

logger = logging.getLogger("app")
router = APIRouter(include_in_schema=False)


@router.get("/")
async def get_front_page(request: Request, database: DatabaseDependency) -> Response:
    """The front page. It works without the database, because the docs that it links to do.

    If reading requires a key, it shows no data.
    """
    if request.app.state.reads_need_key:
        return closed_page(request)
    return front_page(request, await _if_available(database, read_front))


@router.get("/developers")
async def get_developers_page(request: Request, database: DatabaseDependency) -> Response:
    """Examples of requests. Like the front page, it works without the database, and shows no data if reading requires a key."""
    if request.app.state.reads_need_key:
        return closed_page(request)
    return developers_page(request, await _if_available(database, read_overview))


async def _if_available(database: Database, read: Callable[[Connection], T]) -> T | None:
    """What is read of the database; None if it is unavailable or slow."""
    try:
        return await in_time(database.scan(read), _READ_SECONDS)
    except (SQLAlchemyError, TimeoutError) as error:
        logger.warning("page without the database: %s", type(error).__name__)
        return None


router.get(OPENAPI_PATH)(openapi_document)
router.get("/docs")(swagger_page)
router.get("/redoc")(redoc_page)
router.get("/problems")(problems_page)
router.get("/problems/{name}")(problem_page)
router.get("/assets/{digest}/{name}")(asset_response)


@router.get("/favicon.ico")
async def get_icon(request: Request) -> Response:
    """Browsers request it with responses that are not HTML. They accept any image format."""
    response = await asset_response(request, DIGEST, "favicon.svg")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@router.get("/robots.txt")
async def get_robots() -> PlainTextResponse:
    return PlainTextResponse(ROBOTS, headers={"Cache-Control": "no-cache"})
