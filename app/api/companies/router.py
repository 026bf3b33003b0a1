"""Endpoints of companies, alone and with their facts."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.companies.include import facts_to_include, including, read_company_with_facts, require_json
from app.api.companies.parameters import CompaniesWithFactsParameters, CompanyParameters
from app.api.companies.profile import read_profile
from app.api.companies.queries import list_companies, one_company
from app.api.companies.schemas import CompanyPage, CompanyWithFacts, Profile
from app.api.json_ld import respond_resource
from app.errors.reading import NotFound
from app.http.dependencies import CompanyPath, DatabaseDependency
from app.http.lists.listing import respond_list
from app.http.lists.tables import negotiate_list
from app.http.negotiation import RESOURCE_FORMATS, negotiate
from app.http.openapi import LINKED_DATA, list_responses, one_responses
from app.http.parameters import ResourceParameters

router = APIRouter(prefix="/v1/companies", tags=["companies"])


@router.get("", operation_id="list_companies", summary="List companies", response_model=CompanyPage, responses=list_responses())
async def get_companies(
    request: Request, database: DatabaseDependency, parameters: Annotated[CompaniesWithFactsParameters, Query()]
) -> Response:
    """Companies, by name unless you set `sort`.

    `from` and `to` filter by the date of founding: a company founded "early in 2000" matches `to=2000-03-31`, because it may
    have been founded by then, but not with `certain=true`. `include=milestones,metrics` adds the first facts to each company.
    """
    require_json(parameters.include, negotiate_list(request, parameters), counts=parameters.counts)
    extend = including(parameters)
    listing = list_companies(parameters)._replace(models=(CompanyWithFacts,), extend=extend)
    return await respond_list(request, await database.as_of(parameters.as_of), listing, parameters)


@router.get(
    "/{company}",
    operation_id="get_company",
    summary="Get a company",
    response_model=CompanyWithFacts,
    response_model_exclude_unset=True,
    responses=one_responses(NotFound, other_formats=LINKED_DATA),
)
async def get_company(
    request: Request, company: CompanyPath, database: DatabaseDependency, parameters: Annotated[CompanyParameters, Query()]
) -> Response:
    """One company: its names, country, founding and identifiers, and the URLs of its facts.

    As JSON-LD (`Accept: application/ld+json` or `format=jsonld`) it is a schema.org Organization. The context is included.
    """
    format = negotiate(request, parameters.format, RESOURCE_FORMATS)
    require_json(parameters.include, format)
    kinds = facts_to_include(parameters.include)
    past_or_present = await database.as_of(parameters.as_of)
    if kinds:
        document, stamp = await past_or_present.scan(read_company_with_facts, company, kinds)
    else:
        document, stamp = await past_or_present.read(one_company, company)
    return respond_resource(request, document, stamp, format)


@router.get(
    "/{company}/profile",
    operation_id="get_profile",
    summary="Get a company's profile",
    response_model=Profile,
    responses=one_responses(NotFound, other_formats=LINKED_DATA),
)
async def get_profile(
    request: Request, company: CompanyPath, database: DatabaseDependency, parameters: Annotated[ResourceParameters, Query()]
) -> Response:
    """A company with all its milestones, products and metrics, their citations, and the cited sources, in one response.

    It holds at most 200 of each kind; `more` then links to the whole list. As JSON-LD it is a graph of all these resources.
    """
    format = negotiate(request, parameters.format, RESOURCE_FORMATS)
    past_or_present = await database.as_of(parameters.as_of)
    body, stamp = await past_or_present.read(read_profile, company)
    return respond_resource(request, body, stamp, format)
