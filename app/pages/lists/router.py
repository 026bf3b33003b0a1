"""The pages that list companies and sources."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from app.api.companies.include import with_counts
from app.api.companies.queries import list_companies
from app.api.companies.schemas import CompanyWithFacts
from app.api.sources.queries import list_sources
from app.http.dependencies import DatabaseDependency
from app.http.lists.listing import read_listing
from app.http.lists.pages import Page
from app.pages.layout import LIST_STYLES, data_page
from app.pages.lists.parameters import CompaniesPageParameters, SourcesPageParameters
from app.records.source import Source

router = APIRouter(include_in_schema=False)


@router.get("/companies")
async def get_companies_page(
    request: Request, database: DatabaseDependency, parameters: Annotated[CompaniesPageParameters, Query()]
) -> Response:
    """Companies with how much there is of each."""
    page = await database.scan(_read_companies, parameters)
    return data_page(
        request,
        "companies.html",
        "Companies",
        page.stamp,
        styles=LIST_STYLES,
        description="Companies, and how many facts and sources there are of each.",
        json_url=parameters.url("/v1/companies", counts="true"),
        parameters=parameters,
        companies=[CompanyWithFacts.model_validate_json(document) for document in page.documents],
        next_url=_next_url(parameters, "/companies", page),
    )


def _read_companies(connection: Connection, parameters: CompaniesPageParameters) -> Page:
    wanted = parameters.of_list()
    listing = list_companies(wanted)._replace(extend=with_counts)
    return read_listing(connection, listing, wanted, "/v1/companies")


@router.get("/sources")
async def get_sources_page(
    request: Request, database: DatabaseDependency, parameters: Annotated[SourcesPageParameters, Query()]
) -> Response:
    """The documents that facts cite."""
    wanted = parameters.of_list()
    page = await database.read(read_listing, list_sources(wanted), wanted, "/v1/sources")
    return data_page(
        request,
        "sources.html",
        "Sources",
        page.stamp,
        styles=LIST_STYLES,
        description="The articles, reports and pages that facts about companies rest on.",
        json_url=parameters.url("/v1/sources"),
        parameters=parameters,
        sources=[Source.model_validate_json(document) for document in page.documents],
        next_url=_next_url(parameters, "/sources", page),
    )


def _next_url(parameters: CompaniesPageParameters | SourcesPageParameters, path: str, page: Page) -> str | None:
    return parameters.url(path, cursor=page.next_cursor) if page.next_cursor else None
