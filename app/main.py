"""Puts the application together: the endpoints, the layers around them in order, and what lives as long as they serve."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware import Middleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.types import ASGIApp

from app import __version__
from app.api.changes.router import router as changes
from app.api.companies.router import router as companies
from app.api.compare.router import router as compare
from app.api.editing.dataset_router import SCHEMA_PATH as DATASET_SCHEMA_PATH
from app.api.editing.dataset_router import router as datasets
from app.api.editing.openapi_schemas import add_record_schemas
from app.api.editing.router import router as record_changes
from app.api.editing.undo_router import router as undo
from app.api.facts.metrics.router import router as metrics
from app.api.facts.milestones.router import router as milestones
from app.api.facts.products.router import router as products
from app.api.health.router import router as health
from app.api.history.router import router as history
from app.api.openapi_examples import add_examples
from app.api.reconcile.draft_router import router as draft_reconciliation
from app.api.reconcile.openapi import add_reconciliation_schemas
from app.api.reconcile.router import router as reconciliation
from app.api.search.router import router as search
from app.api.sources.router import router as sources
from app.api.stats.router import router as stats
from app.api.timeline.router import router as timeline
from app.auth.access import require_reader
from app.auth.in_use import KeysInUse
from app.auth.last_used import KeyUses
from app.database.database import Database
from app.errors.writing import InsufficientScope, Unauthenticated
from app.http.error_handlers import HANDLERS, respond_to, respond_to_fault
from app.http.openapi import DESCRIPTION, TAGS, describe
from app.http.openapi_links import add_links
from app.http.openapi_problems import problem_responses
from app.http.request_body import REFUSED_BY_FRAMEWORK
from app.middleware.bodies import BodyTimeout, NoBody
from app.middleware.cache import ResponseCache
from app.middleware.closed_reads import ClosedReads
from app.middleware.compression import Compression
from app.middleware.cors import CrossOrigin
from app.middleware.head import HeadAsGet
from app.middleware.key_ends import EndsWithKey
from app.middleware.load_shedding import Load, LoadShedding
from app.middleware.private_responses import PrivateResponses
from app.middleware.problem_pages import ProblemPages
from app.middleware.proxies import BehindProxies
from app.middleware.public_urls import PublicUrls
from app.middleware.rate_limits import RateLimits, limits_rates
from app.middleware.read_fast_path import ReadFastPath
from app.middleware.refusals import Refusals
from app.middleware.request_id import RequestIdentity
from app.middleware.urls import StrictUrl
from app.operations.monitoring.observers import instrument_database, observers_of
from app.operations.monitoring.requests import ObservedRequests
from app.operations.monitoring.traces import TraceIdentity, telemetry
from app.pages.changes.router import router as changes_page
from app.pages.companies.router import router as company_pages
from app.pages.compare.router import router as compare_page
from app.pages.guide.router import router as guide
from app.pages.index import router as index
from app.pages.lists.metrics import router as metric_pages
from app.pages.lists.router import router as list_pages
from app.pages.refusals import refusal_page
from app.pages.router import router as pages
from app.pages.search.router import router as search_page
from app.pages.sources.router import router as source_pages
from app.revisions.current import current_revision
from app.settings import Settings

ROUTERS = (
    companies,
    milestones,
    products,
    metrics,
    sources,
    timeline,
    compare,
    search,
    reconciliation,
    draft_reconciliation,
    changes,
    stats,
    history,
    index,
    search_page,
    company_pages,
    source_pages,
    list_pages,
    metric_pages,
    changes_page,
    compare_page,
)
"""Reads. With PROFILES_READS_NEED_KEY they require a key."""
WRITING_ROUTERS = (record_changes, datasets, undo)
"""Writes. Each endpoint requires a key with the scope write."""
OPEN_ROUTERS = (health, pages, guide)


def lifespan_of(settings: Settings) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Opens what the application needs while it serves, above all its database connections, and closes it at the end."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.database = Database(settings, statement_seconds=settings.statement_seconds)
        app.state.health_database = Database(settings.model_copy(update={"database_pool_size": 1}))
        instrument_database(settings, app.state.database)
        app.state.key_uses = KeyUses(settings)
        app.state.keys_in_use = KeysInUse(app.state.database)
        async with current_revision(app.state.database) as app.state.current_revision:
            app.state.current_revision.known()  # creates SQLite's files now, so that reads continue if the disk fills up later
            yield
        await app.state.keys_in_use.close()
        await app.state.key_uses.close()
        await app.state.health_database.close()
        await app.state.database.close()

    return lifespan


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application, with every layer that shapes a response. Without settings it reads the environment.

    It serves every endpoint by itself: in tests, embedded in another application, or by ``fastapi dev``.
    """
    settings = settings or Settings()
    return _build(settings, [Middleware(BehindProxies, settings=settings), *outer_layers(settings), *inner_layers(settings)])


def create_served_app(settings: Settings | None = None) -> BehindProxies:
    """Build the application as the server runs it: with the read fast path, the cache, the rate limits and monitoring.

    Without settings it reads the environment. The layers of ``create_app`` are the same, but the outer ones are wrapped
    around the fast path too.
    """
    settings = settings or Settings()
    served: ASGIApp
    if settings.reads_need_key or settings.telemetry:  # keys are dependencies, and traces cover the framework's own steps
        served = app = _build(settings, [*outer_layers(settings), *inner_layers(settings)])
    else:
        app = _build(settings, inner_layers(settings))
        served = ReadFastPath(app)
        for layer, arguments, options in reversed(outer_layers(settings)):
            served = layer(served, *arguments, **options)
    uncached, cache = served, None
    if settings.cache_megabytes:
        served = cache = ResponseCache(uncached, app.state, most_bytes=settings.cache_megabytes * 1024 * 1024)
    if limits_rates(settings):
        served = RateLimits(served, uncached, app.state, settings)
    observers = observers_of(settings, cache)
    return BehindProxies(ObservedRequests(served, observers) if observers else served, settings)


def _build(settings: Settings, layers: Sequence[Middleware]) -> FastAPI:
    app = FastAPI(
        title="Company Profiles",
        summary="Company facts with their sources, as JSON.",
        description=DESCRIPTION,
        version=__version__,
        license_info={"name": "MIT", "identifier": "MIT"},
        contact={"name": "Company Profiles contributors"},
        openapi_tags=TAGS,
        servers=[{"url": "/", "description": "This server"}],
        root_path_in_servers=False,
        openapi_url=None,  # app/pages/openapi.py serves it
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan_of(settings),
        exception_handlers=dict.fromkeys(HANDLERS, respond_to),
        middleware=layers,
        max_body_size=REFUSED_BY_FRAMEWORK,
        redirect_slashes=False,
        telemetry=telemetry(wanted=settings.telemetry),
    )
    add_routers(app, closed=settings.reads_need_key)
    describe(app, add_record_schemas, add_reconciliation_schemas, add_examples, add_links)
    return app


_FAULTS = Middleware(ServerErrorMiddleware, handler=respond_to_fault)
"""Within the layers whose headers a 500 needs too."""


def open_paths() -> list[str]:
    """The paths, some with parameters, that need no key even if reads are closed. They show no data."""
    routes = [route for router in OPEN_ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    return [DATASET_SCHEMA_PATH, *(route.path for route in routes)]


def outer_layers(settings: Settings) -> list[Middleware]:
    """The layers around every response, outermost first."""
    layers = [Middleware(TraceIdentity)] if settings.telemetry else []
    layers.append(Middleware(RequestIdentity))
    if settings.cors_origins:
        layers.append(Middleware(CrossOrigin, origins=settings.cors_origins))
    load = Load(settings.concurrent_requests, settings.event_streams)
    return [
        *layers,
        Middleware(ProblemPages, page=refusal_page),
        Middleware(Refusals),
        Middleware(LoadShedding, load=load),
        Middleware(HeadAsGet),
        Middleware(Compression),
        Middleware(PublicUrls),
        *([_FAULTS, Middleware(ClosedReads, open_paths=open_paths())] if settings.reads_need_key else []),
        Middleware(StrictUrl),
    ]


def inner_layers(settings: Settings) -> list[Middleware]:
    """The layers around the framework alone, outermost first: faults, request bodies, the end of keys."""
    bodies = [Middleware(BodyTimeout, seconds=settings.client_wait_seconds), Middleware(NoBody)]
    return [_FAULTS, *bodies, Middleware(EndsWithKey), *([Middleware(PrivateResponses)] if settings.reads_need_key else [])]


def add_routers(app: FastAPI, *, closed: bool) -> None:
    """Add every endpoint. If reads are closed, those that read require a key."""
    app.state.reads_need_key = closed
    for router in ROUTERS:
        if closed:
            responses = problem_responses(Unauthenticated, InsufficientScope)
            app.include_router(router, dependencies=[require_reader], responses=responses)
        else:
            app.include_router(router)
    for router in (*WRITING_ROUTERS, *OPEN_ROUTERS):
        app.include_router(router)
