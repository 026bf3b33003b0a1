"""The pages of companies and of their facts."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.json_ld import to_json_ld
from app.http.dependencies import FACT_SLUGS, CompanyPath, DatabaseDependency
from app.pages.citations import Endnotes
from app.pages.companies.reading import CompanyRead, Fact, FactRead, read_company_page, read_fact_page
from app.pages.companies.view import CompanyView, Order
from app.pages.layout import data_page
from app.pages.parameters import PageParameters
from app.pages.references import Reference
from app.pages.sources.marks import Context, context_of
from app.records.fact import Citation
from app.records.metric import Metric
from app.records.milestone import Milestone
from app.records.passages import segment
from app.values.dates import FactDate
from app.values.resources import FACT_KINDS, PLURALS, FactKind

router = APIRouter(include_in_schema=False)

_LONGEST_DESCRIPTION = 200


class CompanyPageParameters(PageParameters):
    """Parameters of the page of a company: the order of its timeline."""

    sort: Order = "date"


@router.get("/companies/{company}")
async def get_company_page(
    request: Request, company: CompanyPath, database: DatabaseDependency, parameters: Annotated[CompanyPageParameters, Query()]
) -> Response:
    """Everything about a company, each value beside the passage that it comes from."""
    past_or_present = await database.as_of(parameters.as_of)
    return _company_page(request, await past_or_present.read(read_company_page, company), parameters)


def _company_page(request: Request, found: CompanyRead, parameters: CompanyPageParameters) -> Response:
    company = found.profile.company
    reference = Reference.of(request, company.slug, company.name, found.stamp.revision)
    linked_data = to_json_ld(company.model_dump_json(), str(request.base_url).rstrip("/")).decode()
    return data_page(
        request,
        "company.html",
        company.name,
        found.stamp,
        link=reference.link,
        description=_beginning_of(company.summary) or f"What sources say about {company.name}, with the passages.",
        json_url=f"{company.profile_url}{parameters.query}",
        view=CompanyView(found, parameters.sort),
        company=company,
        endnotes=Endnotes(found.profile.sources.items),
        reference=reference,
        parameters=parameters,
        linked_data=linked_data.replace("<", "\\u003c"),
    )


def _beginning_of(text: str | None) -> str | None:
    """A text cut at a word for a preview."""
    if text is None or len(text) <= _LONGEST_DESCRIPTION:
        return text
    return f"{text[:_LONGEST_DESCRIPTION].rpartition(' ')[0] or text[:_LONGEST_DESCRIPTION]} …"


def _add_fact_page(kind: FactKind) -> None:
    @router.get(f"/companies/{{company}}/{PLURALS[kind]}/{{slug}}")
    async def get_fact_page(
        request: Request,
        company: CompanyPath,
        slug: Annotated[str, FACT_SLUGS[kind]],
        database: DatabaseDependency,
        parameters: Annotated[PageParameters, Query()],
    ) -> Response:
        past_or_present = await database.as_of(parameters.as_of)
        return _fact_page(request, await past_or_present.read(read_fact_page, kind, company, slug), parameters)


for _kind in FACT_KINDS:
    _add_fact_page(_kind)


def _fact_page(request: Request, found: FactRead, parameters: PageParameters) -> Response:
    fact = found.fact
    title = fact.title if isinstance(fact, Milestone) else fact.name
    reference = Reference.of(request, f"{fact.company}-{fact.slug}", f"{found.company.name}: {title}", found.stamp.revision)
    return data_page(
        request,
        "fact.html",
        f"{title} · {found.company.name}",
        found.stamp,
        link=reference.link,
        description=f"{title}: what a source says about {found.company.name}, and where.",
        json_url=f"{fact.url}{parameters.query}",
        fact=fact,
        fact_title=title,
        date=_date_of(fact),
        company=found.company,
        history=found.history,
        others=found.others,
        endnotes=Endnotes(found.sources),
        context=_contexts(found),
        reference=reference,
        parameters=parameters,
        patch=fact.model_dump_json(include=_CORRECTED[fact.kind], indent=2),
    )


def _contexts(found: FactRead) -> Callable[[Citation], Context | None]:
    """A function that returns what stands around a quote; None if the server does not hold the text that it is from."""
    sources = (source for source in found.sources if source.slug in found.texts)
    held = {one.slug: list(segment(found.texts[one.slug], one.body_start, one.language)) for one in sources}

    def context(citation: Citation) -> Context | None:
        if citation.source not in held or citation.edition is not None:
            return None
        return context_of(found.texts[citation.source], held[citation.source], citation.start, citation.end)

    return context


_CORRECTED = {
    "milestone": {"title", "description", "category", "scope", "note"},
    "product": {"name", "description", "category", "note"},
    "metric": {"value", "unit", "qualifier", "stated_as", "scope", "note"},
}
"""The fields of the example of a correction."""


def _date_of(fact: Fact) -> FactDate | None:
    if isinstance(fact, Metric):
        return fact.period
    return fact.date if isinstance(fact, Milestone) else fact.launched
