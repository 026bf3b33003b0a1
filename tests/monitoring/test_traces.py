"""OpenTelemetry: what spans a request makes where an SDK is set up, received by that SDK's own exporter in memory."""

import logging
from collections.abc import Iterator, Sequence

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from app.settings import Settings
from tests.databases import Databases, settings_for
from tests.monitoring.reading import at_least
from tests.server import running_server

TRACE, PARENT = 0x0AF7651916CD43DD8448EB211C80319C, 0xB7AD6B7169203331
TRACEPARENT = {"traceparent": f"00-{TRACE:032x}-{PARENT:016x}-01"}
ADDRESS = "/v1/companies/baidu"


@pytest.fixture(scope="session")
def exporter() -> InMemorySpanExporter:
    """One for the process: OpenTelemetry lets nobody replace the provider of spans."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return exporter


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> Iterator[InMemorySpanExporter]:
    exporter.clear()
    yield exporter
    exporter.clear()


@pytest.fixture(scope="module")
def traced_settings(databases: Databases) -> Settings:
    return settings_for(databases.copy(databases.seeded)).model_copy(update={"telemetry": True})


def of_requests(spans: InMemorySpanExporter) -> list[ReadableSpan]:
    return [span for span in spans.get_finished_spans() if span.kind is SpanKind.SERVER]


def reported(span: ReadableSpan) -> Sequence[object]:
    attributes = span.attributes or {}
    names = ("http.request.method", "http.route", "http.response.status_code", "url.path")
    return span.name, *(attributes.get(name) for name in names)


def test_a_request_makes_a_span_with_route_and_status_below_that_of_the_client(
    spans: InMemorySpanExporter, traced_settings: Settings
) -> None:
    with running_server(traced_settings) as server:
        httpx.get(f"{server.url}{ADDRESS}", headers=TRACEPARENT)
        (span,) = at_least(lambda: of_requests(spans), 1)

    assert reported(span) == ("GET /v1/companies/{company}", "GET", "/v1/companies/{company}", 200, ADDRESS)
    assert span.parent is not None
    assert (span.parent.trace_id, span.parent.span_id, span.parent.is_remote) == (TRACE, PARENT, True)
    assert span.context is not None
    assert span.context.trace_id == TRACE
    inner = [span for span in spans.get_finished_spans() if span.kind is SpanKind.INTERNAL]
    assert {span.context.trace_id for span in inner if span.context} == {TRACE}


@pytest.mark.parametrize("headers", [{}, TRACEPARENT])
def test_a_response_from_the_cache_makes_the_same_span(
    spans: InMemorySpanExporter, traced_settings: Settings, headers: dict[str, str]
) -> None:
    with running_server(traced_settings) as server:
        for _ in range(2):
            httpx.get(f"{server.url}{ADDRESS}", headers=headers)
        missed, hit = at_least(lambda: of_requests(spans), 2)

    assert reported(missed) == reported(hit)
    assert hit.parent == missed.parent
    assert (hit.attributes or {})["profiles.cache"] == "hit"
    assert hit.start_time is not None
    assert hit.end_time is not None
    assert hit.end_time > hit.start_time


def test_a_fault_of_the_server_is_an_error_and_one_of_the_client_is_not(
    spans: InMemorySpanExporter, traced_settings: Settings, databases: Databases
) -> None:
    unmigrated = traced_settings.model_copy(update={"database_url": settings_for(databases.blank("none")).database_url})
    with running_server(traced_settings) as server, running_server(unmigrated) as broken:
        httpx.get(f"{server.url}/v1/companies/nobody")
        httpx.get(f"{broken.url}/health/ready")
        missing, failed = at_least(lambda: of_requests(spans), 2)

    assert missing.status.status_code is StatusCode.UNSET
    assert failed.status.status_code is StatusCode.ERROR


def test_the_log_names_the_trace_that_a_request_began(
    spans: InMemorySpanExporter, traced_settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.INFO, logger="app.access"),
        running_server(traced_settings.model_copy(update={"log_level": "info"})) as server,
    ):
        for _ in range(2):
            httpx.get(f"{server.url}{ADDRESS}")
        made = at_least(lambda: of_requests(spans), 2)
        records = at_least(lambda: [record for record in caplog.records if record.name == "app.access"], 2)

    assert [vars(record)["cache"] for record in records] == ["miss", "hit"]
    assert [vars(record)["trace_id"] for record in records] == [f"{span.context.trace_id:032x}" for span in made if span.context]


def test_without_the_setting_nothing_is_made(spans: InMemorySpanExporter, traced_settings: Settings) -> None:
    with running_server(traced_settings.model_copy(update={"telemetry": False})) as server:
        for _ in range(2):
            assert httpx.get(f"{server.url}{ADDRESS}", headers=TRACEPARENT).status_code == 200

    assert spans.get_finished_spans() == ()
