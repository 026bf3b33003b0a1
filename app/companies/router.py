"""The addresses of companies."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.companies.jsonld import to_json_ld
from app.companies.queries import CompaniesParameters, list_companies, one_company
from app.companies.schemas import Company
from app.dependencies import CompanyPath, DatabaseDependency
from app.errors import NotFound
from app.formats import COMPANY_FORMATS, Format, answer, negotiate
from app.lists import PageLinks, answer_list
from app.openapi import list_responses, one_responses

router = APIRouter(prefix="/v1/companies", tags=["companies"])


class CompanyPage(PageLinks):
    """A page of companies."""

    items: Annotated[list[Company], Field(max_length=200)]


class CompanyParameters(BaseModel):
    """What the address of one company takes."""

    model_config = ConfigDict(extra="forbid")

    format: Annotated[
        Literal["json", "jsonld"] | None,
        Field(description="Format of the answer; wins over the `Accept` header.", examples=["json"]),
    ] = None


@router.get("", operation_id="list_companies", summary="List companies", response_model=CompanyPage, responses=list_responses())
async def get_companies(
    request: Request, database: DatabaseDependency, parameters: Annotated[CompaniesParameters, Query()]
) -> Response:
    """Companies, by name unless `sort` says otherwise.

    `from` and `to` are about the founding: a company founded "early in 2000" matches `to=2000-03-31`, since it may
    have been founded by then, but not with `certain=true`.
    """
    return await answer_list(request, database, list_companies(parameters), parameters)


@router.get(
    "/{company}",
    operation_id="get_company",
    summary="Get a company",
    response_model=Company,
    responses=one_responses(NotFound, other_formats={"application/ld+json": {"schema": {"type": "object"}}}),
)
async def get_company(
    request: Request, company: CompanyPath, database: DatabaseDependency, parameters: Annotated[CompanyParameters, Query()]
) -> Response:
    """One company: its names, country, founding and identifiers, and the addresses of its facts.

    As JSON-LD (`Accept: application/ld+json` or `format=jsonld`) it is a schema.org Organization.
    """
    format = negotiate(request, parameters.format, COMPANY_FORMATS)
    document, stamp = await database.read(one_company, company)
    if format is Format.JSONLD:
        return answer(request, to_json_ld(document, str(request.base_url).rstrip("/")), stamp, format)
    return answer(request, document.encode(), stamp, format)
