"""The addresses of the pages that people browse."""

import logging

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from sqlalchemy.exc import SQLAlchemyError

from app.http.dependencies import DatabaseDependency
from app.pages.documentation import redoc_page, swagger_page
from app.pages.front import closed_page, front_page
from app.pages.problems import problem_page, problems_page
from app.pages.queries import Overview, read_overview
from app.pages.static import DIGEST, asset_response

ROBOTS = """\
# Pages for people may be indexed. Facts are for programs, which read the API and need no crawler.
User-agent: *
Disallow: /v1/
"""

logger = logging.getLogger("app")
router = APIRouter(include_in_schema=False)


@router.get("/")
async def get_front_page(request: Request, database: DatabaseDependency) -> HTMLResponse:
    """The page answers where the database does not: it leads to the docs, which need none.

    Where reading needs a key, it shows no data.
    """
    if request.app.state.reads_need_key:
        return closed_page()
    overview: Overview | None = None
    try:
        overview = await database.scan(read_overview)
    except SQLAlchemyError as error:
        logger.warning("front page without the database: %s", type(error).__name__)
    return front_page(overview)


@router.get("/docs")
async def get_docs() -> HTMLResponse:
    return swagger_page()


@router.get("/redoc")
async def get_redoc() -> HTMLResponse:
    return redoc_page()


@router.get("/problems")
async def get_problems() -> HTMLResponse:
    return problems_page()


@router.get("/problems/{name}")
async def get_problem(name: str) -> HTMLResponse:
    return problem_page(name)


@router.get("/assets/{digest}/{name}")
async def get_asset(request: Request, digest: str, name: str) -> Response:
    return await asset_response(request, digest, name)


@router.get("/favicon.ico")
async def get_icon(request: Request) -> Response:
    """Browsers ask for it beside answers that have no page. They take any kind of image."""
    response = await asset_response(request, DIGEST, "favicon.svg")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@router.get("/robots.txt")
async def get_robots() -> PlainTextResponse:
    return PlainTextResponse(ROBOTS, headers={"Cache-Control": "no-cache"})
