"""The same endpoints as most people write them: FastAPI, SQLAlchemy's asynchronous ORM, ``selectinload``, ``response_model``.

It answers the same JSON from the same tables, through the same response models; of a page only the items. A page far in
is reached by OFFSET, names are searched with ILIKE.
"""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request
from pydantic import BaseModel
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.records.company import Company as CompanyDocument
from app.records.metric import Metric as MetricDocument
from app.records.milestone import Milestone as MilestoneDocument
from app.records.product import Product as ProductDocument
from app.records.source import Source as SourceDocument
from tests.bench.endpoints import PAGE
from tests.bench.rivals.fact_tables import Metric, Milestone, Product
from tests.bench.rivals.tables import Citation, Company, Source


class Companies(BaseModel):
    """A page of companies."""

    items: list[CompanyDocument]


class Milestones(BaseModel):
    items: list[MilestoneDocument]


class Products(BaseModel):
    items: list[ProductDocument]


class Metrics(BaseModel):
    items: list[MetricDocument]


class Sources(BaseModel):
    items: list[SourceDocument]


class Profile(BaseModel):
    """A company with all its facts."""

    company: CompanyDocument
    milestones: Milestones
    products: Products
    metrics: Metrics
    sources: Sources


class Found(BaseModel):
    """A company that was searched for."""

    url: str
    name: str
    similar: bool = False


class FoundCompanies(BaseModel):
    items: list[Found]


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    async with request.app.state.sessions() as session:
        yield session


Session = Annotated[AsyncSession, Depends(get_session)]
_OF_COMPANY: tuple[ORMOption, ...] = (
    selectinload(Company.recorded),
    selectinload(Company.other_names),
    selectinload(Company.identifiers),
    selectinload(Company.citations).selectinload(Citation.cited),
)
_OF_FACTS: tuple[ORMOption, ...] = tuple(
    option
    for facts, table in ((Company.milestones, Milestone), (Company.products, Product), (Company.metrics, Metric))
    for option in (
        selectinload(facts).selectinload(table.recorded),
        selectinload(facts).selectinload(table.citations).selectinload(Citation.cited),
    )
)
_OF_SOURCES: ORMOption = selectinload(Company.citations).selectinload(Citation.cited).selectinload(Source.recorded)


async def list_companies(
    session: Session, country: str | None = None, to: date | None = None, limit: int = PAGE, offset: int = 0
) -> dict[str, Any]:
    statement: Select[Company] = select(Company).options(*_OF_COMPANY)
    if country is not None:
        statement = statement.where(Company.country == country)
    if to is not None:
        statement = statement.where(Company.earliest <= to)
    found = await session.scalars(statement.order_by(Company.name_key, Company.id).limit(limit).offset(offset))
    return {"items": found.all()}


async def get_company(session: Session, company: str) -> Company:
    return await _one(session, company, *_OF_COMPANY)


async def get_profile(session: Session, company: str) -> dict[str, Any]:
    found = await _one(session, company, *_OF_COMPANY, *_OF_FACTS, _OF_SOURCES)
    facts = [*found.milestones, *found.products, *found.metrics]
    citations = [*found.citations, *(citation for fact in facts for citation in fact.citations)]
    sources = {citation.cited.slug: citation.cited for citation in citations}
    return {
        "company": found,
        "milestones": {"items": found.milestones},
        "products": {"items": found.products},
        "metrics": {"items": found.metrics},
        "sources": {"items": [sources[slug] for slug in sorted(sources)]},
    }


async def _one(session: AsyncSession, company: str, *options: ORMOption) -> Company:
    found = await session.scalar(select(Company).where(Company.slug == company).options(*options))
    if found is None:
        raise HTTPException(404)
    return found


async def search(session: Session, q: str) -> dict[str, Any]:
    return await _find(session, f"%{q}%", PAGE)


async def suggest(session: Session, q: str) -> dict[str, Any]:
    return await _find(session, f"{q}%", 10)


async def _find(session: AsyncSession, pattern: str, limit: int) -> dict[str, Any]:
    statement = select(Company).where(Company.name.ilike(pattern)).order_by(func.lower(Company.name), Company.id).limit(limit)
    return {"items": (await session.scalars(statement)).all()}


def create_app(database_url: str) -> FastAPI:
    """Reads the tables of a database of this API's."""
    drivers = (("sqlite:", "sqlite+aiosqlite:"), ("postgresql:", "postgresql+psycopg:"))
    for plain, driven in drivers:
        database_url = database_url.replace(plain, driven, 1) if database_url.startswith(plain) else database_url
    app = FastAPI()
    app.state.sessions = async_sessionmaker(create_async_engine(database_url), expire_on_commit=False)
    app.get("/v1/companies", response_model=Companies)(list_companies)
    app.get("/v1/companies/{company}", response_model=CompanyDocument)(get_company)
    app.get("/v1/companies/{company}/profile", response_model=Profile)(get_profile)
    app.get("/v1/search", response_model=FoundCompanies)(search)
    app.get("/v1/suggest", response_model=FoundCompanies)(suggest)
    return app
