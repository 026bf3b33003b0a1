"""The application factory: lifespan, routers, handlers, and nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware

from app import __version__
from app.compare.router import router as compare
from app.db import Database
from app.error_handlers import HANDLERS
from app.examples import add_examples
from app.health.router import router as health
from app.metrics.router import router as metrics
from app.middleware import EncodedEtag, HeadAsGet, RequestIdentity, StrictAddress
from app.milestones.router import router as milestones
from app.openapi import DESCRIPTION, TAGS, describe
from app.pages.router import router as pages
from app.products.router import router as products
from app.profiles.router import router as companies
from app.reconcile.router import router as reconciliation
from app.search.router import router as search
from app.settings import Settings
from app.source_facts.router import router as source_facts
from app.sources.router import router as sources
from app.stats.router import router as stats
from app.timeline.router import router as timeline

LARGEST_BODY = 65_536
"""Bytes. An endpoint that takes more says so itself."""

ROUTERS = (
    companies,
    milestones,
    products,
    metrics,
    sources,
    source_facts,
    timeline,
    compare,
    search,
    reconciliation,
    stats,
    health,
    pages,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application. Without settings it reads them from the environment, as a server's worker does."""
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.database = Database(settings)
        yield
        await app.state.database.close()

    app = FastAPI(
        title="Company Profiles",
        summary="Company facts with their sources, as JSON.",
        description=DESCRIPTION,
        version=__version__,
        license_info={"name": "MIT", "identifier": "MIT"},
        contact={"name": "Company Profiles contributors"},
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        exception_handlers=HANDLERS,
        max_body_size=LARGEST_BODY,
        redirect_slashes=False,
    )
    for router in ROUTERS:
        app.include_router(router)
    describe(app, add_examples)
    add_middleware(app, settings)
    return app


def add_middleware(app: FastAPI, settings: Settings) -> None:
    """What surrounds every request, from the innermost out."""
    app.add_middleware(StrictAddress)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(EncodedEtag)
    app.add_middleware(HeadAsGet)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "HEAD", "POST"],
            allow_headers=["If-None-Match"],
            expose_headers=["ETag", "Link", "X-Request-ID"],
        )
    app.add_middleware(RequestIdentity)
