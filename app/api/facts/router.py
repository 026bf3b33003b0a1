"""The endpoint of one fact, the same for every kind."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.facts.filters import FACT_TABLES
from app.api.facts.queries import one_fact
from app.api.json_ld import respond_resource
from app.errors.reading import NotFound
from app.http.dependencies import FACT_SLUGS, CompanyPath, DatabaseDependency
from app.http.negotiation import RESOURCE_FORMATS, negotiate
from app.http.openapi import LINKED_DATA, one_responses
from app.http.parameters import ResourceParameters
from app.values.resources import PLURALS, FactKind


def add_fact_endpoint(router: APIRouter, kind: FactKind, model: type[BaseModel]) -> None:
    """Add the endpoint of one fact of this kind to the router of its kind."""

    @router.get(
        f"/companies/{{company}}/{PLURALS[kind]}/{{slug}}",
        operation_id=f"get_{kind}",
        summary=f"Get a {kind}",
        description=f"One {kind}, with its citations.",
        response_model=model,
        responses=one_responses(NotFound, other_formats=LINKED_DATA),
    )
    async def get_fact(
        request: Request,
        company: CompanyPath,
        slug: Annotated[str, FACT_SLUGS[kind]],
        database: DatabaseDependency,
        parameters: Annotated[ResourceParameters, Query()],
    ) -> Response:
        format = negotiate(request, parameters.format, RESOURCE_FORMATS)
        past_or_present = await database.as_of(parameters.as_of)
        document, stamp = await past_or_present.read(one_fact, FACT_TABLES[kind], company, slug)
        return respond_resource(request, document, stamp, format)
