"""The addresses of profiles."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.dependencies import CompanyPath, DatabaseDependency
from app.errors import NotFound
from app.formats import ONE_FORMAT, answer, negotiate
from app.openapi import one_responses
from app.parameters import Parameters
from app.profiles.queries import read_profile
from app.profiles.schemas import Profile

router = APIRouter(prefix="/v1/companies", tags=["companies"])


@router.get(
    "/{company}/profile",
    operation_id="get_profile",
    summary="Get a company's profile",
    response_model=Profile,
    responses=one_responses(NotFound),
)
async def get_profile(
    request: Request, company: CompanyPath, database: DatabaseDependency, parameters: Annotated[Parameters, Query()]
) -> Response:
    """The company with all its milestones, products and metrics, their citations, and the sources cited, in one answer.

    Of each kind it holds at most 200; `more` is then the address of the whole list.
    """
    format = negotiate(request, parameters.format, ONE_FORMAT)
    body, stamp = await database.read(read_profile, company)
    return answer(request, body, stamp, format)
