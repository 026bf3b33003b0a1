"""The read fast path: used where possible, with the same responses as the framework's way."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Annotated
from urllib.parse import quote

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.routing import iter_route_contexts
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from starlette.types import ASGIApp

from app.api.facts.metrics.parameters import MetricsParameters
from app.http.dependencies import CompanyPath, DatabaseDependency
from app.http.lists.listing import DocumentStream
from app.http.parameters import ResourceParameters
from app.main import create_app, create_served_app
from app.middleware.read_fast_path import ReadFastPath
from app.middleware.request_id import API_POLICY
from app.settings import Settings
from tests.databases import Databases, settings_for
from tests.server import running_server

FRAMEWORKS_OWN = {"/v1", "/v1/changes", "/v1/changes/stream", "/v1/datasets", "/v1/datasets/schema"}
"""Reads whose response the framework makes, or whose endpoint takes other arguments."""


class NoDatabase:
    """The database of endpoints that only echo."""

    has_replicas = False


def echoing(*, directly: bool) -> ASGIApp:
    app = FastAPI()
    app.state.database = NoDatabase()
    router = APIRouter()

    def echo(request: Request, parameters: BaseModel, part: str = "") -> Response:
        given = f"{request.url.path} {part!r} {parameters!r} {sorted(parameters.model_fields_set)}"
        return Response(given)

    @router.get("/list")
    async def get_list(
        request: Request, database: DatabaseDependency, parameters: Annotated[MetricsParameters, Query()]
    ) -> Response:
        assert isinstance(database, NoDatabase)
        return echo(request, parameters)

    @router.get("/one/{company}")
    async def get_one(
        request: Request, company: CompanyPath, database: DatabaseDependency, parameters: Annotated[ResourceParameters, Query()]
    ) -> Response:
        assert isinstance(database, NoDatabase)
        return echo(request, parameters, company)

    app.include_router(router)
    return ReadFastPath(app) if directly else app


def both_ways(address: str) -> list[tuple[int, str]]:
    async def ask(app: ASGIApp) -> tuple[int, str]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            response = await client.get(address)
            return response.status_code, response.text

    return [asyncio.run(ask(app)) for app in APPS]


APPS = [echoing(directly=False), echoing(directly=True)]
NAMES = st.sampled_from(
    ["from", "from_", "to", "limit", "total", "certain", "company", "country", "metric", "minimum", "sort", "as_of", "x", ""]
)
VALUES = st.sampled_from(
    ["2012-01-01", "1", "true", "", "baidu", "CN", "revenue", "-5e3", "metric", "64", "nonsense", " "]
) | st.text(max_size=8)
QUERIES = st.lists(st.tuples(NAMES, VALUES), max_size=5)


def written(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{quote(name)}={quote(value, errors='ignore')}" for name, value in pairs)


@given(QUERIES)
def test_the_query_of_a_list_is_read_as_by_the_framework(query: list[tuple[str, str]]) -> None:
    by_framework, directly = both_ways(f"/list?{written(query)}")

    assert directly == by_framework


@given(st.text(min_size=1, max_size=210).filter(lambda text: "/" not in text and text not in (".", "..")), QUERIES)
def test_a_path_parameter_is_read_as_by_the_framework(part: str, query: list[tuple[str, str]]) -> None:
    by_framework, directly = both_ways(f"/one/{quote(part, safe='', errors='ignore') or 'x'}?{written(query)}")

    assert directly == by_framework


def test_the_fast_path_supports_every_read_under_v1() -> None:
    app = create_app(settings_for("sqlite:///never-opened.db"))
    fast_path = ReadFastPath(app)
    contexts = iter_route_contexts(app.routes)
    reads = {context.path for context in contexts if context.path and "GET" in (context.methods or ())}

    left = {path for path in reads if path.startswith("/v1") and fast_path.read_at(path) is None}
    assert left == FRAMEWORKS_OWN


@pytest.mark.parametrize("address", ["/list?limit=0", "/list?x=1", "/one/%00"])
def test_the_framework_refuses_invalid_requests(address: str) -> None:
    by_framework, directly = both_ways(address)

    assert directly == by_framework
    assert directly[0] == 422


ADDRESSES = (
    "/v1/companies", "/v1/companies?limit=1&country=CN", "/v1/companies?format=csv", "/v1/companies?sort=nonsense",
    "/v1/companies?cursor=x", "/v1/companies?country=CN&country=US&total=true", "/v1/companies?limit=1&limit=2",
    "/v1/companies/baidu", "/v1/companies/nobody", "/v1/companies/baidu?as_of=2", "/v1/companies/baidu?include=milestones",
    "/v1/companies/baidu/profile", "/v1/companies/%42aidu", "/v1/companies//profile",
    "/v1/search?q=search+engine", "/v1/suggest?q=ba", "/v1/metrics?limit=2",
)  # fmt: skip
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"Accept-Encoding": "gzip"},
    {"Origin": "https://example.org"},
    {"Accept": "text/csv"},
    {"If-None-Match": "*"},
    {"Profiles-Minimum-Revision": "x"},
)


def framework_of(app: ASGIApp) -> FastAPI:
    """The framework's application within the layers and the fast path."""
    layers = [app]
    while not isinstance(app, FastAPI):
        app = getattr(app, "app")  # noqa: B009 - an ASGI application is a function to mypy
        layers.append(app)
    assert any(isinstance(layer, ReadFastPath) for layer in layers)
    return app


@pytest.fixture(scope="module")
def application(databases: Databases) -> Iterator[tuple[FastAPI, httpx.Client]]:
    """The application without a cache, and a client of it."""
    settings = settings_for(databases.copy(databases.seeded)).model_copy(update={"cache_megabytes": 0})
    with running_server(settings) as running, httpx.Client(base_url=running.url, timeout=30) as client:
        yield framework_of(running.app), client


@pytest.mark.parametrize("address", ADDRESSES)
def test_both_ways_send_the_same_headers_and_the_same_bytes(
    application: tuple[FastAPI, httpx.Client], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, client = application
    for headers in HEADERS:
        directly = reported(client, address, headers)
        with monkeypatch.context() as patch:
            patch.setattr(app, "dependency_overrides", {reported: reported})  # whatever it is: then the framework solves them all
            assert directly == reported(client, address, headers)


@pytest.mark.parametrize("create", [create_app, create_served_app])
def test_a_fault_gets_the_headers_of_every_response_once(create: Callable[[Settings], ASGIApp]) -> None:
    app = create(settings_for("sqlite:///never-opened.db").model_copy(update={"cache_megabytes": 0}))

    async def fail() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # not started, so it has no database to use
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get("/v1/companies", headers={"Origin": "https://front-end.example"})

    response = asyncio.run(fail())
    assert response.status_code == 500
    (request_id,) = response.headers.get_list("X-Request-ID")
    assert response.json()["instance"] == f"urn:uuid:{request_id}"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["content-security-policy"] == API_POLICY


def test_head_of_a_whole_list_reads_none_of_it(
    application: tuple[FastAPI, httpx.Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[DocumentStream] = []
    documents = DocumentStream.__iter__

    def watched(stream: DocumentStream) -> Iterator[str]:
        read.append(stream)
        return documents(stream)

    monkeypatch.setattr(DocumentStream, "__iter__", watched)
    _, client = application

    assert client.head("/v1/companies?format=csv").status_code == 200
    assert client.get("/v1/sources?limit=1").status_code == 200
    assert read == []
    assert client.get("/v1/companies?format=csv").status_code == 200
    assert len(read) == 1


def reported(client: httpx.Client, address: str, headers: dict[str, str]) -> list[object]:
    """What GET and HEAD return, except what differs each time."""
    received = [client.request(method, address, headers={"Accept-Encoding": "identity", **headers}) for method in ("GET", "HEAD")]
    return [
        (
            answer.status_code,
            sorted((name, value) for name, value in answer.headers.multi_items() if name not in ("date", "x-request-id")),
            answer.text.replace(answer.headers["x-request-id"], ""),
        )
        for answer in received
    ]
