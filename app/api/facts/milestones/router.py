"""Endpoints of milestones."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from app.api.facts.milestones.parameters import CompanyMilestonesParameters, MilestonesParameters
from app.api.facts.milestones.queries import list_milestones
from app.api.facts.router import add_fact_endpoint
from app.errors.reading import NotFound
from app.http.dependencies import CompanyPath, DatabaseDependency
from app.http.lists.listing import PageLinks, respond_list
from app.http.openapi import list_responses
from app.records.milestone import Milestone

router = APIRouter(prefix="/v1", tags=["milestones"])


class MilestonePage(PageLinks):
    """A page of milestones."""

    items: Annotated[list[Milestone], Field(max_length=200)]


@router.get(
    "/milestones",
    operation_id="list_milestones",
    summary="List milestones",
    response_model=MilestonePage,
    responses=list_responses(),
)
async def get_milestones(
    request: Request, database: DatabaseDependency, parameters: Annotated[MilestonesParameters, Query()]
) -> Response:
    """Events of all companies, or of those that you filter for, oldest first.

    A fuzzy date matches `from` and `to` if it may lie between them; with `certain=true`, only if it must.
    Undated events never match a range; get them with `dated=false`.
    """
    return await respond_list(request, await database.as_of(parameters.as_of), list_milestones(parameters), parameters)


@router.get(
    "/companies/{company}/milestones",
    operation_id="list_company_milestones",
    summary="List a company's milestones",
    response_model=MilestonePage,
    responses=list_responses(NotFound),
)
async def get_company_milestones(
    request: Request,
    company: CompanyPath,
    database: DatabaseDependency,
    parameters: Annotated[CompanyMilestonesParameters, Query()],
) -> Response:
    """One company's milestones, oldest first, undated ones last."""
    return await respond_list(request, await database.as_of(parameters.as_of), list_milestones(parameters, company), parameters)


add_fact_endpoint(router, "milestone", Milestone)
